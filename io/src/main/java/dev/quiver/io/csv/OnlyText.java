package dev.quiver.io.csv;

import dev.quiver.columnar.memory.Layouts;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// The one short text that stands among values of another type in a column, such as `NA` among
/// numbers; nothing where there are several.
final class OnlyText {
    private static final int BYTES_MAX = 8;

    private boolean isOpen = true;

    /// Empty until there is one; never changed.
    private byte[] bytes = new byte[0];

    /// One that nobody asks about.
    static OnlyText unwanted() {
        var none = new OnlyText();
        none.isOpen = false;
        return none;
    }

    OnlyText copy() {
        var copy = new OnlyText();
        copy.isOpen = isOpen;
        copy.bytes = bytes;
        return copy;
    }

    /// Whether there may still be only one.
    boolean isOpen() {
        return isOpen;
    }

    /// A text of the column, which isn't empty.
    void add(MemorySegment data, int start, int end) {
        if (!isOpen) return;
        if (bytes.length == 0) begin(data, start, end);
        else isOpen = end - start == bytes.length && isSame(data, start);
    }

    private void begin(MemorySegment data, int start, int end) {
        isOpen = end - start <= BYTES_MAX;
        if (!isOpen) return;
        bytes = data.asSlice(start, (long) end - start).toArray(ValueLayout.JAVA_BYTE);
        for (byte letter : bytes) isOpen &= letter < '0' || letter > '9';
    }

    private boolean isSame(MemorySegment data, int start) {
        for (int i = 0; i < bytes.length; i++)
            if (data.get(Layouts.BYTE, start + (long) i) != bytes[i]) return false;
        return true;
    }

    /// The text; empty when there is none, or another one too.
    Optional<String> text() {
        return isOpen && bytes.length > 0
                ? Optional.of(new String(bytes, StandardCharsets.UTF_8))
                : Optional.empty();
    }
}
