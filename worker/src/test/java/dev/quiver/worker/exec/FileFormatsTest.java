package dev.quiver.worker.exec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quiver.columnar.Chunk;
import dev.quiver.columnar.Column;
import dev.quiver.columnar.ColumnBuilder;
import dev.quiver.columnar.ColumnValues;
import dev.quiver.columnar.memory.Checkpoint;
import dev.quiver.columnar.memory.MemoryPool;
import dev.quiver.columnar.memory.Owner;
import dev.quiver.io.DictionarySet;
import dev.quiver.operator.CsvFormat;
import dev.quiver.operator.FileRange;
import dev.quiver.operator.Pipeline;
import dev.quiver.operator.RowGroups;
import dev.quiver.operator.Sink;
import dev.quiver.operator.Source;
import dev.quiver.operator.WriteTarget;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Field;
import dev.quiver.schema.Schema;
import dev.quiver.worker.store.ChunkStore;
import dev.quiver.worker.store.TaskOutput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FileFormatsTest {
    private static final Schema SALES =
            Schema.of(
                    Field.of("region", DataType.UTF8),
                    Field.of("amount", DataType.INT64),
                    Field.of("price", DataType.FLOAT64));
    private static final List<List<@Nullable Object>> ROWS =
            List.of(
                    List.of("north", 1L, 1.5),
                    Arrays.asList(null, 2L, -0.25),
                    Arrays.asList("south, \"old\"", null, 3.0));

    private final MemoryPool pool = new MemoryPool(256 << 20);
    private final ChunkStore store = new ChunkStore();
    private final DictionarySet dictionaries =
            new DictionarySet(pool.account(new Owner("test", "Dictionaries", -1)));
    private final PipelineRunner runner =
            new PipelineRunner(pool, store, dictionaries, new FileFormats());

    @AfterEach
    void nothing_is_left() {
        store.close();
        dictionaries.close();
        pool.close();
    }

    private List<List<@Nullable Object>> run(Source source, Sink sink) {
        var pipeline = new Pipeline(source, List.of(), sink);
        try (TaskOutput output =
                runner.run(
                        new PipelineTask(
                                "q1",
                                pipeline,
                                List.of(),
                                0,
                                TaskInputs.NONE,
                                Checkpoint.NONE,
                                new PipelineCounts(pipeline)))) {
            List<List<@Nullable Object>> rows = new ArrayList<>();
            for (Chunk chunk : output.chunks()) {
                for (int i = 0; i < chunk.rows(); i++) {
                    List<@Nullable Object> row = new ArrayList<>();
                    for (Column column : chunk.columns()) row.add(ColumnValues.get(column, i));
                    rows.add(row);
                }
            }
            return rows;
        }
    }

    private Path write(WriteTarget.Format format, Path dir, String codec) {
        var account = pool.account(new Owner("test", "Held", -1));
        store.hold(
                "sales",
                List.of(TaskOutput.ofChunks(List.of(ColumnBuilder.chunk(SALES, account, ROWS)))));
        var target =
                new WriteTarget(
                        format,
                        dir.resolve("out").toString(),
                        dir.resolve("staging").toString(),
                        false,
                        List.of(),
                        codec,
                        CsvFormat.DEFAULT);
        var manifest =
                run(new Source.Held("sales", SALES, 1), new Sink.Write(target, SALES)).getFirst();
        assertThat(manifest.getFirst()).isEqualTo(target.path());
        assertThat(manifest.get(2)).isEqualTo(3L);
        assertThat(Path.of(String.valueOf(manifest.get(1)))).hasParentRaw(dir.resolve("staging"));
        return Path.of(String.valueOf(manifest.get(1)));
    }

    private static long modifiedNanos(Path file) throws IOException {
        return Files.getLastModifiedTime(file).to(TimeUnit.NANOSECONDS);
    }

    @Test
    void a_csv_file_that_is_written_reads_the_same(@TempDir Path dir) throws IOException {
        Path file = write(WriteTarget.Format.CSV, dir, "none");
        long size = Files.size(file);
        var range = new FileRange(file.toString(), 0, size, size, modifiedNanos(file));

        var rows =
                run(
                        new Source.ScanCsv(CsvFormat.DEFAULT, SALES, SALES, List.of(range)),
                        new Sink.Collect());

        assertThat(rows).isEqualTo(ROWS);
    }

    @Test
    void a_parquet_file_that_is_written_reads_the_same(@TempDir Path dir) throws IOException {
        Path file = write(WriteTarget.Format.PARQUET, dir, "snappy");
        var groups = new RowGroups(file.toString(), 0, 1, 3, Files.size(file), modifiedNanos(file));

        var rows =
                run(
                        new Source.ScanParquet(SALES, Optional.empty(), List.of(groups)),
                        new Sink.Collect());

        assertThat(rows).isEqualTo(ROWS);
    }
}
