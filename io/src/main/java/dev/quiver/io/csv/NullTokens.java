package dev.quiver.io.csv;

import dev.quiver.columnar.memory.Layouts;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// The texts that mean null beside the empty field.
final class NullTokens {
    private final byte[][] tokens;

    NullTokens(List<String> tokens) {
        this.tokens =
                tokens.stream().map(t -> t.getBytes(StandardCharsets.UTF_8)).toArray(byte[][]::new);
    }

    boolean isEmpty() {
        return tokens.length == 0;
    }

    /// Whether bytes `[start, end)` are one of them.
    boolean match(MemorySegment data, int start, int end) {
        for (byte[] token : tokens) {
            if (token.length == end - start && holds(data, start, token)) return true;
        }
        return false;
    }

    private static boolean holds(MemorySegment data, int start, byte[] token) {
        for (int i = 0; i < token.length; i++) {
            if (data.get(Layouts.BYTE, start + (long) i) != token[i]) return false;
        }
        return true;
    }
}
