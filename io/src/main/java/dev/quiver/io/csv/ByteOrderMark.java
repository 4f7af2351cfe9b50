package dev.quiver.io.csv;

import dev.quiver.columnar.memory.Layouts;
import java.lang.foreign.MemorySegment;

/// The three bytes EF BB BF that some programs write before UTF-8.
final class ByteOrderMark {
    static final int BYTES = 3;

    private ByteOrderMark() {}

    static boolean isAt(MemorySegment data, long offset) {
        return (data.get(Layouts.INT, offset) & 0xFF_FFFF) == 0xBF_BBEF;
    }
}
