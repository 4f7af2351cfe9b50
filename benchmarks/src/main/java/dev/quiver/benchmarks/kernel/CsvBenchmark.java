package dev.quiver.benchmarks.kernel;

import dev.quiver.columnar.Chunk;
import dev.quiver.io.DictionarySet;
import dev.quiver.io.csv.CsvReader;
import dev.quiver.io.csv.CsvSplits;
import dev.quiver.operator.CsvFormat;
import dev.quiver.operator.Source;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Field;
import dev.quiver.schema.Schema;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntFunction;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/// Reads a CSV file of three columns of one type in one thread, from the page cache.
@State(Scope.Benchmark)
@SuppressWarnings("NullAway.Init") // JMH calls setUp
public class CsvBenchmark {
    static final int COLUMNS = 3;
    static final int NUMBERS = 100_000;
    static final int TEXTS = 1000;

    /// The columns' type; texts repeat, so that they come out encoded.
    public enum Type {
        INT,
        DOUBLE,
        STRING
    }

    @Param("1000000")
    public int rows;

    @Param public Type type;

    private InputColumns inputs;
    private Path file;
    private Source.ScanCsv scan;

    @Setup
    public void setUp() {
        inputs = new InputColumns();
        file = write();
        DataType columnType =
                switch (type) {
                    case INT -> DataType.INT64;
                    case DOUBLE -> DataType.FLOAT64;
                    case STRING -> DataType.CATEGORICAL;
                };
        var schema =
                Schema.of(
                        Field.of("a", columnType),
                        Field.of("b", columnType),
                        Field.of("c", columnType));
        scan = new Source.ScanCsv(CsvFormat.DEFAULT, schema, schema, CsvSplits.of(List.of(file)));
    }

    private Path write() {
        try {
            Path made = Files.createTempFile("quiver-benchmark", ".csv");
            try (var out = Files.newBufferedWriter(made)) {
                out.write("a,b,c\n");
                for (int row = 0; row < rows; row++) {
                    int current = row;
                    IntFunction<String> text =
                            column ->
                                    switch (type) {
                                        case INT ->
                                                Integer.toString(
                                                        RowValues.group(current, NUMBERS, column));
                                        case DOUBLE ->
                                                Double.toString(RowValues.number(current, column));
                                        case STRING ->
                                                RowValues.text(
                                                        RowValues.group(current, TEXTS, column));
                                    };
                    out.write(text.apply(0) + "," + text.apply(1) + "," + text.apply(2) + "\n");
                }
            }
            return made;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// @return the total of all values; of texts their lengths
    @Benchmark
    public double read() {
        double total = 0;
        try (var dictionaries = new DictionarySet(inputs.account())) {
            for (int range = 0; range < scan.ranges().size(); range++)
                total += read(range, dictionaries);
        }
        return total;
    }

    private double read(int range, DictionarySet dictionaries) {
        double total = 0;
        try (CsvReader reader = CsvReader.open(scan, range, inputs.account(), dictionaries)) {
            for (Chunk chunk = reader.next(); chunk != null; chunk = reader.next()) {
                for (int c = 0; c < COLUMNS; c++) {
                    total +=
                            switch (type) {
                                case INT -> RowTotals.longs(chunk.column(c));
                                case DOUBLE -> RowTotals.doubles(chunk.column(c));
                                case STRING -> RowTotals.textBytes(chunk.column(c));
                            };
                }
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
