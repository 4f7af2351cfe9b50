package dev.quiver.pipeline;

import dev.quiver.columnar.memory.Buffer;
import dev.quiver.columnar.memory.Layouts;
import dev.quiver.columnar.memory.MemoryAccount;
import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;

/// A set in counted memory: 16 bytes a slot, of which at most two thirds are used.
final class KeysInMemory implements KeySet {
    private static final int SLOT_BYTES = 16;
    private static final int SLOTS_FIRST = 1 << 10;
    private static final long HIGH = (1L << 56) - 1;
    private static final long MULTIPLIER = 0x9E37_79B9_7F4A_7C15L;
    private static final long OTHER_MULTIPLIER = 0xC2B2_AE3D_27D4_EB4FL;

    private final MemoryAccount account;
    private Buffer slots;
    private long mask = SLOTS_FIRST - 1;
    private long used;

    /// @param account pays, until [#close]
    KeysInMemory(MemoryAccount account) {
        this.account = account;
        this.slots = account.allocateZeroed((long) SLOTS_FIRST * SLOT_BYTES);
    }

    private static long low(byte[] digest) {
        return MemorySegment.ofArray(digest).get(Layouts.LONG, 0);
    }

    /// Never 0.
    private static long high(byte[] digest) {
        return MemorySegment.ofArray(digest).get(Layouts.LONG, KeyDigest.BYTES - 8) >>> 8 & HIGH;
    }

    /// The slot that has the digest, or the free one where it belongs.
    private static long slot(MemorySegment table, long mask, long low, long high) {
        long hash = (low * MULTIPLIER) ^ (high * OTHER_MULTIPLIER);
        long slot = ((hash ^ (hash >>> 29)) * MULTIPLIER >>> 24) & mask;
        while (true) {
            long found = table.get(Layouts.LONG, slot * SLOT_BYTES + 8);
            if (found == 0) return slot;
            if (found == high && table.get(Layouts.LONG, slot * SLOT_BYTES) == low) return slot;
            slot = slot + 1 & mask;
        }
    }

    @Override
    public boolean contains(byte[] digest) {
        MemorySegment table = slots.segment();
        long slot = slot(table, mask, low(digest), high(digest));
        return table.get(Layouts.LONG, slot * SLOT_BYTES + 8) != 0;
    }

    @Override
    public void add(byte[] digest) {
        if ((used + 1) * 3 > (mask + 1) * 2) grow();
        if (put(slots.segment(), mask, low(digest), high(digest))) used++;
    }

    private static boolean put(MemorySegment table, long mask, long low, long high) {
        long at = slot(table, mask, low, high) * SLOT_BYTES;
        if (table.get(Layouts.LONG, at + 8) != 0) return false;
        table.set(Layouts.LONG, at, low);
        table.set(Layouts.LONG, at + 8, high);
        return true;
    }

    private void grow() {
        long capacity = (mask + 1) * 2;
        Buffer larger = account.allocateZeroed(capacity * SLOT_BYTES);
        MemorySegment from = slots.segment();
        for (long at = 0; at <= mask * SLOT_BYTES; at += SLOT_BYTES) {
            long high = from.get(Layouts.LONG, at + 8);
            if (high != 0) put(larger.segment(), capacity - 1, from.get(Layouts.LONG, at), high);
        }
        slots.close();
        slots = larger;
        mask = capacity - 1;
    }

    /// Gives each digest in an array that is used again.
    void forEach(Consumer<byte[]> reader) {
        var digest = new byte[KeyDigest.BYTES + 1];
        MemorySegment bytes = MemorySegment.ofArray(digest);
        MemorySegment table = slots.segment();
        for (long at = 0; at <= mask * SLOT_BYTES; at += SLOT_BYTES) {
            long high = table.get(Layouts.LONG, at + 8);
            if (high == 0) continue;
            bytes.set(Layouts.LONG, 8, high);
            bytes.set(Layouts.LONG, 0, table.get(Layouts.LONG, at));
            reader.accept(digest);
        }
    }

    @Override
    public long size() {
        return used;
    }

    @Override
    public void close() {
        slots.close();
    }
}
