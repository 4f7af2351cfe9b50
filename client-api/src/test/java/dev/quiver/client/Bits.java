package dev.quiver.client;

import dev.quiver.columnar.Chunk;
import dev.quiver.columnar.ColumnValues;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A result down to its bits: a hash of every row, in order, and how the first rows read.
///
/// @param hashes of rows, or of the bytes of a file
record Bits(long[] hashes, List<String> head) {
    private static final int HEAD_ROWS = 2_000;

    int rows() {
        return hashes.length;
    }

    static Bits of(LocalTable table) {
        var hashes = new long[Math.toIntExact(table.rowCount())];
        var head = new ArrayList<String>();
        TableContent content = table.content();
        for (int c = 0; c < content.chunkCount(); c++) {
            Chunk chunk = content.chunk(c);
            int start = Math.toIntExact(content.start(c));
            for (int column = 0; column < chunk.schema().size(); column++)
                for (int row = 0; row < chunk.rows(); row++)
                    hashes[start + row] =
                            mix(
                                    hashes[start + row],
                                    bits(ColumnValues.get(chunk.column(column), row)));
            for (int row = 0; row < chunk.rows() && start + row < HEAD_ROWS; row++)
                head.add(text(chunk, row));
        }
        return new Bits(hashes, head);
    }

    private static long bits(@Nullable Object value) {
        return switch (value) {
            case null -> 0x6E75_6C6CL;
            case Double number -> Double.doubleToRawLongBits(number);
            case Long number -> number;
            default -> value.hashCode();
        };
    }

    private static long mix(long hash, long value) {
        long mixed = (hash ^ value) * 0x9E37_79B9_7F4A_7C15L;
        return mixed ^ (mixed >>> 29);
    }

    private static String text(Chunk chunk, int row) {
        var text = new StringJoiner(" | ");
        for (int column = 0; column < chunk.schema().size(); column++) {
            Object value = ColumnValues.get(chunk.column(column), row);
            text.add(value instanceof Double d ? Double.toHexString(d) : String.valueOf(value));
        }
        return text.toString();
    }

    /// The files under a directory by their paths in it.
    static Map<String, Bits> ofFiles(Path directory) throws IOException {
        var files = new TreeMap<String, Bits>();
        try (Stream<Path> paths = Files.walk(directory)) {
            paths.filter(Files::isRegularFile)
                    .forEach(f -> files.put(directory.relativize(f).toString(), ofFile(f)));
        }
        return files;
    }

    private static Bits ofFile(Path file) {
        try {
            byte[] bytes = Files.readAllBytes(file);
            long hash = bytes.length;
            for (byte b : bytes) hash = mix(hash, b);
            return new Bits(new long[] {hash}, List.of(bytes.length + " bytes"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// What is different in `other`, if something is.
    Optional<String> difference(Bits other) {
        if (Arrays.equals(hashes, other.hashes)) return Optional.empty();
        int row = Arrays.mismatch(hashes, other.hashes);
        return Optional.of(
                "%d rows instead of %d, first difference in row %d%s: %s instead of %s"
                        .formatted(
                                other.rows(),
                                rows(),
                                row,
                                sameRows(other) ? " (the same rows in another order)" : "",
                                other.row(row),
                                row(row)));
    }

    private boolean sameRows(Bits other) {
        return Arrays.equals(
                Arrays.stream(hashes).sorted().toArray(),
                Arrays.stream(other.hashes).sorted().toArray());
    }

    private String row(int row) {
        return row < head.size() ? head.get(row) : "(not kept)";
    }
}
