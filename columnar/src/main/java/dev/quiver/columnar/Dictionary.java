package dev.quiver.columnar;

import dev.quiver.columnar.memory.Buffer;
import dev.quiver.columnar.memory.Layouts;
import dev.quiver.columnar.memory.MemoryAccount;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/// An append-only set of distinct texts, each with a code: `0, 1, 2 …` in the order of arrival.
///
/// Shared by all chunks of a column and safe for concurrent use: scans collect values in a
/// [DictionaryBuilder] of their own and add the new ones once a chunk. Values never move or change
/// for a code; readers work on a pinned view.
///
/// Counted memory: offsets, bytes, hashes, and a lookup table of int32.
public final class Dictionary implements AutoCloseable {
    /// Codes a dictionary has at most; a column with more distinct values is better plain.
    public static final int SIZE_MAX = 1 << 22;

    /// Bytes that the values have at most.
    public static final int BYTES_MAX = 256 << 20;

    private static final int SIZE_FIRST = 64;

    /// The share of the budget that a dictionary may take which nothing asks for.
    private static final int BUDGET_SHARE = 16;

    /// What a value takes beside its bytes: offset, hash, slots.
    private static final int VALUE_BYTES = 24;

    private final MemoryAccount account;
    private Buffer offsets;
    private Buffer bytes;
    private Buffer hashes;
    private Buffer slots;
    private int slotMask;
    private int size;
    private boolean closed;

    /// @param account pays for the values
    public Dictionary(MemoryAccount account) {
        this.account = account;
        List<Buffer> made =
                account.allocateAll(
                        (SIZE_FIRST + 1) * 4L, 1024, SIZE_FIRST * 8L, SIZE_FIRST * 2 * 4L);
        this.offsets = made.get(0);
        this.bytes = made.get(1);
        this.hashes = made.get(2);
        this.slots = made.get(3);
        offsets.segment().fill((byte) 0);
        slots.segment().fill((byte) 0);
        this.slotMask = SIZE_FIRST * 2 - 1;
    }

    public synchronized int size() {
        return size;
    }

    /// Counted bytes, used or not.
    public synchronized long bytes() {
        return offsets.capacityBytes()
                + bytes.capacityBytes()
                + hashes.capacityBytes()
                + slots.capacityBytes();
    }

    /// Whether so many further values of so many bytes may still be added.
    public synchronized boolean hasRoomFor(int count, long byteCount) {
        return size + (long) count <= SIZE_MAX && end() + byteCount <= BYTES_MAX;
    }

    /// Whether it is still small with so many further values, as is wanted where encoding only
    /// saves memory: a part of the budget.
    public synchronized boolean staysSmallWith(int count, long byteCount) {
        long more = byteCount + (long) count * VALUE_BYTES;
        return bytes() + more <= account.pool().limitBytes() / BUDGET_SHARE;
    }

    /// The values so far; the caller owns the view.
    public synchronized DictionaryValues pin() {
        checkOpen();
        return new DictionaryValues(size, offsets.retain(), bytes.retain(), hashes.retain());
    }

    /// A text's `length` bytes, with as many readable ones behind them as hashing needs.
    private record Padded(MemorySegment data, int length) {
        static Padded of(String text) {
            byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
            byte[] bytes = Arrays.copyOf(utf8, utf8.length + VariableColumn.PADDING_BYTES);
            return new Padded(MemorySegment.ofArray(bytes), utf8.length);
        }
    }

    /// The code of a text, which is added when it is new.
    public int add(String text) {
        Padded padded = Padded.of(text);
        return add(padded.data, 0, padded.length);
    }

    /// The code of a text, or −1.
    public synchronized int find(String text) {
        checkOpen();
        Padded padded = Padded.of(text);
        long hash = Hashing.bytes(padded.data, 0, padded.length);
        int slot = slotOf(padded.data, 0, padded.length, hash);
        return slots.segment().get(Layouts.INT, slot * 4L) - 1;
    }

    /// The code of `length` bytes at `offset`, which are added when they are new; at least 8 bytes
    /// behind them must be readable.
    public int add(MemorySegment data, long offset, int length) {
        return add(data, offset, length, Hashing.bytes(data, offset, length));
    }

    /// As above, with the value's hash by [Hashing#bytes].
    public synchronized int add(MemorySegment data, long offset, int length, long hash) {
        checkOpen();
        int slot = slotOf(data, offset, length, hash);
        int found = slots.segment().get(Layouts.INT, slot * 4L);
        if (found != 0) return found - 1;
        if (!hasRoomFor(1, length))
            throw new IllegalStateException(
                    "a dictionary of %d values, %d bytes is full".formatted(size, end()));
        int code = size;
        // All that may be refused comes first: a refusal leaves the dictionary as it was.
        makeRoom(length);
        if ((code + 1) * 2 > slotMask) {
            growSlots();
            slot = slotOf(data, offset, length, hash);
        }
        int end = end();
        MemorySegment.copy(data, offset, bytes.segment(), end, length);
        offsets.segment().set(Layouts.INT, (code + 1) * 4L, end + length);
        hashes.segment().set(Layouts.LONG, code * 8L, hash);
        slots.segment().set(Layouts.INT, slot * 4L, code + 1);
        size = code + 1;
        return code;
    }

    /// The codes here of all values there: `result[i]` is the code of `other`'s code `i`. One lock
    /// for all.
    public synchronized int[] addAll(DictionaryValues other) {
        var mapping = new int[other.size()];
        for (int i = 0; i < mapping.length; i++) {
            int start = other.start(i);
            mapping[i] = add(other.data(), start, other.end(i) - start, other.hash(i));
        }
        return mapping;
    }

    private int end() {
        return offsets.segment().get(Layouts.INT, size * 4L);
    }

    /// The slot that holds the value, or the empty one where it belongs.
    private int slotOf(MemorySegment data, long offset, int length, long hash) {
        int slot = (int) (hash >>> 32) & slotMask;
        while (true) {
            int found = slots.segment().get(Layouts.INT, slot * 4L);
            if (found == 0 || holds(found - 1, data, offset, length, hash)) return slot;
            slot = slot + 1 & slotMask;
        }
    }

    private boolean holds(int code, MemorySegment data, long offset, int length, long hash) {
        if (hashes.segment().get(Layouts.LONG, code * 8L) != hash) return false;
        int start = offsets.segment().get(Layouts.INT, code * 4L);
        int end = offsets.segment().get(Layouts.INT, (code + 1) * 4L);
        return end - start == length
                && MemorySegment.mismatch(
                                bytes.segment(), start, end, data, offset, offset + length)
                        < 0;
    }

    /// Room for one more value. Pinned views keep the old buffers.
    private void makeRoom(int length) {
        long bytesNeeded = (long) end() + length + VariableColumn.PADDING_BYTES;
        if (bytesNeeded > bytes.capacityBytes())
            bytes = account.grow(bytes, end(), Math.max(bytesNeeded, bytes.capacityBytes() * 2));
        if ((size + 2) * 4L > offsets.capacityBytes())
            offsets = account.grow(offsets, (size + 1) * 4L, offsets.capacityBytes() * 2);
        if ((size + 1) * 8L > hashes.capacityBytes())
            hashes = account.grow(hashes, size * 8L, hashes.capacityBytes() * 2);
    }

    private void growSlots() {
        int count = (slotMask + 1) * 2;
        Buffer grown = account.allocateZeroed(count * 4L);
        slots.close();
        slots = grown;
        slotMask = count - 1;
        for (int code = 0; code < size; code++) {
            int slot = (int) (hashes.segment().get(Layouts.LONG, code * 8L) >>> 32) & slotMask;
            while (slots.segment().get(Layouts.INT, slot * 4L) != 0) slot = slot + 1 & slotMask;
            slots.segment().set(Layouts.INT, slot * 4L, code + 1);
        }
    }

    /// Whether values may be added and views taken.
    public synchronized boolean isOpen() {
        return !closed;
    }

    private void checkOpen() {
        if (closed) throw new IllegalStateException("the dictionary is closed");
    }

    /// Gives back this dictionary's share; columns that pinned values keep theirs.
    @Override
    public synchronized void close() {
        if (closed) return;
        closed = true;
        offsets.close();
        bytes.close();
        hashes.close();
        slots.close();
    }
}
