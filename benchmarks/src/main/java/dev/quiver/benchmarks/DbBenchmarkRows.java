package dev.quiver.benchmarks;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.SplittableRandom;

/// The group-by table of the db-benchmark: nine columns, K = 100 groups in the small keys, rows / K
/// in the large ones, no nulls, unsorted, from a fixed seed.
///
/// Source: H2O.ai db-benchmark, `groupby-datagen.R`.
final class DbBenchmarkRows {
    private static final int GROUPS = 100;
    private static final long SEED = 108;
    private static final int LINE_BYTES_MAX = 96;
    private static final long[] POWERS = {
        1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000
    };

    private final byte[] line = new byte[LINE_BYTES_MAX];
    private int length;

    private DbBenchmarkRows() {}

    /// The CSV file of `rows` rows below `folder`, made when it isn't there.
    static Path csv(Path folder, int rows) {
        Path file = folder.resolve("G1_%d.csv".formatted(rows));
        if (Files.exists(file)) return file;
        Path temporary = folder.resolve(file.getFileName() + ".part");
        try {
            Files.createDirectories(folder);
            try (var out = new BufferedOutputStream(Files.newOutputStream(temporary), 1 << 20)) {
                new DbBenchmarkRows().write(rows, out);
            }
            return Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void write(int rows, OutputStream out) throws IOException {
        var random = new SplittableRandom(SEED);
        int large = Math.max(1, rows / GROUPS);
        out.write("id1,id2,id3,id4,id5,id6,v1,v2,v3\n".getBytes(StandardCharsets.US_ASCII));
        for (int row = 0; row < rows; row++) {
            length = 0;
            text("id").digits(random.nextInt(1, GROUPS + 1), 3).comma();
            text("id").digits(random.nextInt(1, GROUPS + 1), 3).comma();
            text("id").digits(random.nextInt(1, large + 1), 10).comma();
            number(random.nextInt(1, GROUPS + 1)).comma();
            number(random.nextInt(1, GROUPS + 1)).comma();
            number(random.nextInt(1, large + 1)).comma();
            number(random.nextInt(1, 6)).comma();
            number(random.nextInt(1, 16)).comma();
            millionths(random.nextInt(100_000_000)).text("\n");
            out.write(line, 0, length);
        }
    }

    private DbBenchmarkRows text(String text) {
        for (int i = 0; i < text.length(); i++) line[length++] = (byte) text.charAt(i);
        return this;
    }

    private DbBenchmarkRows comma() {
        line[length++] = ',';
        return this;
    }

    private DbBenchmarkRows number(int value) {
        int digits = 1;
        while (digits < POWERS.length && value >= POWERS[digits]) digits++;
        return digits(value, digits);
    }

    private DbBenchmarkRows digits(int value, int digits) {
        int left = value;
        for (int i = digits - 1; i >= 0; i--) {
            line[length + i] = (byte) ('0' + left % 10);
            left /= 10;
        }
        length += digits;
        return this;
    }

    /// A number with up to six digits behind the point and no zeros at its end.
    private DbBenchmarkRows millionths(int value) {
        number(value / 1_000_000);
        int rest = value % 1_000_000;
        if (rest == 0) return this;
        text(".").digits(rest, 6);
        while (line[length - 1] == '0') length--;
        return this;
    }
}
