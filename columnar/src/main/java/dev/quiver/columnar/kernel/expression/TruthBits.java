package dev.quiver.columnar.kernel.expression;

import dev.quiver.columnar.BoolColumn;
import dev.quiver.columnar.Column;
import dev.quiver.columnar.memory.Buffer;
import dev.quiver.columnar.memory.Layouts;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// An operand as words of bits: which rows hold a value, and, of truth values, which are true.
final class TruthBits {
    private final @Nullable MemorySegment values;
    private final @Nullable MemorySegment validity;
    private final long constantValue;
    private final long constantValid;

    /// @param operand of any type; [#value] is for truth values only
    TruthBits(Operand operand) {
        switch (operand) {
            case Operand.Constant(var value, _) -> {
                values = null;
                validity = null;
                constantValue = Boolean.TRUE.equals(value) ? -1L : 0;
                constantValid = value == null ? 0 : -1L;
            }
            case Operand.Vector(Column column) -> {
                Buffer bits = column.validity();
                values = column instanceof BoolColumn bools ? bools.values() : null;
                validity = bits == null ? null : bits.segment();
                constantValue = 0;
                constantValid = -1L;
            }
        }
    }

    boolean alwaysValid() {
        return validity == null && constantValid != 0;
    }

    /// Undefined where a row is null or behind the last.
    long value(int word) {
        return values == null ? constantValue : values.get(Layouts.LONG, (long) word << 3);
    }

    long valid(int word) {
        return validity == null ? constantValid : validity.get(Layouts.LONG, (long) word << 3);
    }
}
