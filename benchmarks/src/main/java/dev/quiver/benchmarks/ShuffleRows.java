package dev.quiver.benchmarks;

import static dev.quiver.dataframe.Functions.col;

import dev.quiver.client.Session;
import dev.quiver.dataframe.DataFrame;
import dev.quiver.dataframe.Expr;
import dev.quiver.schema.DataType;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// Two tables, `left` and `right`, that have each key of 0..rows-1 once, in random orders from
/// fixed seeds, and twelve columns of float64 that look random. A row has 104 bytes.
final class ShuffleRows {
    static final List<String> TABLES = List.of("left", "right");
    static final int VALUES = 12;

    private static final int ROW_BYTES = (VALUES + 1) * Double.BYTES;
    private static final long PRIME = Integer.MAX_VALUE;
    private static final long FACTOR = 48_271;

    private ShuffleRows() {}

    /// What both tables hold.
    static long bytes(int rows) {
        return (long) TABLES.size() * rows * ROW_BYTES;
    }

    /// The values' columns of a table.
    static List<String> values(String table) {
        return IntStream.range(0, VALUES).mapToObj(i -> table.charAt(0) + "" + i).toList();
    }

    /// A folder below `data` with a Parquet file a table, made when it isn't there.
    static Path parquet(Session q, Path data, int rows) {
        Path folder = data.resolve("S1_%d".formatted(rows));
        try {
            Files.createDirectories(folder);
            for (String table : TABLES) {
                Path parquet = folder.resolve(table + ".parquet");
                if (!Files.exists(parquet)) write(q, parquet, table, rows);
            }
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(Session q, Path parquet, String table, int rows) throws IOException {
        Path keys = parquet.resolveSibling(table + ".csv");
        try (BufferedWriter out = Files.newBufferedWriter(keys)) {
            out.append("key\n");
            for (int key : shuffled(rows, table)) out.append(Integer.toString(key)).append('\n');
        }
        var columns = new ArrayList<Expr>();
        long factor = FACTOR + table.hashCode() % FACTOR;
        for (String name : values(table)) {
            factor = factor * FACTOR % PRIME;
            Expr value = col("key").plus(1).multiply(factor).mod(PRIME);
            columns.add(value.cast(DataType.FLOAT64).divide(PRIME).as(name));
        }
        DataFrame read = q.read().type("key", DataType.INT64).csv(keys);
        DataFrame made =
                read.withColumns(
                        columns.getFirst(), columns.subList(1, VALUES).toArray(Expr[]::new));
        Path part = parquet.resolveSibling(table + ".part.parquet");
        made.write().overwrite().parquet(part.toString());
        Files.move(part, parquet, StandardCopyOption.ATOMIC_MOVE);
        Files.delete(keys);
    }

    private static int[] shuffled(int rows, String table) {
        var random = new SplittableRandom(table.hashCode());
        int[] keys = new int[rows];
        for (int i = 0; i < rows; i++) {
            int other = random.nextInt(i + 1);
            keys[i] = keys[other];
            keys[other] = i;
        }
        return keys;
    }
}
