package dev.quiver.columnar.kernel;

import dev.quiver.columnar.VariableColumn;
import dev.quiver.columnar.memory.Buffer;
import dev.quiver.columnar.memory.Layouts;
import dev.quiver.columnar.memory.MemoryAccount;
import java.lang.foreign.MemorySegment;

/// Distinct byte strings with numbers `0, 1, 2 …` in the order of arrival, for one operator: what a
/// `Dictionary` is for a session, without locks and limits on their number.
///
/// Open addressing with linear probing over int32 slots, hashes kept beside the values. Reading is
/// safe from many threads once nobody adds.
final class TextTable implements AutoCloseable {
    private static final int SLOTS_FIRST = 256;

    private final MemoryAccount account;
    private Buffer offsets;
    private Buffer bytes;
    private Buffer hashes;
    private Buffer slots;
    private int slotMask = SLOTS_FIRST - 1;
    private int size;

    TextTable(MemoryAccount account) {
        this.account = account;
        this.offsets = account.allocateZeroed(1024);
        this.bytes = account.allocate(4096);
        this.hashes = account.allocate(1024);
        this.slots = account.allocateZeroed(SLOTS_FIRST * 4L);
    }

    int size() {
        return size;
    }

    int start(int id) {
        return offsets.segment().get(Layouts.INT, id * 4L);
    }

    int end(int id) {
        return offsets.segment().get(Layouts.INT, (id + 1) * 4L);
    }

    int length(int id) {
        return end(id) - start(id);
    }

    long hash(int id) {
        return hashes.segment().get(Layouts.LONG, id * 8L);
    }

    MemorySegment data() {
        return bytes.segment();
    }

    /// The number of the bytes, or −1. Eight bytes behind them must be readable.
    int find(MemorySegment data, long offset, int length, long hash) {
        return slots.segment().get(Layouts.INT, slotOf(data, offset, length, hash) * 4L) - 1;
    }

    /// The number of the bytes, which are added when they are new.
    int add(MemorySegment data, long offset, int length, long hash) {
        int slot = slotOf(data, offset, length, hash);
        int found = slots.segment().get(Layouts.INT, slot * 4L);
        if (found != 0) return found - 1;
        int end = end(size - 1);
        makeRoom(end, length);
        MemorySegment.copy(data, offset, bytes.segment(), end, length);
        offsets.segment().set(Layouts.INT, (size + 1) * 4L, end + length);
        hashes.segment().set(Layouts.LONG, size * 8L, hash);
        size++;
        if (size * 2L > slotMask) growSlots();
        else slots.segment().set(Layouts.INT, slot * 4L, size);
        return size - 1;
    }

    private int slotOf(MemorySegment data, long offset, int length, long hash) {
        MemorySegment table = slots.segment();
        int slot = (int) (hash >>> 32) & slotMask;
        while (true) {
            int found = table.get(Layouts.INT, slot * 4L);
            if (found == 0 || holds(found - 1, data, offset, length, hash)) return slot;
            slot = slot + 1 & slotMask;
        }
    }

    private boolean holds(int id, MemorySegment data, long offset, int length, long hash) {
        return hash(id) == hash
                && length(id) == length
                && Texts.equal(bytes.segment(), start(id), data, offset, length);
    }

    private void makeRoom(int end, int length) {
        long needed = (long) end + length + VariableColumn.PADDING_BYTES;
        if (needed > Integer.MAX_VALUE - 64) throw Concat.tooMuchText(needed);
        if (needed > bytes.capacityBytes())
            bytes = account.grow(bytes, end, Math.max(needed, bytes.capacityBytes() * 2));
        if ((size + 2) * 4L > offsets.capacityBytes())
            offsets = account.grow(offsets, (size + 1) * 4L, offsets.capacityBytes() * 2);
        if ((size + 1) * 8L > hashes.capacityBytes())
            hashes = account.grow(hashes, size * 8L, hashes.capacityBytes() * 2);
    }

    private void growSlots() {
        int count = Math.multiplyExact(slotMask + 1, 2);
        Buffer grown = account.allocateZeroed(count * 4L);
        slots.close();
        slots = grown;
        slotMask = count - 1;
        MemorySegment table = grown.segment();
        for (int id = 0; id < size; id++) {
            int slot = (int) (hash(id) >>> 32) & slotMask;
            while (table.get(Layouts.INT, slot * 4L) != 0) slot = slot + 1 & slotMask;
            table.set(Layouts.INT, slot * 4L, id + 1);
        }
    }

    @Override
    public void close() {
        offsets.close();
        bytes.close();
        hashes.close();
        slots.close();
    }
}
