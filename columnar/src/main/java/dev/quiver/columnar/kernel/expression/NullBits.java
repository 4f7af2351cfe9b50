package dev.quiver.columnar.kernel.expression;

import dev.quiver.columnar.Validity;
import dev.quiver.columnar.memory.Buffer;
import dev.quiver.columnar.memory.Layouts;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Bitmaps of results.
final class NullBits {
    private NullBits() {}

    /// The rows where every operand holds a value, as a bitmap of the caller's; null when all do.
    /// No operand is the constant null.
    static @Nullable Buffer all(List<Operand> operands, Input in) {
        Buffer result = null;
        boolean own = false;
        for (Operand operand : operands) {
            if (!(operand instanceof Operand.Vector vector)) continue;
            Buffer validity = vector.validity();
            if (validity == null || validity == result) continue;
            if (result == null) {
                result = validity;
            } else if (own) {
                and(result.segment(), validity.segment(), result.segment(), in.words());
            } else {
                Buffer both = in.account().allocate(Validity.bytes(in.rows()));
                and(result.segment(), validity.segment(), both.segment(), in.words());
                result = both;
                own = true;
            }
        }
        return result == null || own ? result : result.retain();
    }

    private static void and(MemorySegment a, MemorySegment b, MemorySegment to, int words) {
        for (int i = 0; i < words; i++) {
            long at = (long) i << 3;
            to.set(Layouts.LONG, at, a.get(Layouts.LONG, at) & b.get(Layouts.LONG, at));
        }
    }

    /// A bitmap of no row.
    static Buffer none(Input in) {
        return in.account().allocateZeroed(Validity.bytes(in.rows()));
    }
}
