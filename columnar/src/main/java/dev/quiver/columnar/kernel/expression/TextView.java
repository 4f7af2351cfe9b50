package dev.quiver.columnar.kernel.expression;

import dev.quiver.columnar.DictionaryColumn;
import dev.quiver.columnar.VariableColumn;
import dev.quiver.columnar.memory.Layouts;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// The bytes of a text column's rows, however it is encoded.
final class TextView {
    private final MemorySegment data;
    private final MemorySegment offsets;
    private final @Nullable MemorySegment codes;

    private TextView(MemorySegment data, MemorySegment offsets, @Nullable MemorySegment codes) {
        this.data = data;
        this.offsets = offsets;
        this.codes = codes;
    }

    static TextView of(Operand operand) {
        return switch (((Operand.Vector) operand).column()) {
            case VariableColumn plain -> new TextView(plain.data(), plain.offsets(), null);
            case DictionaryColumn coded ->
                    new TextView(coded.values().data(), coded.values().offsets(), coded.codes());
            default -> throw new IllegalArgumentException("no text: " + operand.type());
        };
    }

    MemorySegment data() {
        return data;
    }

    int start(int row) {
        int entry = codes == null ? row : codes.get(Layouts.INT, (long) row << 2);
        return offsets.get(Layouts.INT, (long) entry << 2);
    }

    int end(int row) {
        int entry = codes == null ? row : codes.get(Layouts.INT, (long) row << 2);
        return offsets.get(Layouts.INT, (entry + 1L) << 2);
    }
}
