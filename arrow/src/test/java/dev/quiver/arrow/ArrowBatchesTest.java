package dev.quiver.arrow;

import static dev.quiver.dataframe.Functions.col;
import static dev.quiver.dataframe.Functions.desc;
import static dev.quiver.dataframe.Functions.sum;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.quiver.client.Options;
import dev.quiver.client.Quiver;
import dev.quiver.client.Session;
import dev.quiver.dataframe.DataFrame;
import dev.quiver.dataframe.Row;
import dev.quiver.dataframe.Table;
import dev.quiver.error.QuiverException;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Field;
import dev.quiver.schema.Schema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ArrowBatchesTest {
    record Reading(long id, double value) {}

    private static final Schema READING =
            Schema.of(Field.of("id", DataType.INT64), Field.of("value", DataType.FLOAT64));

    private final Session q = Quiver.local(Options.defaults().slots(2).memory("512MB").quiet());

    @TempDir Path directory;

    @AfterEach
    void close() {
        q.close();
    }

    private DataFrame readings(int count) {
        return q.of(
                Reading.class,
                IntStream.range(0, count).mapToObj(i -> new Reading(i, i * 0.5)).toList());
    }

    private static QuiverException refusal(DataFrame frame) {
        return catchThrowableOfType(QuiverException.class, () -> frame.collect().close());
    }

    private static List<String> rows(DataFrame frame) {
        var rows = new ArrayList<String>();
        try (Table table = frame.collect()) {
            for (Row row : table.rows()) rows.add(row.toString());
        }
        return rows;
    }

    @Test
    void a_function_reads_vectors_and_makes_vectors() {
        DataFrame doubled =
                readings(40_000)
                        .mapBatches(
                                READING,
                                ArrowBatches.function((batch, allocator) -> {
                                    var ids = (BigIntVector) batch.getVector("id");
                                    var values = (Float8Vector) batch.getVector("value");
                                    int rows = batch.getRowCount();
                                    var outIds = new BigIntVector("id", allocator);
                                    var out = new Float8Vector("value", allocator);
                                    outIds.allocateNew(rows);
                                    out.allocateNew(rows);
                                    for (int i = 0; i < rows; i++) {
                                        outIds.set(i, ids.get(i));
                                        if (i % 2 == 0) out.set(i, values.get(i) * 2);
                                        else out.setNull(i);
                                    }
                                    outIds.setValueCount(rows);
                                    out.setValueCount(rows);
                                    return VectorSchemaRoot.of(outIds, out);
                                }));

        DataFrame sums = doubled.agg(sum("id").as("ids"), sum("value").as("values"));

        try (Table table = sums.collect()) {
            long expected = LongStream.range(0, 40_000).filter(i -> i % 2 == 0).sum();
            assertThat(table.longs("ids")).containsExactly(40_000L * 39_999 / 2);
            assertThat(table.doubles("values")).containsExactly(expected);
        }
    }

    @Test
    void every_type_comes_through_unchanged() throws IOException {
        Path file = directory.resolve("all.jsonl");
        var lines = new ArrayList<String>();
        for (int i = 0; i < 5_000; i++)
            lines.add(
                    i % 7 == 3
                            ? "{\"id\": %d}".formatted(i)
                            : ("{\"id\": %d, \"flag\": %s, \"text\": \"t%d\", \"day\":"
                                   + " \"2024-05-%02d\", \"at\": \"2024-05-01T10:%02d:00\","
                                   + " \"tags\": [%s], \"place\": {\"x\": %d.5, \"name\":"
                                   + " \"n%d\"}}")
                                    .formatted(
                                            i,
                                            i % 2 == 0,
                                            i % 13,
                                            i % 28 + 1,
                                            i % 60,
                                            i % 3 == 0 ? "" : "\"a" + i + "\", null",
                                            i,
                                            i % 5));
        Files.write(file, lines);
        DataFrame all =
                q.read()
                        .json(file.toString())
                        .withColumns(
                                col("text").cast(DataType.CATEGORICAL).as("kind"),
                                col("id").cast(new DataType.Decimal(12, 2)).as("price"),
                                col("id").cast(new DataType.Decimal(30, 4)).as("exact"),
                                col("id").cast(new DataType.FloatingPoint(32)).as("small"),
                                col("id").cast(new DataType.Int(32, true)).as("narrow"));

        DataFrame through = all.mapBatches(ArrowBatches.function((batch, allocator) -> batch));

        assertThat(through.schema()).isEqualTo(all.schema());
        assertThat(rows(through)).hasSize(5_000).isEqualTo(rows(all));
    }

    @Test
    void slices_and_rows_that_a_filter_left_come_through() {
        DataFrame some =
                readings(50_000).filter(col("id").gt(20_001)).sort(desc("id")).limit(1_000);

        DataFrame through = some.mapBatches(ArrowBatches.function((batch, allocator) -> batch));

        assertThat(rows(through)).isEqualTo(rows(some));
    }

    @Test
    void fixed_width_values_are_not_copied_on_the_way_in() {
        var allocated = new AtomicLong(-1);

        rows(
                readings(1_000)
                        .mapBatches(
                                ArrowBatches.function((batch, allocator) -> {
                                    allocated.set(allocator.getAllocatedMemory());
                                    return batch;
                                })));

        assertThat(allocated.get()).isZero();
    }

    @Test
    void what_the_function_takes_counts_to_the_budget() {
        QuiverException refused =
                refusal(
                        readings(10)
                                .mapBatches(
                                        ArrowBatches.function((batch, allocator) -> {
                                            allocator.buffer(1L << 30).close();
                                            return batch;
                                        })));

        assertThat(refused.code()).isEqualTo(dev.quiver.error.ErrorCode.MEMORY_REFUSED);
    }

    @Test
    void vectors_that_are_left_open_are_told() {
        QuiverException left =
                refusal(
                        readings(10)
                                .mapBatches(
                                        ArrowBatches.function((batch, allocator) -> {
                                            var forgotten = new BigIntVector("id", allocator);
                                            forgotten.allocateNew(10);
                                            return batch;
                                        })));

        assertThat(left).hasMessageContaining("bytes of its allocator open");
    }

    @Test
    void wrong_vectors_are_refused_with_what_they_should_be() {
        QuiverException missing =
                refusal(
                        readings(10)
                                .mapBatches(
                                        Schema.of(Field.of("score", DataType.FLOAT64)),
                                        ArrowBatches.function((batch, allocator) -> batch)));
        QuiverException type =
                refusal(
                        readings(10)
                                .mapBatches(
                                        Schema.of(Field.of("id", DataType.FLOAT64)),
                                        ArrowBatches.function((batch, allocator) -> batch)));

        assertThat(missing).hasMessageContaining("no vector 'score'");
        assertThat(type)
                .hasMessageContaining("'id' is " + new ArrowType.Int(64, true))
                .hasMessageContaining("FloatingPoint(DOUBLE)");
    }

    @Test
    void a_function_that_throws_gives_its_vectors_back() {
        QuiverException failed =
                refusal(
                        readings(10)
                                .mapBatches(
                                        ArrowBatches.function((batch, allocator) -> {
                                            try (var mine = new BigIntVector("id", allocator)) {
                                                mine.allocateNew(10);
                                                throw new IOException("no model");
                                            }
                                        })));

        assertThat(failed).hasMessageContaining("no model");
    }
}
