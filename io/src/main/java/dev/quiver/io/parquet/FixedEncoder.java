package dev.quiver.io.parquet;

import dev.quiver.columnar.Column;
import dev.quiver.columnar.FixedColumn;
import dev.quiver.columnar.memory.Layouts;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.io.parquet.kernel.FixedBounds;
import dev.quiver.io.parquet.kernel.HybridEncoder;
import dev.quiver.io.parquet.kernel.NumberDictionary;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Field;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.Statistics;
import org.apache.parquet.format.Type;

/// Values of fixed width: by dictionary while there are few, else plain.
final class FixedEncoder implements ValueEncoder {
    private static final long MILLIS_PER_SECOND = 1000;

    private final Field field;
    private final int storedWidth;
    private final boolean seconds;
    private final boolean dictionaryPossible;
    private final ByteSink raw;
    private final ByteSink codes;
    private final FixedBounds bounds;
    private final FixedBounds pageBounds;
    private Statistics pageStatistics = new Statistics();
    private NumberDictionary dictionary = new NumberDictionary();

    /// Whether the group's values still go through the dictionary.
    private boolean coded;

    private boolean dictionaryUsed;

    FixedEncoder(Field field, MemoryAccount account) {
        this.field = field;
        Type physical = ParquetTypes.physical(field.type());
        int width = FixedColumn.width(field.type());
        this.storedWidth =
                switch (physical) {
                    case INT32, FLOAT -> 4;
                    case INT64, DOUBLE -> 8;
                    default -> width;
                };
        this.seconds = isSeconds(field.type());
        this.dictionaryPossible = storedWidth == 4 || storedWidth == 8;
        this.coded = dictionaryPossible;
        this.bounds = new FixedBounds(field.type());
        this.pageBounds = new FixedBounds(field.type());
        this.raw = new ByteSink(account);
        try {
            this.codes = new ByteSink(account);
        } catch (RuntimeException e) {
            raw.close();
            throw e;
        }
    }

    private static boolean isSeconds(DataType type) {
        return switch (type) {
            case DataType.Timestamp(var unit, _) -> unit == DataType.TimeUnit.SECOND;
            case DataType.Time(var unit) -> unit == DataType.TimeUnit.SECOND;
            case DataType.Duration(var unit) -> unit == DataType.TimeUnit.SECOND;
            default -> false;
        };
    }

    @Override
    public long bytes() {
        return raw.size();
    }

    @Override
    public int rowsThatFit(Column column, int row, int pageBytes) {
        return (int) Math.max(1, (pageBytes - raw.size()) / storedWidth);
    }

    @Override
    public void append(Column column, int row, int count) {
        var fixed = (FixedColumn) column;
        long from = raw.size();
        MemorySegment out = raw.room((long) count * storedWidth);
        long at = from;
        boolean sameForm = fixed.width() == storedWidth && !seconds && storedWidth < 16;
        if (sameForm && fixed.nullCount() == 0) {
            MemorySegment.copy(
                    fixed.values(), (long) row * storedWidth, out, at, (long) count * storedWidth);
            at += (long) count * storedWidth;
        } else {
            for (int i = row; i < row + count; i++) {
                if (fixed.isNull(i)) continue;
                store(fixed.values(), i, out, at);
                at += storedWidth;
            }
        }
        raw.end(at);
        int added = (int) ((at - from) / storedWidth);
        pageBounds.add(out, from, storedWidth, added);
        if (coded) encode(out, from, added);
    }

    private void encode(MemorySegment values, long from, int count) {
        MemorySegment out = codes.room(count * 4L);
        int done = dictionary.encode(values, from, storedWidth, count, out, codes.size());
        codes.end(codes.size() + done * 4L);
        if (done < count) coded = false;
    }

    /// Writes one value in its stored form.
    private void store(MemorySegment values, int row, MemorySegment out, long at) {
        switch (field.type()) {
            case DataType.Int(var bits, var signed) -> {
                if (bits == 64) out.set(Layouts.LONG, at, values.get(Layouts.LONG, row * 8L));
                else out.set(Layouts.INT, at, integer(values, row, bits, signed));
            }
            case DataType.Time _, DataType.Timestamp _, DataType.Duration _ -> {
                long units = values.get(Layouts.LONG, row * 8L);
                if (seconds) units = millis(units);
                if (storedWidth == 4) out.set(Layouts.INT, at, (int) units);
                else out.set(Layouts.LONG, at, units);
            }
            default -> {
                if (storedWidth == 16) {
                    long low = values.get(Layouts.LONG, row * 16L);
                    long high = values.get(Layouts.LONG, row * 16L + 8);
                    out.set(Layouts.LONG, at, Long.reverseBytes(high));
                    out.set(Layouts.LONG, at + 8, Long.reverseBytes(low));
                } else {
                    MemorySegment.copy(values, (long) row * storedWidth, out, at, storedWidth);
                }
            }
        }
    }

    private static int integer(MemorySegment values, int row, int bits, boolean signed) {
        return switch (bits) {
            case 8 -> {
                byte value = values.get(Layouts.BYTE, row);
                yield signed ? value : value & 0xFF;
            }
            case 16 -> {
                short value = values.get(Layouts.SHORT, row * 2L);
                yield signed ? value : value & 0xFFFF;
            }
            default -> values.get(Layouts.INT, row * 4L);
        };
    }

    private long millis(long units) {
        try {
            return Math.multiplyExact(units, MILLIS_PER_SECOND);
        } catch (ArithmeticException e) {
            throw new QuiverException(
                    ErrorCode.OVERFLOW,
                    "%d seconds don't fit the milliseconds that Parquet has".formatted(units),
                    List.of("column: " + field.name()),
                    "filter such values before writing",
                    e);
        }
    }

    @Override
    public Encoding endPage(ByteSink out) {
        long values = raw.size() / storedWidth;
        if (coded && !dictionaryUsed && dictionary.size() * 2L > Math.max(values, 16))
            coded = false;
        pageStatistics = statistics(pageBounds);
        bounds.add(pageBounds);
        pageBounds.clear();
        Encoding encoding = Encoding.PLAIN;
        if (coded && values > 0) {
            writeCodes(codes, dictionary.size(), out);
            dictionaryUsed = true;
            encoding = Encoding.RLE_DICTIONARY;
        } else {
            out.add(raw.segment(), 0, raw.size());
        }
        raw.clear();
        codes.clear();
        return encoding;
    }

    /// Writes the width and then the codes.
    static void writeCodes(ByteSink codes, int dictionarySize, ByteSink out) {
        int count = (int) (codes.size() / 4);
        int width = HybridEncoder.width(Math.max(0, dictionarySize - 1));
        MemorySegment target = out.room(HybridEncoder.bytesMax(count, width) + 1);
        target.set(Layouts.BYTE, out.size(), (byte) width);
        out.end(HybridEncoder.write(codes.segment(), count, width, target, out.size() + 1));
    }

    @Override
    public boolean writeDictionary(PageWriter out) {
        if (!dictionaryUsed) return false;
        byte[] bytes = dictionary.bytes(storedWidth);
        raw.clear();
        raw.add(bytes);
        out.dictionary(raw.segment(), raw.size(), dictionary.size());
        raw.clear();
        return true;
    }

    @Override
    public Statistics pageStatistics() {
        return pageStatistics;
    }

    @Override
    public Statistics statistics() {
        return statistics(bounds);
    }

    private Statistics statistics(FixedBounds of) {
        var statistics = new Statistics();
        if (!of.isKnown()) return statistics;
        statistics.setMin_value(of.min(storedWidth));
        statistics.setMax_value(of.max(storedWidth));
        statistics.setIs_min_value_exact(true);
        statistics.setIs_max_value_exact(true);
        return statistics;
    }

    @Override
    public void endGroup() {
        bounds.clear();
        pageBounds.clear();
        dictionary = new NumberDictionary();
        coded = dictionaryPossible;
        dictionaryUsed = false;
    }

    @Override
    public void close() {
        raw.close();
        codes.close();
    }
}
