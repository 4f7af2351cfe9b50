package dev.quiver.columnar.kernel;

import dev.quiver.columnar.Column;
import dev.quiver.columnar.FixedColumn;
import dev.quiver.columnar.memory.Buffer;
import dev.quiver.columnar.memory.Layouts;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.operator.OrderBy;
import dev.quiver.schema.DataType;
import java.lang.foreign.MemorySegment;
import java.util.List;

/// The stable order of rows by several keys.
///
/// Each key becomes one or two words of 64 bits whose unsigned order is the key's, and a null flag;
/// words are sorted from the least significant one up by [RadixSort]. Texts become ranks among the
/// distinct values.
public final class SortOrder {
    private SortOrder() {}

    /// The row numbers in order, int32. The caller owns the buffer.
    ///
    /// @param keys the values of `order`, one column each; they stay the caller's
    public static Buffer of(
            List<Column> keys, List<OrderBy> order, int rows, MemoryAccount account) {
        try (var sort = new RadixSort(rows, account);
                Buffer words = account.allocate(rows * 8L)) {
            for (int k = keys.size() - 1; k >= 0; k--) {
                Column key = keys.get(k);
                boolean descending = order.get(k).descending();
                for (int w = 0; w < wordCount(key); w++) {
                    word(key, w, descending, words.segment(), account);
                    sort.by(words.segment());
                }
                if (key.nullCount() > 0) {
                    flags(key, order.get(k).nullsFirst(), words.segment());
                    sort.by(words.segment());
                }
            }
            return sort.takeOrder();
        }
    }

    private static int wordCount(Column key) {
        return key instanceof FixedColumn fixed && fixed.width() == 16 ? 2 : 1;
    }

    /// Writes word `w` of each row, the least significant first; 0 for nulls.
    private static void word(
            Column key, int w, boolean descending, MemorySegment to, MemoryAccount account) {
        int rows = key.rows();
        long flip = descending ? -1L : 0L;
        if (key instanceof FixedColumn wide && wide.width() == 16) {
            long sign = w == 1 ? Long.MIN_VALUE : 0;
            for (int i = 0; i < rows; i++) {
                long value = wide.values().get(Layouts.LONG, i * 16L + w * 8L);
                to.set(Layouts.LONG, i * 8L, value ^ sign ^ flip);
            }
        } else if (Longs.fits(key.type())) {
            DataType type = key.type();
            var block = new long[Math.min(rows, 4096)];
            for (int from = 0; from < rows; from += block.length) {
                account.checkpoint();
                int count = Math.min(block.length, rows - from);
                Longs.read(key, from, count, block);
                Longs.toOrdered(type, block, count);
                for (int i = 0; i < count; i++)
                    to.set(Layouts.LONG, (from + i) * 8L, block[i] ^ Long.MIN_VALUE ^ flip);
            }
        } else {
            TextRanks.write(key, to, account);
            if (descending)
                for (int i = 0; i < rows; i++)
                    to.set(Layouts.LONG, i * 8L, ~to.get(Layouts.LONG, i * 8L));
        }
        if (key.nullCount() > 0)
            for (int i = 0; i < rows; i++) if (key.isNull(i)) to.set(Layouts.LONG, i * 8L, 0);
    }

    private static void flags(Column key, boolean nullsFirst, MemorySegment to) {
        for (int i = 0; i < key.rows(); i++)
            to.set(Layouts.LONG, i * 8L, key.isNull(i) == nullsFirst ? 0 : 1);
    }
}
