package dev.quiver.io.parquet;

import dev.quiver.columnar.Column;
import dev.quiver.columnar.Validity;
import dev.quiver.columnar.memory.Buffer;
import dev.quiver.columnar.memory.Layouts;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.io.parquet.kernel.BitRange;
import dev.quiver.io.parquet.kernel.HybridEncoder;
import dev.quiver.schema.Field;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.util.List;
import org.apache.parquet.format.CompressionCodec;
import org.jspecify.annotations.Nullable;

/// Writes a flat column: an entry a row, and bits that say which rows hold a value.
final class ColumnWriter implements FieldWriter {
    private static final int PAGE_ROWS_MAX = 1 << 17;
    private static final int SLACK_BYTES = 32;

    private final Field field;
    private final MemoryAccount account;
    private final ValueEncoder values;
    private final LeafPages pages;

    /// Which rows of the page hold a value.
    private @Nullable Buffer valid;

    private int pageRows;
    private int pageValues;

    ColumnWriter(Field field, ValueEncoder values, CompressionCodec codec, MemoryAccount account) {
        this.field = field;
        this.values = values;
        this.account = account;
        this.pages = new LeafPages(field, List.of(field.name()), values, codec, account);
    }

    @Override
    public long bytes() {
        return pages.bytes();
    }

    @Override
    public void append(Column column) {
        int row = 0;
        while (row < column.rows()) {
            int count = Math.min(column.rows() - row, PAGE_ROWS_MAX - pageRows);
            count = Math.min(count, values.rowsThatFit(column, row, LeafPages.PAGE_BYTES));
            appendRows(column, row, count);
            row += count;
            if (pageRows == PAGE_ROWS_MAX || values.bytes() >= LeafPages.PAGE_BYTES) endPage();
        }
    }

    private void appendRows(Column column, int row, int count) {
        MemorySegment bits = valid();
        Buffer validity = column.validity();
        int present = count;
        if (validity == null) {
            BitRange.fill(bits, pageRows, count, true);
        } else {
            for (int i = 0; i < count; i++)
                Validity.set(bits, pageRows + i, Validity.get(validity.segment(), row + i));
            present = BitRange.countOnes(bits, pageRows, count);
        }
        if (present < count && !field.nullable())
            throw new IllegalStateException("a null in column " + field);
        values.append(column, row, count);
        pageRows += count;
        pageValues += present;
    }

    private MemorySegment valid() {
        if (valid == null) valid = account.allocate(PAGE_ROWS_MAX / 8 + SLACK_BYTES);
        return valid.segment();
    }

    private void endPage() {
        if (pageRows == 0) return;
        ByteSink out = pages.begin();
        if (field.nullable()) {
            MemorySegment target = out.room(pageRows / 8 + SLACK_BYTES + 4);
            long end = HybridEncoder.writeBits(valid(), pageRows, pageValues, target, 4);
            target.set(Layouts.INT, 0, (int) (end - 4));
            out.end(end);
        }
        pages.end(out, pageRows, pageRows, pageValues);
        pageRows = 0;
        pageValues = 0;
    }

    @Override
    public List<WrittenColumn> endGroup(FileChannel channel) throws IOException {
        endPage();
        return List.of(pages.endGroup(channel));
    }

    @Override
    public void close() {
        pages.close();
        if (valid != null) valid.close();
        valid = null;
    }
}
