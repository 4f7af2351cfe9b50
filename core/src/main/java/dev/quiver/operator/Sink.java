package dev.quiver.operator;

import dev.quiver.expression.Expression;
import dev.quiver.expression.Named;
import dev.quiver.schema.Schema;
import java.util.List;

/// What becomes of the chunks at a pipeline's end: the task's output.
///
/// Outputs are cut in `buckets()` slices; a reader with a Shuffle dependency reads one slice of
/// every partition, one with a Regions or FanOut dependency those that it names, all other readers
/// read all slices in order. Bucket numbers of exchanges and aggregations come from the hash of key
/// values, never from codes, cores or workers.
public sealed interface Sink {
    /// How many slices the output has.
    default int buckets() {
        return 1;
    }

    /// Keeps the chunks, in slices of neighbouring ones.
    record Collect(int buckets) implements Sink {
        /// In one slice.
        public Collect() {
            this(1);
        }
    }

    /// Spreads rows over buckets by the hash of the keys; rows keep their order inside a bucket.
    record Exchange(List<Expression> keys, int buckets) implements Sink {
        public Exchange {
            keys = List.copyOf(keys);
        }
    }

    /// Groups and aggregates.
    ///
    /// PARTIAL makes chunks of keys and states (their schema is a matter between the two phases),
    /// cut in buckets by the hash of the keys; FINAL merges such chunks, in their order, into
    /// results; SINGLE does all at once. Groups come out in the order of first appearance. Without
    /// keys, FINAL and SINGLE make exactly one row.
    ///
    /// @param keys bound to the input (for FINAL: to the PARTIAL's input)
    /// @param schema of the result: keys, then aggregates
    record Aggregate(
            Phase phase,
            List<Named> keys,
            List<NamedAggregate> aggregates,
            Schema schema,
            int buckets)
            implements Sink {
        public Aggregate {
            keys = List.copyOf(keys);
            aggregates = List.copyOf(aggregates);
        }
    }

    /// Which part of an aggregation a sink does.
    enum Phase {
        PARTIAL,
        FINAL,
        SINGLE
    }

    /// Makes the hash table that [Operator.Probe] reads; the output is an object, not chunks.
    record BuildTable(List<Expression> keys, Schema schema) implements Sink {
        public BuildTable {
            keys = List.copyOf(keys);
        }
    }

    /// Sorts the partition, stably, and keeps samples for [MergeSorted].
    record SortRun(List<OrderBy> order) implements Sink {
        public SortRun {
            order = List.copyOf(order);
        }
    }

    /// Merges the runs of all input partitions, stably; partition `p` of `parts` makes the p-th
    /// range of the order, between bounds found from the runs' samples.
    record MergeSorted(List<OrderBy> order, int parts) implements Sink {
        public MergeSorted {
            order = List.copyOf(order);
        }
    }

    /// Keeps the first `rows` rows of the order; ties by arrival.
    record TopRows(List<OrderBy> order, long rows) implements Sink {
        public TopRows {
            order = List.copyOf(order);
        }
    }

    /// Writes files under temporary names; the output is a small chunk of manifest rows (`path`
    /// final, `temporary`, `rows`, `bytes`, `kind`, `checked`) that the client's commit publishes.
    /// The kind is `rows`, or `quarantine` for what a gate before it kept of the bad ones among the
    /// `checked` rows that it saw.
    record Write(WriteTarget target, Schema schema) implements Sink {}

    /// Makes one file of those that a [Write] made; its rows are their manifest, and so is its
    /// output, of the one file.
    ///
    /// @param schema of the file
    record JoinFiles(WriteTarget target, Schema schema) implements Sink {}

    /// Writes rows into a table that isn't published yet; the output is a manifest as that of
    /// [Write], with a row for the partition whose path is the table's name.
    record WriteTable(TableTarget target, Schema schema) implements Sink {}
}
