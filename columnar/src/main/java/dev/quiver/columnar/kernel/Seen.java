package dev.quiver.columnar.kernel;

import dev.quiver.columnar.Column;
import dev.quiver.columnar.Validity;
import dev.quiver.columnar.memory.Buffer;
import dev.quiver.columnar.memory.Layouts;
import dev.quiver.columnar.memory.MemoryAccount;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// Which groups have had a value.
///
/// As long as every chunk gave all its rows, every group has, since a group begins with a row: no
/// flags are kept until the first chunk that leaves rows out.
final class Seen implements AutoCloseable {
    private final MemoryAccount account;
    private @Nullable Buffer flags;
    private int size;

    Seen(MemoryAccount account) {
        this.account = account;
    }

    /// Makes room for groups below `count`, called before each [#mark].
    void grow(int count) {
        Buffer old = flags;
        if (old != null && count > size) {
            if (count > old.capacityBytes())
                old = account.grow(old, size, Math.max(count, old.capacityBytes() * 2));
            flags = old;
            old.segment().asSlice(size, count - (long) size).fill((byte) 0);
        }
        previous = flags == null ? size : count;
        size = count;
    }

    /// How many groups there were before the chunk that is marked.
    private int previous;

    void mark(Batch batch) {
        if (batch.complete && flags == null) return;
        mark(batch.groups, batch.count);
    }

    private void mark(int[] groups, int count) {
        MemorySegment to = flags().segment();
        for (int i = 0; i < count; i++) to.set(Layouts.BYTE, groups[i], (byte) 1);
    }

    /// Marks the groups of rows whose state isn't null.
    void mark(Column states, int[] groups, int rows) {
        if (states.nullCount() == 0 && flags == null) return;
        MemorySegment to = flags().segment();
        for (int i = 0; i < rows; i++)
            if (!states.isNull(i)) to.set(Layouts.BYTE, groups[i], (byte) 1);
    }

    /// Marks these groups and no others.
    void markOnly(int[] groups, int count) {
        previous = 0;
        mark(groups, count);
    }

    boolean has(int group) {
        return flags == null || flags.segment().get(Layouts.BYTE, group) != 0;
    }

    private Buffer flags() {
        Buffer made = flags;
        if (made != null) return made;
        made = account.allocateZeroed(Math.max(1024, size));
        made.segment().asSlice(0, previous).fill((byte) 1);
        flags = made;
        return made;
    }

    /// The bitmap of the groups `[from, from + count)`, or null when all have a value. The caller
    /// owns it.
    @Nullable Buffer validity(int from, int count) {
        if (flags == null) return null;
        Buffer bits = account.allocateZeroed(Validity.bytes(count));
        int ones = 0;
        for (int i = 0; i < count; i++) {
            if (!has(from + i)) continue;
            Validity.set(bits.segment(), i, true);
            ones++;
        }
        if (ones < count) return bits;
        bits.close();
        return null;
    }

    @Override
    public void close() {
        if (flags != null) flags.close();
        flags = null;
    }
}
