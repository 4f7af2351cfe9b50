package dev.quiver.io;

import dev.quiver.columnar.Dictionary;
import dev.quiver.columnar.DictionaryValues;
import dev.quiver.columnar.Hashing;
import dev.quiver.columnar.VariableColumn;
import dev.quiver.columnar.memory.Buffer;
import dev.quiver.columnar.memory.Layouts;
import dev.quiver.columnar.memory.MemoryAccount;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;

/// Turns texts into codes of a shared [Dictionary] without its lock: a private table knows the
/// values seen before, and new values wait in it until [#publish] adds them all at once.
///
/// For one thread at a time. A scan borrows one a column ([ScanDictionaries#encoder]) and gives it
/// back, so that the next range of the file needn't learn the values again.
///
/// A slot of the table is 32 bytes: up to 16 bytes of text (or the hash of a longer one), its
/// length plus one, its code. Codes are those of the dictionary, or negative ([#isPending]) until
/// published.
public final class DictionaryEncoder implements AutoCloseable {
    /// Readable bytes that must follow each text.
    public static final int PADDING_BYTES = 16;

    /// Distinct values that a column may have however few its rows are.
    public static final int VALUES_FREE = 1 << 17;

    /// The share of the budget that an encoder may take.
    private static final int BUDGET_SHARE = 32;

    private static final int SLOT_BYTES = 16;
    private static final int SHORT_BYTES = 15;
    private static final long LONG_TEXT = 0xFF00_0000_0000_0000L;
    private static final int SLOTS_FIRST = 256;
    private static final long MULTIPLIER = 0x9E37_79B9_7F4A_7C15L;
    private static final long OTHER_MULTIPLIER = 0xC2B2_AE3D_27D4_EB4FL;
    private static final long[] LOW_MASKS = masks(0);
    private static final long[] HIGH_MASKS = masks(8);

    private final MemoryAccount account;
    private final Dictionary dictionary;
    private Buffer table;
    private Buffer codes;
    private int slotMask = SLOTS_FIRST - 1;
    private int used;
    private Buffer pendingBytes;
    private int[] pendingEnds = new int[64];
    private int[] pendingSlots = new int[64];
    private int pending;
    private DictionaryValues known;
    private long rows;
    private boolean gaveUp;

    /// @param account pays for the table, until [#close]
    public DictionaryEncoder(MemoryAccount account, Dictionary dictionary) {
        this.account = account;
        this.dictionary = dictionary;
        List<Buffer> made =
                account.allocateAll((long) SLOTS_FIRST * SLOT_BYTES, SLOTS_FIRST * 4L, 1024);
        this.table = made.get(0);
        this.codes = made.get(1);
        this.pendingBytes = made.get(2);
        table.segment().fill((byte) 0);
        this.known = dictionary.pin();
    }

    /// Masks of the bytes of a text of each length that lie in its first or second word.
    private static long[] masks(int firstByte) {
        var masks = new long[SHORT_BYTES + 1];
        for (int length = 0; length <= SHORT_BYTES; length++) {
            int bytes = Math.clamp(length - firstByte, 0, 8);
            masks[length] = bytes == 8 ? -1L : (1L << (bytes << 3)) - 1;
        }
        return masks;
    }

    public Dictionary dictionary() {
        return dictionary;
    }

    /// Whether a code must still be translated by [#publish].
    public static boolean isPending(int code) {
        return code < 0;
    }

    /// How many values wait to be published.
    public int pendingCount() {
        return pending;
    }

    /// Bytes of the values that wait.
    public int pendingBytes() {
        return pending == 0 ? 0 : pendingEnds[pending - 1];
    }

    /// The code of a text; negative when it waits to be published.
    public int code(MemorySegment data, long offset, int length) {
        if (length > SHORT_BYTES) return longCode(data, offset, length);
        long low = data.get(Layouts.LONG, offset) & LOW_MASKS[length];
        long high =
                (data.get(Layouts.LONG, offset + 8) & HIGH_MASKS[length]) | ((length + 1L) << 56);
        MemorySegment slots = table.segment();
        int slot = slotOf(low, high) & slotMask;
        while (true) {
            long at = (long) slot * SLOT_BYTES;
            long found = slots.get(Layouts.LONG, at + 8);
            if (found == high && slots.get(Layouts.LONG, at) == low)
                return codes.segment().get(Layouts.INT, slot * 4L);
            if (found == 0) return insert(slot, low, high, data, offset, length);
            slot = (slot + 1) & slotMask;
        }
    }

    private static int slotOf(long low, long high) {
        long hash = (low * MULTIPLIER) ^ (high * OTHER_MULTIPLIER);
        hash = (hash ^ (hash >>> 29)) * MULTIPLIER;
        return (int) (hash >>> 33);
    }

    private int longCode(MemorySegment data, long offset, int length) {
        long hash = Hashing.bytes(data, offset, length);
        long high = LONG_TEXT | length;
        MemorySegment slots = table.segment();
        int slot = slotOf(hash, high) & slotMask;
        while (true) {
            long at = (long) slot * SLOT_BYTES;
            long found = slots.get(Layouts.LONG, at + 8);
            if (found == 0) return insert(slot, hash, high, data, offset, length);
            if (found == high && slots.get(Layouts.LONG, at) == hash) {
                int code = codes.segment().get(Layouts.INT, slot * 4L);
                if (holds(code, data, offset, length)) return code;
            }
            slot = (slot + 1) & slotMask;
        }
    }

    private boolean holds(int code, MemorySegment data, long offset, int length) {
        MemorySegment values = isPending(code) ? pendingBytes.segment() : known.data();
        long start = isPending(code) ? pendingStart(~code) : known.start(code);
        return MemorySegment.mismatch(values, start, start + length, data, offset, offset + length)
                < 0;
    }

    private int insert(int slot, long low, long high, MemorySegment data, long offset, int length) {
        int end = pendingBytes();
        long bytesNeeded = (long) end + length + VariableColumn.PADDING_BYTES;
        if (bytesNeeded > pendingBytes.capacityBytes())
            pendingBytes = account.grow(pendingBytes, end, bytesNeeded * 2);
        MemorySegment.copy(data, offset, pendingBytes.segment(), end, length);
        if (pending == pendingEnds.length) {
            pendingEnds = Arrays.copyOf(pendingEnds, pending * 2);
            pendingSlots = Arrays.copyOf(pendingSlots, pending * 2);
        }
        int code = ~pending;
        pendingEnds[pending] = Math.addExact(end, length);
        pendingSlots[pending++] = slot;
        MemorySegment slots = table.segment();
        long at = (long) slot * SLOT_BYTES;
        slots.set(Layouts.LONG, at, low);
        slots.set(Layouts.LONG, at + 8, high);
        codes.segment().set(Layouts.INT, slot * 4L, code);
        if (++used * 2 > slotMask) grow();
        return code;
    }

    private void grow() {
        int count = (slotMask + 1) * 4;
        List<Buffer> made = account.allocateAll((long) count * SLOT_BYTES, count * 4L);
        Buffer grown = made.get(0);
        Buffer grownCodes = made.get(1);
        grown.segment().fill((byte) 0);
        MemorySegment from = table.segment();
        MemorySegment to = grown.segment();
        for (int i = 0; i <= slotMask; i++) {
            long at = (long) i * SLOT_BYTES;
            long low = from.get(Layouts.LONG, at);
            long high = from.get(Layouts.LONG, at + 8);
            if (high == 0) continue;
            int slot = slotOf(low, high) & (count - 1);
            while (to.get(Layouts.LONG, (long) slot * SLOT_BYTES + 8) != 0)
                slot = (slot + 1) & (count - 1);
            to.set(Layouts.LONG, (long) slot * SLOT_BYTES, low);
            to.set(Layouts.LONG, (long) slot * SLOT_BYTES + 8, high);
            int code = codes.segment().get(Layouts.INT, i * 4L);
            grownCodes.segment().set(Layouts.INT, slot * 4L, code);
            if (isPending(code)) pendingSlots[~code] = slot;
        }
        table.close();
        codes.close();
        table = grown;
        codes = grownCodes;
        slotMask = count - 1;
    }

    private int pendingStart(int index) {
        return index == 0 ? 0 : pendingEnds[index - 1];
    }

    /// Adds the values that wait to the dictionary and translates the pending ones among `rows`
    /// codes in place. False, with nothing changed, when the dictionary has no room for them.
    public boolean publish(MemorySegment rowCodes, int rows) {
        if (pending == 0) return true;
        var hashes = new long[pending];
        MemorySegment values = pendingBytes.segment();
        for (int i = 0; i < pending; i++) {
            int start = pendingStart(i);
            hashes[i] = Hashing.bytes(values, start, pendingEnds[i] - start);
        }
        var published = new int[pending];
        synchronized (dictionary) {
            if (!dictionary.hasRoomFor(pending, pendingBytes())) return false;
            for (int i = 0; i < pending; i++) {
                int start = pendingStart(i);
                published[i] = dictionary.add(values, start, pendingEnds[i] - start, hashes[i]);
            }
        }
        known.close();
        known = dictionary.pin();
        for (int i = 0; i < pending; i++)
            codes.segment().set(Layouts.INT, pendingSlots[i] * 4L, published[i]);
        for (int row = 0; row < rows; row++) {
            int code = rowCodes.get(Layouts.INT, row * 4L);
            if (isPending(code)) rowCodes.set(Layouts.INT, row * 4L, published[~code]);
        }
        pending = 0;
        return true;
    }

    /// Tells that codes were asked for so many rows: what [#pays] goes by.
    public void addRows(int count) {
        rows += count;
    }

    /// Whether encoding saves memory: not with more than [#VALUES_FREE] distinct values that are
    /// more than half of the rows, not when that takes much of the budget, and not after [#giveUp].
    public boolean pays() {
        if (gaveUp || used > VALUES_FREE && used > rows / 2) return false;
        return bytes() <= account.pool().limitBytes() / BUDGET_SHARE
                && dictionary.staysSmallWith(pending, pendingBytes());
    }

    /// Says that this column is better plain from now on; codes given so far are void.
    public void giveUp() {
        forget();
        gaveUp = true;
    }

    /// Forgets all values; those that wait are void.
    public void forget() {
        Buffer empty = account.allocateZeroed((long) SLOTS_FIRST * SLOT_BYTES);
        table.close();
        table = empty;
        slotMask = SLOTS_FIRST - 1;
        used = 0;
        pending = 0;
    }

    /// The bytes of the value behind a code, also a pending one.
    public MemorySegment data(int code) {
        return isPending(code) ? pendingBytes.segment() : known.data();
    }

    /// Where the value behind a code begins in [#data].
    public int start(int code) {
        return isPending(code) ? pendingStart(~code) : known.start(code);
    }

    public int length(int code) {
        return isPending(code)
                ? pendingEnds[~code] - pendingStart(~code)
                : known.end(code) - known.start(code);
    }

    /// The values published so far; the caller owns the view. Holds all codes that aren't pending.
    public DictionaryValues pin() {
        return known.retain();
    }

    /// Counted bytes, used or not, without the dictionary's.
    public long bytes() {
        return table.capacityBytes() + codes.capacityBytes() + pendingBytes.capacityBytes();
    }

    /// Gives the table back.
    @Override
    public void close() {
        table.close();
        codes.close();
        pendingBytes.close();
        known.close();
    }
}
