package dev.quiver.io.parquet;

import dev.quiver.columnar.Column;
import dev.quiver.columnar.DictionaryColumn;
import dev.quiver.columnar.DictionaryValues;
import dev.quiver.columnar.Hashing;
import dev.quiver.columnar.VariableColumn;
import dev.quiver.columnar.memory.Layouts;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.schema.DataType;
import java.lang.foreign.MemorySegment;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.Statistics;
import org.jspecify.annotations.Nullable;

/// Texts and byte strings: by dictionary while it is small and repeats, else plain.
///
/// Each row group has a dictionary of its own; codes of dictionary-encoded columns are translated
/// without looking at the texts.
final class ArrayEncoder implements ValueEncoder {
    /// A dictionary of so many values is smaller than the texts of a row group of usual size.
    private static final int REPEATING_SIZE_MAX = GroupDictionary.SIZE_MAX / 2;

    /// After so many values it is looked whether they repeat at all.
    private static final int LOOK_VALUES = 1 << 14;

    /// With fewer repeated ones among them, a row group's values don't fit a dictionary.
    private static final double REPEATED_SHARE_MIN = 0.1;

    /// Up to here a few words are faster than a call that copies.
    private static final int SHORT_BYTES_MAX = 64;

    private static final int UNKNOWN = GroupDictionary.UNKNOWN;

    private final MemoryAccount account;
    private final ByteSink raw;
    private final ByteSink codes;
    private final ArrayBounds bounds;
    private final ArrayBounds pageBounds;
    private Statistics pageStatistics = new Statistics();

    /// The row group's values; null before the first and once they are written plain.
    private @Nullable GroupDictionary local;

    private boolean dictionaryUsed;
    private boolean coded = true;

    ArrayEncoder(DataType type, MemoryAccount account) {
        this.account = account;
        this.bounds = new ArrayBounds(!(type instanceof DataType.Binary));
        this.pageBounds = new ArrayBounds(!(type instanceof DataType.Binary));
        this.raw = new ByteSink(account);
        try {
            this.codes = new ByteSink(account);
        } catch (RuntimeException e) {
            raw.close();
            throw e;
        }
    }

    @Override
    public long bytes() {
        return raw.size() + codes.size();
    }

    @Override
    public int rowsThatFit(Column column, int row, int pageBytes) {
        if (coded && column instanceof DictionaryColumn) return column.rows() - row;
        long left = pageBytes - raw.size();
        int count = 0;
        for (int i = row; i < column.rows(); i++) {
            left -= 4L + length(column, i);
            if (left < 0) break;
            count++;
        }
        return Math.max(1, count);
    }

    private static int length(Column column, int row) {
        return switch (column) {
            case VariableColumn plain -> plain.length(row);
            case DictionaryColumn encoded -> {
                int code = encoded.code(row);
                yield encoded.isNull(row)
                        ? 0
                        : encoded.values().end(code) - encoded.values().start(code);
            }
            default -> throw new IllegalArgumentException(column.type() + " is no byte string");
        };
    }

    @Override
    public void append(Column column, int row, int count) {
        if (column instanceof DictionaryColumn encoded) appendEncoded(encoded, row, count);
        else appendPlain((VariableColumn) column, row, count);
    }

    private void appendEncoded(DictionaryColumn column, int row, int count) {
        int end = row + count;
        int first = coded ? appendCodes(column, row, end) : row;
        DictionaryValues values = column.values();
        for (int i = first; i < end; i++) {
            if (column.isNull(i)) continue;
            int code = column.code(i);
            int start = values.start(code);
            addRaw(values.data(), start, values.end(code) - start);
        }
    }

    /// Adds rows by their codes, and looks at a text when its code comes for the first time.
    ///
    /// @return the first row that wasn't added because the dictionary is full; `end` when all were
    private int appendCodes(DictionaryColumn column, int row, int end) {
        GroupDictionary own = local();
        int[] translation = own.translationFrom(column);
        MemorySegment from = column.codes();
        MemorySegment out = codes.room((end - row) * 4L);
        boolean nulls = column.validity() != null;
        long at = codes.size();
        for (int i = row; i < end; i++) {
            if (nulls && column.isNull(i)) continue;
            int code = from.get(Layouts.INT, i * 4L);
            int known = translation[code];
            if (known == UNKNOWN) {
                known = own.addOf(column, code);
                if (known == UNKNOWN) {
                    codes.end(at);
                    toPlain();
                    return i;
                }
            }
            out.set(Layouts.INT, at, known);
            at += 4;
        }
        codes.end(at);
        return end;
    }

    private GroupDictionary local() {
        GroupDictionary there = local;
        if (there == null) {
            there = new GroupDictionary(account);
            local = there;
        }
        return there;
    }

    private void appendPlain(VariableColumn column, int row, int count) {
        int end = row + count;
        int first = coded ? addCodes(column, row, end) : row;
        for (int i = first; i < end; i++) {
            if (column.isNull(i)) continue;
            int start = column.start(i);
            addRaw(column.data(), start, column.end(i) - start);
        }
    }

    /// Adds rows by looking their texts up.
    ///
    /// @return the first row that wasn't added because values are plain from there on; `end` when
    ///   all were
    private int addCodes(VariableColumn column, int row, int end) {
        GroupDictionary own = local();
        MemorySegment data = column.data();
        MemorySegment out = codes.room((end - row) * 4L);
        for (int i = row; i < end; i++) {
            if (column.isNull(i)) continue;
            int start = column.start(i);
            int length = column.end(i) - start;
            int code = own.add(data, start, length, Hashing.bytes(data, start, length));
            if (code == UNKNOWN) {
                toPlain();
                return i;
            }
            out.set(Layouts.INT, codes.size(), code);
            codes.end(codes.size() + 4);
        }
        if (isHopeless()) toPlain();
        return end;
    }

    /// Whether so many of the first values are new that looking at more isn't worth it.
    private boolean isHopeless() {
        if (dictionaryUsed || local == null || local.sourceSize() > 0) return false;
        long values = codes.size() / Integer.BYTES;
        return values >= LOOK_VALUES && local.size() > (1 - REPEATED_SHARE_MIN) * values;
    }

    /// From here on values are plain; those of the page that has begun become so.
    private void toPlain() {
        coded = false;
        if (local == null) return;
        if (codes.size() > 0) {
            DictionaryValues values = local.values();
            for (long at = 0; at < codes.size(); at += 4) {
                int place = local.place(codes.segment().get(Layouts.INT, at));
                int start = values.start(place);
                addRaw(values.data(), start, values.end(place) - start);
            }
        }
        codes.clear();
        if (dictionaryUsed) return;
        local.close();
        local = null;
    }

    /// Bounds the values whose codes the page has.
    private void addCoded(GroupDictionary own) {
        var seen = new boolean[own.size()];
        DictionaryValues values = own.values();
        MemorySegment segment = codes.segment();
        long end = codes.size();
        for (long at = 0; at < end; at += 4) seen[segment.get(Layouts.INT, at)] = true;
        for (int code = 0; code < seen.length; code++) {
            if (!seen[code]) continue;
            int place = own.place(code);
            int start = values.start(place);
            pageBounds.add(values.data(), start, values.end(place) - start);
        }
    }

    private void endBounds() {
        pageStatistics = new Statistics();
        pageBounds.write(pageStatistics);
        bounds.add(pageBounds);
        pageBounds.clear();
    }

    @Override
    public Statistics pageStatistics() {
        return pageStatistics;
    }

    private void addRaw(MemorySegment data, long start, int length) {
        pageBounds.add(data, start, length);
        write(data, start, length);
    }

    /// Writes a value behind its length; 8 readable bytes follow it, as in all columns.
    private void write(MemorySegment data, long start, int length) {
        long at = raw.size() + Integer.BYTES;
        MemorySegment out = raw.room(length + 12L);
        out.set(Layouts.INT, raw.size(), length);
        if (length <= SHORT_BYTES_MAX) {
            for (int i = 0; i < length; i += Long.BYTES)
                out.set(Layouts.LONG, at + i, data.get(Layouts.LONG, start + i));
        } else {
            MemorySegment.copy(data, start, out, at, length);
        }
        raw.end(at + length);
    }

    /// Whether a page's values repeat so little that those of the row group won't either, as far as
    /// can be known: a column that comes with a dictionary has no more values than that.
    private boolean isMostlyNew(int distinct, long values) {
        if (distinct * 2L <= Math.max(values, 64)) return false;
        int source = local == null ? 0 : local.sourceSize();
        return source == 0 || source > REPEATING_SIZE_MAX;
    }

    @Override
    public Encoding endPage(ByteSink out) {
        long values = codes.size() / 4;
        if (coded && !dictionaryUsed && local != null && isMostlyNew(local.size(), values))
            toPlain();
        if (!coded) {
            out.add(raw.segment(), 0, raw.size());
            raw.clear();
            endBounds();
            return Encoding.PLAIN;
        }
        if (local == null || values == 0) {
            // A page of nulls.
            endBounds();
            return Encoding.PLAIN;
        }
        addCoded(local);
        endBounds();
        FixedEncoder.writeCodes(codes, local.size(), out);
        codes.clear();
        dictionaryUsed = true;
        return Encoding.RLE_DICTIONARY;
    }

    @Override
    public boolean writeDictionary(PageWriter out) {
        if (!dictionaryUsed || local == null) return false;
        raw.clear();
        DictionaryValues values = local.values();
        for (int code = 0; code < local.size(); code++) {
            int place = local.place(code);
            write(values.data(), values.start(place), values.end(place) - values.start(place));
        }
        out.dictionary(raw.segment(), raw.size(), local.size());
        raw.clear();
        return true;
    }

    @Override
    public Statistics statistics() {
        var statistics = new Statistics();
        bounds.write(statistics);
        return statistics;
    }

    @Override
    public void endGroup() {
        bounds.clear();
        pageBounds.clear();
        if (local != null) local.close();
        local = null;
        dictionaryUsed = false;
        coded = true;
    }

    @Override
    public void close() {
        endGroup();
        raw.close();
        codes.close();
    }
}
