package dev.quiver.benchmarks;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.SplittableRandom;

/// Tables like those of the db-benchmark's join questions, from a fixed seed: `x` with `rows` rows,
/// and tables `small`, `medium`, `text` and `big` with unique keys: a millionth, a thousandth, a
/// thousandth and all of `rows`. Nine rows of `x` in ten find a partner in each.
///
/// `x` has id1, id2, id3 (int32), id5 (text) and v1; each other table one of the keys and v2.
final class JoinRows {
    /// The tables beside `x`, in the order of the questions.
    static final List<String> BUILD_SIDES = List.of("small", "medium", "text", "big");

    private static final long SEED = 108;
    private static final int SMALL_MIN = 10;

    private final Path folder;
    private final int rows;

    private JoinRows(Path folder, int rows) {
        this.folder = folder;
        this.rows = rows;
    }

    /// A folder below `data` with a CSV file a table, made when it isn't there.
    static Path csv(Path data, int rows) {
        Path folder = data.resolve("J1_%d".formatted(rows));
        if (Files.exists(folder.resolve("complete"))) return folder;
        try {
            Files.createDirectories(folder);
            var made = new JoinRows(folder, rows);
            made.writeX();
            for (String table : BUILD_SIDES) made.writeBuildSide(table);
            Files.createFile(folder.resolve("complete"));
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The key that `x` shares with a table.
    static String key(String table) {
        return switch (table) {
            case "small" -> "id1";
            case "medium" -> "id2";
            case "text" -> "id5";
            case "big" -> "id3";
            default -> throw new IllegalArgumentException(table);
        };
    }

    private int keys(String table) {
        return switch (table) {
            case "small" -> Math.max(SMALL_MIN, rows / 1_000_000);
            case "medium", "text" -> Math.max(SMALL_MIN, rows / 1000);
            default -> rows;
        };
    }

    private interface Lines {
        void to(BufferedWriter out) throws IOException;
    }

    private void write(String table, Lines lines) throws IOException {
        Path part = folder.resolve(table + ".csv.part");
        try (BufferedWriter out = Files.newBufferedWriter(part)) {
            lines.to(out);
        }
        Files.move(part, folder.resolve(table + ".csv"), StandardCopyOption.REPLACE_EXISTING);
    }

    private void writeX() throws IOException {
        var random = new SplittableRandom(SEED);
        write(
                "x",
                out -> {
                    out.write("id1,id2,id3,id5,v1\n");
                    for (int row = 0; row < rows; row++) {
                        for (String table : List.of("small", "medium", "big"))
                            out.append(Integer.toString(drawn(random, table))).append(',');
                        out.append(padded(drawn(random, "text"))).append(',');
                        out.append(Integer.toString(random.nextInt(1, 100))).append('\n');
                    }
                });
    }

    private int drawn(SplittableRandom random, String table) {
        return random.nextInt((int) (keys(table) * 10L / 9));
    }

    /// A text of 12 bytes.
    private static String padded(int key) {
        String digits = Integer.toString(key);
        return "id0000000000".substring(0, 12 - digits.length()) + digits;
    }

    private void writeBuildSide(String table) throws IOException {
        var random = new SplittableRandom(SEED + table.hashCode());
        int[] keys = new int[keys(table)];
        for (int i = 0; i < keys.length; i++) {
            int other = random.nextInt(i + 1);
            keys[i] = keys[other];
            keys[other] = i;
        }
        write(
                table,
                out -> {
                    out.append(key(table)).append(",v2\n");
                    for (int key : keys) {
                        out.append(table.equals("text") ? padded(key) : Integer.toString(key))
                                .append(',');
                        out.append(Integer.toString(random.nextInt(1, 100))).append('\n');
                    }
                });
    }
}
