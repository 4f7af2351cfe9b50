package dev.quiver.io.csv;

import dev.quiver.columnar.memory.Layouts;
import dev.quiver.io.csv.kernel.Fields;
import dev.quiver.schema.DataType;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// The texts that mean null beside the empty field.
final class NullTokens {
    private final List<String> texts;
    private final byte[][] tokens;

    NullTokens(List<String> tokens) {
        this.texts = tokens;
        this.tokens =
                tokens.stream().map(t -> t.getBytes(StandardCharsets.UTF_8)).toArray(byte[][]::new);
    }

    boolean isEmpty() {
        return tokens.length == 0;
    }

    /// Whether one of them is a value of the type: who reads values takes it for one.
    boolean anyIs(DataType type) {
        return texts.stream().anyMatch(t -> FieldText.value(type, t) != null);
    }

    /// Whether the text of a row is one of them, in quotes or not.
    boolean match(Fields fields, int row) {
        int quoteBytes = fields.isQuoted(row) ? 1 : 0;
        return match(fields.data(), fields.start(row) + quoteBytes, fields.end(row) - quoteBytes);
    }

    /// Whether a text is one of them.
    boolean match(String text) {
        return texts.contains(text);
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
