package dev.quiver.operator;

import dev.quiver.expression.Expression;
import dev.quiver.schema.Schema;
import java.util.List;
import java.util.Optional;

/// Where a pipeline's chunks come from. Partition `p` reads element `p` of a source's list.
public sealed interface Source {
    /// The schema of the chunks it gives.
    Schema schema();

    /// Ranges of CSV files.
    ///
    /// @param file all columns of the files
    /// @param schema the columns to read, in this order
    record ScanCsv(CsvFormat format, Schema file, Schema schema, List<FileRange> ranges)
            implements Source {
        public ScanCsv {
            ranges = List.copyOf(ranges);
        }
    }

    /// Row groups of Parquet files.
    ///
    /// @param schema the columns to read, in this order; one that a file lacks is null there, and
    ///   numbers may be wider than the file's
    /// @param filter rows that can't fulfil it may be left out (row groups and pages are pruned by
    ///   statistics); a later [Operator.Filter] still tests every row
    /// @param verifyChecksums whether a page whose bytes don't fit its checksum is an error
    record ScanParquet(
            Schema schema,
            Optional<Expression> filter,
            List<RowGroups> groups,
            boolean verifyChecksums)
            implements Source {
        public ScanParquet {
            groups = List.copyOf(groups);
        }

        /// A scan that verifies checksums.
        public ScanParquet(Schema schema, Optional<Expression> filter, List<RowGroups> groups) {
            this(schema, filter, groups, true);
        }
    }

    /// The partitions of a source of files, one after the other: its own one partition reads all.
    record InTurn(Source source, int partitions) implements Source {
        @Override
        public Schema schema() {
            return source.schema();
        }
    }

    /// Chunks that a session holds under an id: rows from Java objects, a table. Partition `p`
    /// reads the p-th of `partitions` parts.
    record Held(String id, Schema schema, int partitions) implements Source {}

    /// The chunks of the stage's input `input`, in the order of its partitions.
    record Input(int input, Schema schema) implements Source {}
}
