package dev.quiver.columnar.kernel;

import dev.quiver.columnar.BoolColumn;
import dev.quiver.columnar.Chunk;
import dev.quiver.columnar.Column;
import dev.quiver.columnar.DictionaryColumn;
import dev.quiver.columnar.FixedColumn;
import dev.quiver.columnar.ListColumn;
import dev.quiver.columnar.StructColumn;
import dev.quiver.columnar.Validity;
import dev.quiver.columnar.VariableColumn;
import dev.quiver.columnar.memory.Buffer;
import dev.quiver.columnar.memory.Checkpoint;
import dev.quiver.columnar.memory.Layouts;
import dev.quiver.columnar.memory.MemoryAccount;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/// Gathers rows of columns by their numbers.
///
/// Row numbers are int32 in native memory; with `misses`, a negative one makes a null.
public final class Take {
    private Take() {}

    /// Rows `indices[from … from + count)` of a chunk; the caller owns the result.
    public static Chunk chunk(
            Chunk source, MemorySegment indices, long from, int count, MemoryAccount account) {
        var columns = new ArrayList<Column>();
        try {
            for (Column column : source.columns())
                columns.add(column(column, indices, from, count, false, account));
            return new Chunk(source.schema(), columns, count);
        } catch (RuntimeException | Error e) {
            columns.forEach(Column::close);
            throw e;
        }
    }

    /// Rows `indices[from … from + count)` of a column; the caller owns the result. Text stays
    /// encoded as it is.
    ///
    /// @param misses whether an index may be negative
    public static Column column(
            Column source,
            MemorySegment indices,
            long from,
            int count,
            boolean misses,
            MemoryAccount account) {
        if (source.rows() == 0) return Nulls.column(source.type(), count, account);
        var rows = indices.asSlice(from * 4, count * 4L);
        Buffer validity = validity(source, rows, count, misses, account);
        try {
            return switch (source) {
                case FixedColumn fixed -> {
                    Buffer values = account.allocate((long) count * fixed.width());
                    MemorySegment to = values.segment();
                    inParts(count, account, (at, end) -> fixed(fixed, rows, at, end, to, misses));
                    yield new FixedColumn(fixed.type(), count, values, validity);
                }
                case BoolColumn bool -> {
                    Buffer bits = account.allocate(Validity.bytes(count));
                    MemorySegment to = bits.segment();
                    inParts(count, account, (at, end) -> bits(bool.values(), rows, at, end, to));
                    yield new BoolColumn(count, bits, validity);
                }
                case VariableColumn variable -> variable(variable, rows, count, validity, account);
                case DictionaryColumn coded -> {
                    Buffer codes = account.allocate(count * 4L);
                    MemorySegment to = codes.segment();
                    inParts(
                            count,
                            account,
                            (at, end) -> codes(coded.codes(), rows, at, end, to, misses));
                    yield new DictionaryColumn(
                            coded.type(),
                            count,
                            codes,
                            coded.dictionary(),
                            coded.values().retain(),
                            validity);
                }
                case ListColumn list -> lists(list, rows, count, validity, account);
                case StructColumn struct -> structs(struct, rows, count, misses, validity, account);
            };
        } catch (RuntimeException | Error e) {
            if (validity != null) validity.close();
            throw e;
        }
    }

    private interface Loop {
        void rows(int from, int end);
    }

    /// A loop over rows, with checkpoints; parts begin at multiples of 64.
    private static void inParts(int count, MemoryAccount account, Loop loop) {
        for (int from = 0; from < count; from += Checkpoint.ROWS) {
            account.checkpoint();
            loop.rows(from, Math.min(count, from + Checkpoint.ROWS));
        }
    }

    private static @Nullable Buffer validity(
            Column source, MemorySegment rows, int count, boolean misses, MemoryAccount account) {
        Buffer valid = source.validity();
        if (valid == null && !(misses && anyMiss(rows, count))) return null;
        Buffer bits = account.allocate(Validity.bytes(count));
        if (valid == null) hits(rows, count, bits.segment());
        else
            inParts(
                    count,
                    account,
                    (at, end) -> validBits(valid.segment(), rows, at, end, bits.segment()));
        return bits;
    }

    private static boolean anyMiss(MemorySegment rows, int count) {
        int or = 0;
        for (int i = 0; i < count; i++) or |= rows.get(Layouts.INT, i * 4L);
        return or < 0;
    }

    private static void hits(MemorySegment rows, int count, MemorySegment to) {
        for (int base = 0; base < count; base += 64) {
            long word = 0;
            int n = Math.min(64, count - base);
            for (int i = 0; i < n; i++)
                word |= (long) (~rows.get(Layouts.INT, (base + i) * 4L) >>> 31) << i;
            to.set(Layouts.LONG, base >> 3, word);
        }
    }

    private static void validBits(
            MemorySegment valid, MemorySegment rows, int first, int end, MemorySegment to) {
        for (int base = first; base < end; base += 64) {
            long word = 0;
            int n = Math.min(64, end - base);
            for (int i = 0; i < n; i++) {
                int row = rows.get(Layouts.INT, (base + i) * 4L);
                int known = row >= 0 ? valid.get(Layouts.BYTE, row >> 3) >> (row & 7) & 1 : 0;
                word |= (long) known << i;
            }
            to.set(Layouts.LONG, base >> 3, word);
        }
    }

    private static void bits(
            MemorySegment from, MemorySegment rows, int first, int end, MemorySegment to) {
        for (int base = first; base < end; base += 64) {
            long word = 0;
            int n = Math.min(64, end - base);
            for (int i = 0; i < n; i++) {
                int row = Math.max(0, rows.get(Layouts.INT, (base + i) * 4L));
                word |= (long) (from.get(Layouts.BYTE, row >> 3) >> (row & 7) & 1) << i;
            }
            to.set(Layouts.LONG, base >> 3, word);
        }
    }

    private static void fixed(
            FixedColumn source,
            MemorySegment rows,
            int first,
            int end,
            MemorySegment to,
            boolean misses) {
        MemorySegment from = source.values();
        switch (source.width()) {
            case 1 -> {
                for (int i = first; i < end; i++)
                    to.set(Layouts.BYTE, i, from.get(Layouts.BYTE, row(rows, i)));
            }
            case 2 -> {
                for (int i = first; i < end; i++)
                    to.set(Layouts.SHORT, i * 2L, from.get(Layouts.SHORT, row(rows, i) * 2L));
            }
            case 4 -> codes(from, rows, first, end, to, misses);
            case 8 -> longs(from, rows, first, end, to);
            default -> {
                for (int i = first; i < end; i++) {
                    long at = row(rows, i) * 16L;
                    to.set(Layouts.LONG, i * 16L, from.get(Layouts.LONG, at));
                    to.set(Layouts.LONG, i * 16L + 8, from.get(Layouts.LONG, at + 8));
                }
            }
        }
    }

    private static int row(MemorySegment rows, int i) {
        return Math.max(0, rows.get(Layouts.INT, i * 4L));
    }

    private static void longs(
            MemorySegment from, MemorySegment rows, int first, int end, MemorySegment to) {
        for (int i = first; i < end; i++)
            to.set(Layouts.LONG, i * 8L, from.get(Layouts.LONG, row(rows, i) * 8L));
    }

    /// Missed rows come out as 0, as null codes do.
    private static void codes(
            MemorySegment from,
            MemorySegment rows,
            int first,
            int end,
            MemorySegment to,
            boolean misses) {
        if (!misses) {
            for (int i = first; i < end; i++)
                to.set(
                        Layouts.INT,
                        i * 4L,
                        from.get(Layouts.INT, rows.get(Layouts.INT, i * 4L) * 4L));
            return;
        }
        for (int i = first; i < end; i++) {
            int row = rows.get(Layouts.INT, i * 4L);
            int value = from.get(Layouts.INT, Math.max(0, row) * 4L);
            to.set(Layouts.INT, i * 4L, row < 0 ? 0 : value);
        }
    }

    private static Column variable(
            VariableColumn source,
            MemorySegment rows,
            int count,
            @Nullable Buffer validity,
            MemoryAccount account) {
        Buffer offsets = account.allocate((count + 1) * 4L);
        try {
            long end = 0;
            for (int i = 0; i < count; i++) {
                offsets.segment().set(Layouts.INT, i * 4L, (int) end);
                int row = rows.get(Layouts.INT, i * 4L);
                if (row >= 0) end += source.length(row);
            }
            if (end > Integer.MAX_VALUE - 64) throw Concat.tooMuchText(end);
            offsets.segment().set(Layouts.INT, count * 4L, (int) end);
            Buffer bytes = account.allocate(end + VariableColumn.PADDING_BYTES);
            long at = 0;
            for (int from = 0; from < count; from += Checkpoint.ROWS) {
                account.checkpoint();
                int to = Math.min(count, from + Checkpoint.ROWS);
                at = copyTexts(source, rows, from, to, bytes.segment(), at);
            }
            return new VariableColumn(source.type(), count, offsets, bytes, validity);
        } catch (RuntimeException | Error e) {
            offsets.close();
            throw e;
        }
    }

    /// Short texts are copied a word at a time: what is written behind a text is overwritten by the
    /// next, and both buffers have a word of padding.
    ///
    /// @param begin where the first text goes
    /// @return the end of the last
    private static long copyTexts(
            VariableColumn source,
            MemorySegment rows,
            int first,
            int end,
            MemorySegment to,
            long begin) {
        MemorySegment from = source.data();
        long at = begin;
        for (int i = first; i < end; i++) {
            int row = rows.get(Layouts.INT, i * 4L);
            if (row < 0) continue;
            long start = source.start(row);
            int length = source.end(row) - (int) start;
            if (length <= 64) {
                for (int b = 0; b < length; b += 8)
                    to.set(Layouts.LONG, at + b, from.get(Layouts.LONG, start + b));
            } else {
                MemorySegment.copy(from, start, to, at, length);
            }
            at += length;
        }
        return at;
    }

    private static Column lists(
            ListColumn source,
            MemorySegment rows,
            int count,
            @Nullable Buffer validity,
            MemoryAccount account) {
        Buffer offsets = account.allocate((count + 1) * 4L);
        try {
            int end = 0;
            for (int i = 0; i < count; i++) {
                offsets.segment().set(Layouts.INT, i * 4L, end);
                int row = rows.get(Layouts.INT, i * 4L);
                if (row >= 0) end = Math.addExact(end, source.end(row) - source.start(row));
            }
            offsets.segment().set(Layouts.INT, count * 4L, end);
            try (Buffer elements = account.allocate(end * 4L)) {
                int at = 0;
                for (int i = 0; i < count; i++) {
                    int row = rows.get(Layouts.INT, i * 4L);
                    if (row < 0) continue;
                    for (int e = source.start(row); e < source.end(row); e++)
                        elements.segment().set(Layouts.INT, at++ * 4L, e);
                }
                Column taken =
                        column(source.elements(), elements.segment(), 0, end, false, account);
                return new ListColumn(source.type(), count, offsets, taken, validity);
            }
        } catch (RuntimeException | Error e) {
            offsets.close();
            throw e;
        }
    }

    private static Column structs(
            StructColumn source,
            MemorySegment rows,
            int count,
            boolean misses,
            @Nullable Buffer validity,
            MemoryAccount account) {
        var fields = new ArrayList<Column>();
        try {
            for (Column field : source.fields())
                fields.add(column(field, rows, 0, count, misses, account));
            return new StructColumn(source.type(), count, fields, validity);
        } catch (RuntimeException | Error e) {
            fields.forEach(Column::close);
            throw e;
        }
    }
}
