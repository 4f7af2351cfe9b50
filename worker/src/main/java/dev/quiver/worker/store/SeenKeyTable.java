package dev.quiver.worker.store;

import dev.quiver.columnar.Hashing;
import dev.quiver.columnar.memory.Buffer;
import dev.quiver.columnar.memory.Layouts;
import dev.quiver.columnar.memory.MemoryAccount;
import java.lang.foreign.MemorySegment;

/// Seen keys in counted memory: 24 bytes a slot, of which at most two thirds are used, and the
/// bytes of keys longer than 15. For one thread at a time.
///
/// A slot is 16 bytes of the key with its length plus one in the last, or the hash and the place of
/// a longer key; then the position.
public final class SeenKeyTable implements SeenKeys, AutoCloseable {
    private static final int SLOT_BYTES = 24;
    private static final int SHORT_BYTES = 15;
    private static final int SLOTS_FIRST = 1 << 10;
    private static final long LONG_KEY = 0xFFL << 56;
    private static final long PLACE = (1L << 56) - 1;
    private static final long MULTIPLIER = 0x9E37_79B9_7F4A_7C15L;
    private static final long OTHER_MULTIPLIER = 0xC2B2_AE3D_27D4_EB4FL;

    private final MemoryAccount account;
    private Buffer slots;
    private Buffer bytes;
    private long bytesUsed;
    private long mask = SLOTS_FIRST - 1;
    private long used;

    /// @param account pays, until [#close]
    public SeenKeyTable(MemoryAccount account) {
        this.account = account;
        this.slots = account.allocateZeroed((long) SLOTS_FIRST * SLOT_BYTES);
        this.bytes = account.allocate(1024);
    }

    @Override
    public long first(MemorySegment key, long offset, int length, long position) {
        // First, so that a key that is refused isn't there.
        if ((used + 1) * 3 > (mask + 1) * 2) grow();
        boolean isShort = length <= SHORT_BYTES;
        long low =
                isShort
                        ? key.get(Layouts.LONG, offset) & lowMask(Math.min(length, 8))
                        : Hashing.bytes(key, offset, length);
        long high =
                isShort
                        ? key.get(Layouts.LONG, offset + 8) & lowMask(length - 8)
                                | (length + 1L) << 56
                        : LONG_KEY;
        MemorySegment table = slots.segment();
        long slot = slotOf(low, isShort ? high : LONG_KEY) & mask;
        while (true) {
            long at = slot * SLOT_BYTES;
            long found = table.get(Layouts.LONG, at + 8);
            if (found == 0) break;
            boolean same =
                    table.get(Layouts.LONG, at) == low
                            && (isShort
                                    ? found == high
                                    : (found & LONG_KEY) == LONG_KEY
                                            && holds(found & PLACE, key, offset, length));
            if (same) return table.get(Layouts.LONG, at + 16);
            slot = slot + 1 & mask;
        }
        long at = slot * SLOT_BYTES;
        table.set(Layouts.LONG, at, low);
        table.set(Layouts.LONG, at + 8, isShort ? high : LONG_KEY | keep(key, offset, length));
        table.set(Layouts.LONG, at + 16, position);
        used++;
        return position;
    }

    /// How many keys were seen.
    public long size() {
        return used;
    }

    private static long lowMask(int bytesKept) {
        if (bytesKept <= 0) return 0;
        return bytesKept >= 8 ? -1L : (1L << (bytesKept << 3)) - 1;
    }

    private static long slotOf(long low, long high) {
        long hash = (low * MULTIPLIER) ^ (high * OTHER_MULTIPLIER);
        hash = (hash ^ (hash >>> 29)) * MULTIPLIER;
        return hash >>> 24;
    }

    private boolean holds(long place, MemorySegment key, long offset, int length) {
        MemorySegment kept = bytes.segment();
        if (kept.get(Layouts.INT, place) != length) return false;
        return MemorySegment.mismatch(
                        kept, place + 4, place + 4 + length, key, offset, offset + length)
                < 0;
    }

    private long keep(MemorySegment key, long offset, int length) {
        long place = bytesUsed;
        long needed = place + 4 + length;
        if (needed > bytes.capacityBytes())
            bytes = account.grow(bytes, bytesUsed, Math.max(needed, bytes.capacityBytes() * 2));
        bytes.segment().set(Layouts.INT, place, length);
        MemorySegment.copy(key, offset, bytes.segment(), place + 4, length);
        bytesUsed = needed;
        return place;
    }

    private void grow() {
        long capacity = (mask + 1) * 2;
        Buffer larger = account.allocateZeroed(capacity * SLOT_BYTES);
        MemorySegment from = slots.segment();
        MemorySegment to = larger.segment();
        for (long i = 0; i <= mask; i++) {
            long high = from.get(Layouts.LONG, i * SLOT_BYTES + 8);
            if (high == 0) continue;
            long low = from.get(Layouts.LONG, i * SLOT_BYTES);
            boolean isLong = (high & LONG_KEY) == LONG_KEY;
            long slot = slotOf(low, isLong ? LONG_KEY : high) & (capacity - 1);
            while (to.get(Layouts.LONG, slot * SLOT_BYTES + 8) != 0) slot = slot + 1 & capacity - 1;
            MemorySegment.copy(from, i * SLOT_BYTES, to, slot * SLOT_BYTES, SLOT_BYTES);
        }
        slots.close();
        slots = larger;
        mask = capacity - 1;
    }

    @Override
    public void close() {
        slots.close();
        bytes.close();
    }
}
