package dev.quiver.benchmarks.kernel;

import dev.quiver.columnar.Chunk;
import dev.quiver.columnar.Column;
import dev.quiver.io.DictionarySet;
import dev.quiver.io.parquet.ParquetFooter;
import dev.quiver.io.parquet.ParquetReader;
import dev.quiver.io.parquet.ParquetWriter;
import dev.quiver.operator.RowGroups;
import dev.quiver.operator.Source;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/// Reads a Parquet file of two columns in one thread, from the page cache.
@State(Scope.Benchmark)
@SuppressWarnings("NullAway.Init") // JMH calls setUp
public class ParquetBenchmark {
    static final int VALUES = 1000;

    /// How the values lie in the file: distinct numbers plain, repeated numbers and texts by
    /// dictionary, distinct numbers packed with Snappy.
    public enum Encoding {
        PLAIN,
        DICTIONARY,
        SNAPPY
    }

    @Param("1000000")
    public int rows;

    @Param public Encoding encoding;

    private InputColumns inputs;
    private Path file;
    private Source.ScanParquet scan;

    @Setup
    public void setUp() {
        inputs = new InputColumns();
        try {
            file = Files.createTempFile("quiver-benchmark", ".parquet");
            write();
            ParquetFooter footer = ParquetFooter.read(file);
            var groups =
                    new RowGroups(
                            file.toString(),
                            0,
                            footer.groups().size(),
                            footer.rows(),
                            footer.size(),
                            Files.getLastModifiedTime(file).to(TimeUnit.NANOSECONDS));
            scan = new Source.ScanParquet(footer.schema(), Optional.empty(), List.of(groups));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void write() {
        Column numbers =
                inputs.longs(
                        rows,
                        row ->
                                encoding == Encoding.DICTIONARY
                                        ? RowValues.group(row, VALUES, 0)
                                        : row);
        Column others =
                encoding == Encoding.DICTIONARY
                        ? inputs.categories(rows, VALUES, row -> RowValues.group(row, VALUES, 1))
                        : inputs.longs(rows, row -> 3L * row);
        Chunk whole = inputs.chunk(numbers, others);
        String codec = encoding == Encoding.SNAPPY ? "snappy" : "none";
        try (ParquetWriter writer =
                ParquetWriter.open(file, whole.schema(), codec, inputs.account())) {
            for (Chunk chunk : inputs.cut(whole)) writer.append(chunk);
            writer.finish();
        }
    }

    /// @return the total of the numbers, and of the lengths of the texts
    @Benchmark
    public long read() {
        long total = 0;
        try (var dictionaries = new DictionarySet(inputs.account());
                ParquetReader reader =
                        ParquetReader.open(scan, 0, dictionaries, inputs.account())) {
            for (Chunk chunk = reader.next(); chunk != null; chunk = reader.next()) {
                total += RowTotals.longs(chunk.column(0));
                total +=
                        encoding == Encoding.DICTIONARY
                                ? RowTotals.textBytes(chunk.column(1))
                                : RowTotals.longs(chunk.column(1));
                chunk.close();
            }
        }
        return total;
    }

    @TearDown
    public void tearDown() {
        inputs.close();
        try {
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
