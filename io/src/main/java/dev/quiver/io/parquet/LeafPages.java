package dev.quiver.io.parquet;

import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.schema.Field;
import java.io.IOException;
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

/// The pages of one leaf column, which wait packed until the row group ends.
final class LeafPages implements AutoCloseable {
    /// Bytes of values after which a page ends.
    static final int PAGE_BYTES = 1 << 20;

    private final Field leaf;
    private final List<String> path;
    private final CompressionCodec codec;
    private final MemoryAccount account;
    private final ValueEncoder values;
    private final PageWriter pages;
    private final Set<Encoding> encodings = EnumSet.noneOf(Encoding.class);
    private @Nullable ByteSink page;
    private PageNotes notes = new PageNotes();
    private long groupRows;
    private long groupEntries;
    private long groupNulls;

    /// Takes the encoder over.
    ///
    /// @param path names from the root of the file's schema to the leaf
    LeafPages(
            Field leaf,
            List<String> path,
            ValueEncoder values,
            CompressionCodec codec,
            MemoryAccount account) {
        this.leaf = leaf;
        this.path = path;
        this.values = values;
        this.codec = codec;
        this.account = account;
        this.pages = new PageWriter(codec, account);
    }

    ValueEncoder values() {
        return values;
    }

    /// Bytes that wait for the row group's end.
    long bytes() {
        return pages.pages().size() + values.bytes();
    }

    /// An empty page, for the levels.
    ByteSink begin() {
        if (page == null) page = new ByteSink(account);
        page.clear();
        return page;
    }

    /// Ends the page that [#begin] gave.
    ///
    /// @param entries values, nulls and empty lists
    /// @param present values
    void end(ByteSink out, int rows, int entries, int present) {
        Encoding encoding = values.endPage(out);
        encodings.add(encoding);
        long from = pages.pages().size();
        pages.data(out.segment(), out.size(), entries, encoding);
        notes.add(
                from,
                pages.pages().size() - from,
                groupRows,
                entries,
                present,
                values.pageStatistics());
        groupRows += rows;
        groupEntries += entries;
        groupNulls += entries - present;
    }

    /// Writes the row group's column at the channel's position.
    WrittenColumn endGroup(FileChannel channel) throws IOException {
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
                        ParquetTypes.physical(leaf.type()),
                        used,
                        path,
                        codec,
                        groupEntries,
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
        groupEntries = 0;
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
        if (page != null) page.close();
        page = null;
    }
}
