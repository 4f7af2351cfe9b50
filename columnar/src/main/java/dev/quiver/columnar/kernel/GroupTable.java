package dev.quiver.columnar.kernel;

import dev.quiver.columnar.Column;
import dev.quiver.columnar.Hashing;
import dev.quiver.columnar.Validity;
import dev.quiver.columnar.memory.Buffer;
import dev.quiver.columnar.memory.Checkpoint;
import dev.quiver.columnar.memory.Layouts;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.schema.DataType;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Gives each distinct combination of key values a number: `0, 1, 2 …` in the order of first
/// appearance.
///
/// Values are equal by [KeyColumn]'s rule: NaN = NaN, −0.0 = 0.0, texts by their bytes. A table
/// grows by doubling and changes its form at chunk borders:
///
/// - *direct*: all keys in a few bits together: an int32 for each possible combination;
/// - *packed*: one key, or all keys in 64 bits: open addressing, key and number in one cache line;
/// - *general*: open addressing over numbers, with the hashes kept beside the keys.
public final class GroupTable implements AutoCloseable {
    /// Combinations that a direct table holds at most, as a power of two.
    private static final int DIRECT_BITS_MAX = 20;

    /// How many times larger than the rows seen a direct table may be.
    private static final int DIRECT_SPARSE_MAX = 64;

    private static final int SLOTS_FIRST = 1024;

    private enum Form {
        DIRECT,
        PACKED,
        GENERAL
    }

    private final MemoryAccount account;
    private final boolean nullsMatch;
    private final List<KeyColumn> keys = new ArrayList<>();
    private final KeyRows rows;
    private final Buffer[] groupKeys;

    /// Which groups' keys aren't null; null as long as none is.
    private final @Nullable Buffer[] groupValid;

    private final long[] base;
    private final int[] bits;
    private boolean ranged;
    private Form form = Form.DIRECT;
    private @Nullable Buffer table;
    private @Nullable Buffer hashes;
    private long slotMask;
    private int groupCount;
    private int nullGroup = -1;

    /// @param nullsMatch whether nulls are values that equal each other (to group), or rows with a
    ///   null key get −1 (to join)
    public GroupTable(List<DataType> types, boolean nullsMatch, MemoryAccount account) {
        this.account = account;
        this.nullsMatch = nullsMatch;
        for (DataType type : types) keys.add(new KeyColumn(type, account));
        this.rows = new KeyRows(keys.size());
        this.base = new long[keys.size()];
        this.bits = new int[keys.size()];
        this.groupKeys = new Buffer[keys.size()];
        this.groupValid = new @Nullable Buffer[keys.size()];
        for (int k = 0; k < keys.size(); k++) groupKeys[k] = account.allocate(1024 * 8);
    }

    public int groupCount() {
        return groupCount;
    }

    /// Writes each row's number into `groups`, new combinations included.
    ///
    /// @param columns one a key, of the key's type, with `rowCount` rows each
    public void assign(List<Column> columns, int rowCount, int[] groups) {
        if (keys.isEmpty()) {
            if (rowCount > 0) groupCount = 1;
            Arrays.fill(groups, 0, rowCount, 0);
            return;
        }
        if (rowCount == 0) return;
        rows.load(columns, rowCount);
        for (int k = 0; k < keys.size(); k++) keys.get(k).read(columns.get(k), rows.values[k]);
        if (form != Form.GENERAL && !(form == Form.PACKED && keys.size() == 1)) fitRanges();
        switch (form) {
            case DIRECT -> assignDirect(groups);
            case PACKED -> {
                if (keys.size() > 1) pack(rows);
                assignPacked(groups);
            }
            case GENERAL -> assignGeneral(groups);
        }
    }

    /// Makes room for so many groups at once, instead of by doubling.
    public void expect(int groups) {
        if (form == Form.DIRECT || slotsFor(groups) <= slotMask) return;
        rebuild(slotsFor(groups));
    }

    /// Makes the ranges hold this chunk's values, and chooses the form.
    private void fitRanges() {
        boolean changed = !ranged;
        for (int k = 0; k < keys.size(); k++) changed |= widen(k);
        if (!changed) return;
        ranged = true;
        long total = 0;
        for (int width : bits) total += width;
        long seen = (long) rows.count + groupCount;
        boolean direct =
                total <= DIRECT_BITS_MAX && 1L << total <= Math.max(4096, seen * DIRECT_SPARSE_MAX);
        if (direct) form = Form.DIRECT;
        else form = keys.size() == 1 || total <= 64 ? Form.PACKED : Form.GENERAL;
        rebuild(direct ? 1L << total : slotsFor(groupCount));
    }

    private static long slotsFor(int groups) {
        return Math.max(SLOTS_FIRST, Long.highestOneBit(Math.max(1, groups)) << 2);
    }

    /// @return whether key `k`'s range had to change
    private boolean widen(int k) {
        KeyColumn key = keys.get(k);
        long min = 0;
        long max = Math.max(0, key.bound() - 1L);
        if (!key.isNumbered()) {
            if (!rows.range(k)) return false;
            min = rows.min;
            max = rows.max;
        }
        long top = top(k);
        if (ranged && min >= base[k] && max <= top) return false;
        if (ranged && bits[k] > 0) {
            // Room below, so that falling keys don't rebuild the table chunk by chunk.
            long lower = min - (top - min);
            boolean overflows = top < min || lower > min || lower < Long.MIN_VALUE / 2;
            if (min < base[k] && !overflows) min = lower;
            min = Math.min(min, base[k]);
            max = Math.max(max, top);
        }
        long span = max - min + 1;
        boolean fits = span > 0 && span < 1L << 62;
        // A field holds value − base + 1, and 0 for null.
        base[k] = fits ? min : Long.MIN_VALUE;
        bits[k] = fits ? 64 - Long.numberOfLeadingZeros(span) : 65;
        return true;
    }

    /// The largest value of key `k` that its field holds.
    private long top(int k) {
        if (bits[k] > 62) return Long.MAX_VALUE;
        return base[k] + (1L << bits[k]) - 2;
    }

    private void rebuild(long slots) {
        Buffer made =
                account.allocateZeroed(
                        switch (form) {
                            case DIRECT, GENERAL -> slots * 4;
                            case PACKED -> slots * 16;
                        });
        if (table != null) table.close();
        table = made;
        slotMask = slots - 1;
        if (form == Form.GENERAL && hashes == null)
            hashes = account.allocate(Math.max(1024, groupCount) * 8L);
        for (int from = 0; from < groupCount; from += Checkpoint.ROWS) {
            account.checkpoint();
            int end = Math.min(groupCount, from + Checkpoint.ROWS);
            for (int group = from; group < end; group++) insert(made.segment(), group);
        }
    }

    /// Puts a group that exists into the table.
    private void insert(MemorySegment to, int group) {
        switch (form) {
            case DIRECT -> to.set(Layouts.INT, packedKey(group) * 4, group + 1);
            case PACKED -> {
                if (keys.size() == 1 && isNull(0, group)) {
                    nullGroup = group;
                    return;
                }
                long key = keys.size() == 1 ? groupKey(0, group) : packedKey(group);
                long slot = mixed(key) & slotMask;
                while (to.get(Layouts.LONG, slot * 16 + 8) != 0) slot = slot + 1 & slotMask;
                to.set(Layouts.LONG, slot * 16, key);
                to.set(Layouts.LONG, slot * 16 + 8, group + 1L);
            }
            case GENERAL -> {
                Buffer kept = Objects.requireNonNull(hashes);
                long hash = Hashing.NULL;
                for (int k = 0; k < keys.size(); k++)
                    hash =
                            Hashing.combine(
                                    hash, isNull(k, group) ? Hashing.NULL : groupKey(k, group));
                kept.segment().set(Layouts.LONG, group * 8L, hash);
                long slot = hash & slotMask;
                while (to.get(Layouts.INT, slot * 4) != 0) slot = slot + 1 & slotMask;
                to.set(Layouts.INT, slot * 4, group + 1);
            }
        }
    }

    private static long mixed(long key) {
        long product = (key ^ key >>> 32) * 0x9E3779B97F4A7C15L;
        return product ^ product >>> 32;
    }

    private long groupKey(int k, int group) {
        return groupKeys[k].segment().get(Layouts.LONG, group * 8L);
    }

    private boolean isNull(int k, int group) {
        return !Validity.isValid(groupValid[k], group);
    }

    private long packedKey(int group) {
        long packed = 0;
        for (int k = 0; k < keys.size(); k++)
            packed = packed << bits[k] | (isNull(k, group) ? 0 : groupKey(k, group) - base[k] + 1);
        return packed;
    }

    /// The fields of all rows in one long each; with nulls that don't match −1 where a key is null,
    /// and −1 also where a value lies outside its range.
    private void pack(KeyRows from) {
        Arrays.fill(from.packed, 0, from.count, 0);
        for (int k = 0; k < keys.size(); k++) {
            int shift = bits[k];
            long less = base[k] - 1;
            long[] values = from.values[k];
            MemorySegment valid = from.valid[k];
            if (valid == null) {
                for (int i = 0; i < from.count; i++)
                    from.packed[i] = from.packed[i] << shift | values[i] - less;
                continue;
            }
            for (int i = 0; i < from.count; i++) {
                long field = Validity.get(valid, i) ? values[i] - less : 0;
                from.packed[i] = from.packed[i] << shift | field;
            }
        }
    }

    private void assignDirect(int[] groups) {
        if (keys.size() == 1 && !rows.anyNull()) {
            assignDirectSingle(groups);
            return;
        }
        pack(rows);
        MemorySegment to = Objects.requireNonNull(table).segment();
        boolean skip = !nullsMatch && rows.anyNull();
        for (int i = 0; i < rows.count; i++) {
            if (skip && rows.isNull(i)) {
                groups[i] = -1;
                continue;
            }
            long at = rows.packed[i] * 4;
            int group = to.get(Layouts.INT, at);
            if (group == 0) {
                group = add(i) + 1;
                to.set(Layouts.INT, at, group);
            }
            groups[i] = group - 1;
        }
    }

    /// One key without nulls: the commonest case.
    private void assignDirectSingle(int[] groups) {
        MemorySegment to = Objects.requireNonNull(table).segment();
        long less = base[0] - 1;
        long[] values = rows.values[0];
        int count = rows.count;
        for (int i = 0; i < count; i++) {
            long at = (values[i] - less) * 4;
            int group = to.get(Layouts.INT, at);
            if (group == 0) {
                group = add(i) + 1;
                to.set(Layouts.INT, at, group);
            }
            groups[i] = group - 1;
        }
    }

    private void assignPacked(int[] groups) {
        boolean single = keys.size() == 1;
        long[] packed = single ? rows.values[0] : rows.packed;
        MemorySegment to = Objects.requireNonNull(table).segment();
        boolean special = rows.anyNull() && (single || !nullsMatch);
        for (int i = 0; i < rows.count; i++) {
            if (special && rows.isNull(i)) {
                groups[i] = nullsMatch ? nullGroupOf(i) : -1;
                continue;
            }
            long key = packed[i];
            long slot = mixed(key) & slotMask;
            while (true) {
                long found = to.get(Layouts.LONG, slot * 16 + 8);
                if (found == 0) {
                    int group = add(i);
                    to.set(Layouts.LONG, slot * 16, key);
                    to.set(Layouts.LONG, slot * 16 + 8, group + 1L);
                    groups[i] = group;
                    if (groupCount * 2L > slotMask) {
                        rebuild((slotMask + 1) * 2);
                        to = table.segment();
                    }
                    break;
                }
                if (to.get(Layouts.LONG, slot * 16) == key) {
                    groups[i] = (int) found - 1;
                    break;
                }
                slot = slot + 1 & slotMask;
            }
        }
    }

    private int nullGroupOf(int row) {
        if (nullGroup < 0) nullGroup = add(row);
        return nullGroup;
    }

    private void assignGeneral(int[] groups) {
        rows.hash();
        boolean skip = !nullsMatch && rows.anyNull();
        for (int i = 0; i < rows.count; i++) {
            if (skip && rows.isNull(i)) {
                groups[i] = -1;
                continue;
            }
            int group = findGeneral(rows, i);
            if (group < 0) {
                group = add(i);
                insert(Objects.requireNonNull(table).segment(), group);
                if (groupCount * 2L > slotMask) rebuild((slotMask + 1) * 2);
            }
            groups[i] = group;
        }
    }

    private int findGeneral(KeyRows from, int row) {
        MemorySegment slots = Objects.requireNonNull(table).segment();
        MemorySegment kept = Objects.requireNonNull(hashes).segment();
        long hash = from.packed[row];
        long slot = hash & slotMask;
        while (true) {
            int group = slots.get(Layouts.INT, slot * 4) - 1;
            if (group < 0) return -1;
            if (kept.get(Layouts.LONG, group * 8L) == hash && equal(from, row, group)) return group;
            slot = slot + 1 & slotMask;
        }
    }

    private boolean equal(KeyRows from, int row, int group) {
        for (int k = 0; k < keys.size(); k++) {
            MemorySegment valid = from.valid[k];
            boolean known = valid == null || Validity.get(valid, row);
            if (known == isNull(k, group)) return false;
            if (known && from.values[k][row] != groupKey(k, group)) return false;
        }
        return true;
    }

    /// Appends the keys of a row as a new group.
    private int add(int row) {
        int group = groupCount;
        for (int k = 0; k < keys.size(); k++) {
            if ((group + 1) * 8L > groupKeys[k].capacityBytes()) growKeys(k);
            MemorySegment valid = rows.valid[k];
            boolean known = valid == null || Validity.get(valid, row);
            groupKeys[k].segment().set(Layouts.LONG, group * 8L, known ? rows.values[k][row] : 0);
            if (!known || groupValid[k] != null)
                Validity.set(groupValid(k).segment(), group, known);
        }
        if (hashes != null && (group + 1) * 8L > hashes.capacityBytes())
            hashes = account.grow(hashes, group * 8L, hashes.capacityBytes() * 2);
        groupCount = group + 1;
        return group;
    }

    private Buffer groupValid(int k) {
        Buffer bits = groupValid[k];
        if (bits == null) {
            bits = account.allocate(Validity.bytes((int) (groupKeys[k].capacityBytes() / 8)));
            Validity.fill(bits.segment(), groupCount);
            groupValid[k] = bits;
        }
        return bits;
    }

    private void growKeys(int k) {
        groupKeys[k] =
                account.grow(groupKeys[k], groupCount * 8L, groupKeys[k].capacityBytes() * 2);
        Buffer bits = groupValid[k];
        if (bits != null)
            groupValid[k] =
                    account.grow(
                            bits,
                            Validity.bytes(groupCount),
                            Validity.bytes((int) (groupKeys[k].capacityBytes() / 8)));
    }

    /// Writes each row's number into `groups`, −1 for combinations that were never assigned. Safe
    /// from many threads, each with its own `scratch`, once nobody assigns any more.
    public void find(List<Column> columns, int rowCount, KeyRows scratch, int[] groups) {
        if (groupCount == 0 || rowCount == 0) {
            Arrays.fill(groups, 0, rowCount, -1);
            return;
        }
        scratch.load(columns, rowCount);
        for (int k = 0; k < keys.size(); k++) keys.get(k).find(columns.get(k), scratch.values[k]);
        switch (form) {
            case DIRECT -> findDirect(scratch, groups);
            case PACKED -> findPacked(scratch, groups);
            case GENERAL -> {
                scratch.hash();
                for (int i = 0; i < rowCount; i++)
                    groups[i] = misses(scratch, i) ? -1 : findGeneral(scratch, i);
            }
        }
    }

    private boolean misses(KeyRows from, int row) {
        return !nullsMatch && from.anyNull() && from.isNull(row);
    }

    /// Marks rows with a value outside its key's range: they can't be there.
    private void markOutside(KeyRows from, int[] groups) {
        Arrays.fill(groups, 0, from.count, 0);
        for (int k = 0; k < keys.size(); k++) {
            long low = base[k];
            long high = top(k);
            long[] values = from.values[k];
            MemorySegment valid = from.valid[k];
            for (int i = 0; i < from.count; i++) {
                boolean known = valid == null || Validity.get(valid, i);
                boolean inside = known ? values[i] >= low && values[i] <= high : nullsMatch;
                if (!inside) groups[i] = -1;
            }
        }
    }

    private void findDirect(KeyRows from, int[] groups) {
        markOutside(from, groups);
        pack(from);
        MemorySegment slots = Objects.requireNonNull(table).segment();
        for (int i = 0; i < from.count; i++)
            if (groups[i] == 0) groups[i] = slots.get(Layouts.INT, from.packed[i] * 4) - 1;
    }

    private void findPacked(KeyRows from, int[] groups) {
        boolean single = keys.size() == 1;
        if (single) {
            Arrays.fill(groups, 0, from.count, 0);
            if (from.anyNull())
                for (int i = 0; i < from.count; i++) if (from.isNull(i)) groups[i] = -2;
        } else {
            markOutside(from, groups);
            pack(from);
        }
        long[] packed = single ? from.values[0] : from.packed;
        MemorySegment slots = Objects.requireNonNull(table).segment();
        long mask = slotMask;
        for (int i = 0; i < from.count; i++) {
            if (groups[i] < 0) {
                groups[i] = groups[i] == -2 && nullsMatch ? nullGroup : -1;
                continue;
            }
            long key = packed[i];
            long slot = mixed(key) & mask;
            long found = slots.get(Layouts.LONG, slot * 16 + 8);
            while (found != 0 && slots.get(Layouts.LONG, slot * 16) != key) {
                slot = slot + 1 & mask;
                found = slots.get(Layouts.LONG, slot * 16 + 8);
            }
            groups[i] = (int) found - 1;
        }
    }

    /// The hash of a group's key values: what [RowHash] makes of a row with these values.
    public long hash(int group) {
        long hash = 0;
        for (int k = 0; k < keys.size(); k++) {
            long next = isNull(k, group) ? Hashing.NULL : keys.get(k).hash(groupKey(k, group));
            hash = k == 0 ? next : Hashing.combine(hash, next);
        }
        return hash;
    }

    /// Key `k` of the groups `[from, from + count)`; the caller owns the column.
    ///
    /// @param from a multiple of 8
    public Column key(int k, int from, int count) {
        Buffer valid = groupValid[k];
        if (valid == null) return keys.get(k).column(groupKeys[k].segment(), from, count, null);
        Buffer validity = account.allocate(Validity.bytes(count));
        Bits.copy(valid.segment(), from, validity.segment(), 0, count);
        boolean all = Validity.countOnes(validity.segment(), count) == count;
        if (all) validity.close();
        return keys.get(k).column(groupKeys[k].segment(), from, count, all ? null : validity);
    }

    @Override
    public void close() {
        keys.forEach(KeyColumn::close);
        for (int k = 0; k < keys.size(); k++) {
            groupKeys[k].close();
            Buffer valid = groupValid[k];
            if (valid != null) valid.close();
        }
        if (table != null) table.close();
        if (hashes != null) hashes.close();
        table = null;
        hashes = null;
    }
}
