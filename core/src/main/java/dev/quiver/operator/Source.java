package dev.quiver.operator;

import dev.quiver.expression.Expression;
import dev.quiver.schema.Schema;
import java.util.List;
import java.util.Optional;

/// Where a pipeline's chunks come from. Partition `p` reads element `p` of a source's list.
public sealed interface Source {
    /// The schema of the chunks it gives.
    Schema schema();

    /// Whether another process can read the same partitions again: false for chunks that only this
    /// session holds.
    default boolean isLasting() {
        return false;
    }

    /// What people call a partition, such as `flights.csv, bytes 0 to 16777216`.
    default String partitionName(int partition) {
        return "partition " + partition;
    }

    /// Ranges of CSV files.
    ///
    /// @param file all columns of the files
    /// @param schema the columns to read, in this order
    record ScanCsv(CsvFormat format, Schema file, Schema schema, List<FileRange> ranges)
            implements Source {
        public ScanCsv {
            ranges = List.copyOf(ranges);
        }

        @Override
        public boolean isLasting() {
            return true;
        }

        @Override
        public String partitionName(int partition) {
            return ranges.get(partition).title();
        }
    }

    /// Ranges of files of other formats.
    ///
    /// @param file all columns of the files
    /// @param schema the columns to read, in this order
    /// @param ranges whole files, or lines where the format has them
    record ScanFiles(FileFormat format, Schema file, Schema schema, List<FileRange> ranges)
            implements Source {
        public ScanFiles {
            ranges = List.copyOf(ranges);
        }

        @Override
        public boolean isLasting() {
            return true;
        }

        @Override
        public String partitionName(int partition) {
            return ranges.get(partition).title();
        }
    }

    /// Rows of a database.
    ///
    /// @param schema the columns to read, in this order
    /// @param conditions which rows each partition has, as SQL; empty for all
    record ScanTable(Database database, TableQuery query, Schema schema, List<String> conditions)
            implements Source {
        public ScanTable {
            conditions = List.copyOf(conditions);
        }

        @Override
        public boolean isLasting() {
            return true;
        }

        @Override
        public String partitionName(int partition) {
            String condition = conditions.get(partition);
            return condition.isEmpty() ? query.label() : query.label() + ", " + condition;
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

        @Override
        public boolean isLasting() {
            return true;
        }

        @Override
        public String partitionName(int partition) {
            RowGroups part = groups.get(partition);
            return "%s, row groups %d to %d".formatted(part.path(), part.from(), part.to());
        }
    }

    /// Some partitions of another source: partition `p` reads its partition `partitions.get(p)`,
    /// and is called `first` more than that in all that it makes.
    record Some(Source source, List<Integer> partitions, int first) implements Source {
        public Some {
            partitions = List.copyOf(partitions);
        }

        @Override
        public Schema schema() {
            return source.schema();
        }

        @Override
        public boolean isLasting() {
            return source.isLasting();
        }

        @Override
        public String partitionName(int partition) {
            return source.partitionName(partitions.get(partition));
        }

        /// What partition `partition` is called.
        public int number(int partition) {
            return first + partitions.get(partition);
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
