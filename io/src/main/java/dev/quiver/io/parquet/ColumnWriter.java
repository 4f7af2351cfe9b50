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
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.Statistics;
import org.jspecify.annotations.Nullable;

/// Writes one column: rows become pages, pages wait packed until the row group ends.
final class ColumnWriter implements AutoCloseable {
    private static final int PAGE_BYTES = 1 << 20;
    private static final int PAGE_ROWS_MAX = 1 << 17;
    private static final int SLACK_BYTES = 32;

    private final Field field;
    private final CompressionCodec codec;
    private final MemoryAccount account;
    private final ValueEncoder values;
    private final PageWriter pages;
    private final Set<Encoding> encodings = EnumSet.noneOf(Encoding.class);

    /// Which rows of the page hold a value.
    private @Nullable Buffer valid;

    private @Nullable ByteSink page;
    private int pageRows;
    private int pageValues;
    private PageNotes notes = new PageNotes();
    private long groupRows;
    private long groupNulls;

    ColumnWriter(Field field, ValueEncoder values, CompressionCodec codec, MemoryAccount account) {
        this.field = field;
        this.values = values;
        this.codec = codec;
        this.account = account;
        this.pages = new PageWriter(codec, account);
    }

    /// Bytes that wait for the row group's end.
    long bytes() {
        return pages.pages().size() + values.bytes();
    }

    /// Adds all rows of a column.
    void append(Column column) {
        int row = 0;
        while (row < column.rows()) {
            int count = Math.min(column.rows() - row, PAGE_ROWS_MAX - pageRows);
            count = Math.min(count, values.rowsThatFit(column, row, PAGE_BYTES));
            appendRows(column, row, count);
            row += count;
            if (pageRows == PAGE_ROWS_MAX || values.bytes() >= PAGE_BYTES) endPage();
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
        groupRows += count;
        groupNulls += count - present;
    }

    private MemorySegment valid() {
        if (valid == null) valid = account.allocate(PAGE_ROWS_MAX / 8 + SLACK_BYTES);
        return valid.segment();
    }

    private void endPage() {
        if (pageRows == 0) return;
        if (page == null) page = new ByteSink(account);
        ByteSink out = page;
        out.clear();
        if (field.nullable()) {
            MemorySegment target = out.room(pageRows / 8 + SLACK_BYTES + 4);
            long end = HybridEncoder.writeBits(valid(), pageRows, pageValues, target, 4);
            target.set(Layouts.INT, 0, (int) (end - 4));
            out.end(end);
        }
        Encoding encoding = values.endPage(out);
        encodings.add(encoding);
        long from = pages.pages().size();
        pages.data(out.segment(), out.size(), pageRows, encoding);
        notes.add(
                from,
                pages.pages().size() - from,
                groupRows - pageRows,
                pageRows,
                pageValues,
                values.pageStatistics());
        pageRows = 0;
        pageValues = 0;
    }

    /// Writes the row group's column at the channel's position.
    WrittenColumn endGroup(FileChannel channel) throws IOException {
        endPage();
        long from = channel.position();
        long dictionaryBytes = 0;
        long unpacked = pages.unpackedBytes();
        try (var first = new PageWriter(codec, account)) {
            if (values.writeDictionary(first)) {
                dictionaryBytes = first.pages().size();
                unpacked += first.unpackedBytes();
                encodings.add(Encoding.PLAIN);
                write(channel, first.pages());
            }
        }
        write(channel, pages.pages());
        encodings.add(Encoding.RLE);
        List<Encoding> used = new ArrayList<>(encodings);
        var metadata =
                new ColumnMetaData(
                        ParquetTypes.physical(field.type()),
                        used,
                        List.of(field.name()),
                        codec,
                        groupRows,
                        unpacked,
                        dictionaryBytes + pages.pages().size(),
                        from + dictionaryBytes);
        if (dictionaryBytes > 0) metadata.setDictionary_page_offset(from);
        Statistics statistics = values.statistics();
        statistics.setNull_count(groupNulls);
        metadata.setStatistics(statistics);
        var chunk = new ColumnChunk(0);
        chunk.setMeta_data(metadata);
        var written =
                new WrittenColumn(chunk, notes.offsets(from + dictionaryBytes), notes.bounds());
        notes = new PageNotes();
        pages.clear();
        encodings.clear();
        values.endGroup();
        groupRows = 0;
        groupNulls = 0;
        return written;
    }

    private static void write(FileChannel channel, ByteSink bytes) throws IOException {
        // A byte buffer spans at most 2 GiB.
        long at = 0;
        while (at < bytes.size()) {
            long count = Math.min(bytes.size() - at, 1 << 30);
            ByteBuffer part = bytes.segment().asSlice(at, count).asByteBuffer();
            while (part.hasRemaining()) channel.write(part);
            at += count;
        }
    }

    @Override
    public void close() {
        values.close();
        pages.close();
        if (valid != null) valid.close();
        if (page != null) page.close();
        valid = null;
        page = null;
    }
}
