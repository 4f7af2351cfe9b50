package dev.quiver.io.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quiver.columnar.Chunk;
import dev.quiver.columnar.ColumnBuilder;
import dev.quiver.columnar.ColumnValues;
import dev.quiver.columnar.memory.MemoryPool;
import dev.quiver.columnar.memory.Owner;
import dev.quiver.expression.Expression;
import dev.quiver.expression.Function;
import dev.quiver.io.DictionarySet;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Field;
import dev.quiver.schema.Schema;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Filters leave pages out by their bounds, and row groups by Bloom filters, and never a row that
/// matches.
class PagePruningTest {
    private static final int ROWS = 400_000;

    @TempDir private Path directory;

    private static Expression compare(Function function, String column, Object value) {
        DataType type = value instanceof String ? DataType.UTF8 : DataType.INT64;
        return new Expression.Call(
                function,
                List.of(new Expression.Column(column), new Expression.Literal(value, type)));
    }

    /// A file of one row group and several pages a column.
    private Path write() throws Exception {
        Path file = directory.resolve("own.parquet");
        var schema =
                Schema.of(
                        Field.required("id", DataType.INT64),
                        new Field("third", DataType.INT64, true),
                        new Field("text", DataType.UTF8, true));
        try (var pool = new MemoryPool(1L << 30);
                var account = pool.account(new Owner("test", "write", 0));
                ParquetWriter writer = ParquetWriter.open(file, schema, "snappy", account)) {
            for (int from = 0; from < ROWS; from += Chunk.ROWS) {
                var rows = new ArrayList<List<Object>>();
                for (long i = from; i < Math.min(ROWS, from + Chunk.ROWS); i++) {
                    Object third = i % 3 == 0 ? i : null;
                    rows.add(Arrays.asList(i, third, "text %06d".formatted(i / 10)));
                }
                try (Chunk chunk = ColumnBuilder.chunk(schema, account, rows)) {
                    writer.append(chunk);
                }
            }
            writer.finish();
        }
        return file;
    }

    private record Read(List<Long> ids, long bytes) {}

    private static Read read(Path file, Optional<Expression> filter) {
        ParquetFooter footer = ParquetFooter.read(file);
        var ids = new ArrayList<Long>();
        try (var pool = new MemoryPool(1L << 28);
                var account = pool.account(new Owner("test", "read", 0));
                var dictionaries = new DictionarySet(account);
                ParquetReader reader =
                        ParquetReader.open(
                                ParquetFrame.scan(footer, footer.schema(), filter),
                                0,
                                dictionaries,
                                account)) {
            while (true) {
                Chunk chunk = reader.next();
                if (chunk == null) return new Read(ids, reader.bytesRead());
                try (chunk) {
                    for (int row = 0; row < chunk.rows(); row++) check(chunk, row, ids);
                }
            }
        }
    }

    /// All columns of a row belong to one row.
    private static void check(Chunk chunk, int row, List<Long> ids) {
        long id = (long) ColumnValues.get(chunk.column(0), row);
        Object third = ColumnValues.get(chunk.column(1), row);
        assertThat(third).isEqualTo(id % 3 == 0 ? id : null);
        assertThat(ColumnValues.get(chunk.column(2), row))
                .isEqualTo("text %06d".formatted(id / 10));
        ids.add(id);
    }

    @Test
    void pages_without_a_match_are_not_read() throws Exception {
        Path file = write();
        long all = read(file, Optional.empty()).bytes();
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("PagePruningTest -Dseed=" + seed);
        var random = new Random(seed);
        for (int i = 0; i < 4; i++) {
            long value = random.nextLong(ROWS);

            Read one = read(file, Optional.of(compare(Function.EQUAL, "id", value)));
            Read text =
                    read(
                            file,
                            Optional.of(
                                    compare(
                                            Function.EQUAL,
                                            "text",
                                            "text %06d".formatted(value / 10))));
            Read tail = read(file, Optional.of(compare(Function.GREATER, "third", value)));

            assertThat(one.ids).as("seed %d", seed).contains(value).hasSizeLessThan(ROWS / 2);
            assertThat(one.bytes).as("seed %d", seed).isLessThan(all);
            assertThat(text.ids).as("seed %d", seed).contains(value).hasSizeLessThan(ROWS / 2);
            assertThat(tail.ids.getLast()).isEqualTo(ROWS - 1L);
        }
        Read ends =
                read(
                        file,
                        Optional.of(
                                new Expression.Call(
                                        Function.OR,
                                        List.of(
                                                compare(Function.LESS, "id", 5L),
                                                compare(Function.GREATER, "id", ROWS - 5L)))));
        assertThat(ends.ids).contains(0L, 4L, ROWS - 4L, ROWS - 1L).hasSizeLessThan(ROWS);
    }

    @Test
    void bloom_filters_of_duckdb_leave_row_groups_out_where_bounds_do_not() throws Exception {
        Path file = directory.resolve("bloom.parquet");
        try (var duckdb = DriverManager.getConnection("jdbc:duckdb:");
                var sql = duckdb.createStatement()) {
            sql.execute(
                    "copy (select (i %% 500) * 2 as n, 'k' || (i %% 500) * 2 as t, (i %% 500) * 2.5::double as d from range(50000) r(i)) to '%s' (format parquet, row_group_size 10240)"
                            .formatted(file));
        }
        ParquetFooter footer = ParquetFooter.read(file);
        var there = new ArrayList<Object>();
        for (Object value : List.of(8L, 9L, "k8", "k9", 7L, "k77")) {
            String column = value instanceof String ? "t" : "n";
            ParquetFrame frame =
                    ParquetFrame.read(
                            file,
                            footer.schema(),
                            Optional.of(compare(Function.EQUAL, column, value)));
            if (!frame.rows().isEmpty()) there.add(value);
        }
        assertThat(there).containsExactly(8L, "k8");
    }
}
