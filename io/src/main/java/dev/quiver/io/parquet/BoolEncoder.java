package dev.quiver.io.parquet;

import dev.quiver.columnar.BoolColumn;
import dev.quiver.columnar.Column;
import dev.quiver.columnar.Validity;
import dev.quiver.columnar.memory.MemoryAccount;
import java.lang.foreign.MemorySegment;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.Statistics;

/// Truth values, one bit each.
final class BoolEncoder implements ValueEncoder {
    private final ByteSink bits;
    private int count;
    private boolean sawTrue;
    private boolean sawFalse;
    private boolean pageTrue;
    private boolean pageFalse;
    private Statistics pageStatistics = new Statistics();

    BoolEncoder(MemoryAccount account) {
        this.bits = new ByteSink(account);
    }

    @Override
    public long bytes() {
        return (count + 7L) >>> 3;
    }

    @Override
    public int rowsThatFit(Column column, int row, int pageBytes) {
        return column.rows() - row;
    }

    @Override
    public void append(Column column, int row, int rows) {
        var bools = (BoolColumn) column;
        MemorySegment out = bits.room((count + (long) rows + 7) / 8 + 8);
        for (int i = row; i < row + rows; i++) {
            if (bools.isNull(i)) continue;
            boolean value = bools.get(i);
            pageTrue |= value;
            pageFalse |= !value;
            Validity.set(out, count++, value);
        }
        bits.end((count + 7L) >>> 3);
    }

    @Override
    public Encoding endPage(ByteSink out) {
        for (int i = count; (i & 7) != 0; i++) Validity.set(bits.segment(), i, false);
        out.add(bits.segment(), 0, bits.size());
        bits.clear();
        count = 0;
        pageStatistics = statistics(pageFalse, pageTrue);
        sawTrue |= pageTrue;
        sawFalse |= pageFalse;
        pageTrue = false;
        pageFalse = false;
        return Encoding.PLAIN;
    }

    @Override
    public boolean writeDictionary(PageWriter out) {
        return false;
    }

    @Override
    public Statistics pageStatistics() {
        return pageStatistics;
    }

    @Override
    public Statistics statistics() {
        return statistics(sawFalse, sawTrue);
    }

    private static Statistics statistics(boolean sawFalse, boolean sawTrue) {
        var statistics = new Statistics();
        if (!sawTrue && !sawFalse) return statistics;
        statistics.setMin_value(new byte[] {(byte) (sawFalse ? 0 : 1)});
        statistics.setMax_value(new byte[] {(byte) (sawTrue ? 1 : 0)});
        statistics.setIs_min_value_exact(true);
        statistics.setIs_max_value_exact(true);
        return statistics;
    }

    @Override
    public void endGroup() {
        sawTrue = false;
        sawFalse = false;
    }

    @Override
    public void close() {
        bits.close();
    }
}
