package dev.quiver.io.parquet;

import dev.quiver.columnar.Chunk;
import dev.quiver.columnar.Column;
import dev.quiver.columnar.Validity;
import dev.quiver.columnar.kernel.Concat;
import dev.quiver.columnar.memory.Buffer;
import dev.quiver.columnar.memory.Layouts;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.io.parquet.kernel.DamagedPage;
import dev.quiver.io.parquet.kernel.LevelDecoder;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads one leaf of a nested column: the levels of so many rows, and the values of their slots.
final class LeafReader implements AutoCloseable {
    private final FileNode.Leaf leaf;
    private final ColumnPages pages;
    private final ValueSink sink;
    private final MemoryAccount account;

    /// The levels of the page, and of the rows that were asked for, a byte each.
    private final ByteSink pageRepetitions;

    private final ByteSink pageDefinitions;
    private final ByteSink repetitions;
    private final ByteSink definitions;

    private long entriesLeft;
    private int pageEntries;
    private int pageAt;
    private int pageIndex = -1;

    LeafReader(
            FileNode.Leaf leaf,
            long entries,
            ColumnPages pages,
            ValueSink sink,
            MemoryAccount account) {
        this.leaf = leaf;
        this.entriesLeft = entries;
        this.pages = pages;
        this.sink = sink;
        this.account = account;
        var made = new ArrayList<ByteSink>();
        try {
            for (int i = 0; i < 4; i++) made.add(new ByteSink(account));
        } catch (RuntimeException e) {
            made.forEach(ByteSink::close);
            throw e;
        }
        this.pageRepetitions = made.get(0);
        this.pageDefinitions = made.get(1);
        this.repetitions = made.get(2);
        this.definitions = made.get(3);
    }

    long bytesRead() {
        return pages.bytesRead();
    }

    /// The repetition levels of the rows read last, a byte an entry.
    MemorySegment repetitions() {
        return repetitions.segment();
    }

    /// As [#repetitions].
    MemorySegment definitions() {
        return definitions.segment();
    }

    int entries() {
        return (int) definitions.size();
    }

    /// The slots of the next `rows` rows. The caller owns the column.
    Column read(int rows) {
        repetitions.clear();
        definitions.clear();
        var parts = new ArrayList<Column>();
        try {
            readRows(rows, parts);
            List<Concat.Span> spans = parts.stream().map(Concat.Span::of).toList();
            return parts.size() == 1
                    ? parts.removeFirst()
                    : Concat.column(leaf.field().type(), spans, account);
        } catch (DamagedPage e) {
            throw pages.damaged(pageIndex, e.what(), e);
        } catch (IndexOutOfBoundsException e) {
            throw pages.damaged(pageIndex, "points outside itself", e);
        } finally {
            parts.forEach(Column::close);
        }
    }

    /// Whether nothing is left behind the rows that were read.
    boolean isAtEnd() {
        return entriesLeft == 0 && pageAt == pageEntries;
    }

    private void readRows(int rows, List<Column> parts) {
        int begun = 0;
        while (true) {
            if (pageAt == pageEntries) {
                if (entriesLeft == 0) {
                    if (begun < rows) throw new DamagedPage("is missing");
                    return;
                }
                if (leaf.repetition() == 0 && begun == rows) return;
                nextPage();
                continue;
            }
            int from = pageAt;
            MemorySegment levels = pageRepetitions.segment();
            if (begun == 0 && levels.get(Layouts.BYTE, from) != 0)
                throw new DamagedPage("begins inside a row");
            int to = from;
            while (to < pageEntries) {
                if (levels.get(Layouts.BYTE, to) == 0) {
                    if (begun == rows) break;
                    begun++;
                }
                to++;
            }
            take(from, to, parts);
            pageAt = to;
            if (to < pageEntries) return;
        }
    }

    private void nextPage() {
        pageIndex++;
        Page page = pages.next();
        if (page.dictionary()) {
            sink.dictionary(page);
            return;
        }
        int count = page.values();
        entriesLeft -= count;
        pageAt = 0;
        pageEntries = 0;
        levels(page, page.repetitions(), leaf.repetition(), 0, pageRepetitions);
        levels(page, page.definitions(), leaf.definition(), leaf.definition(), pageDefinitions);
        pageEntries = count;
        if (count > 0) sink.page(page);
    }

    private static void levels(
            Page page, Page.Levels levels, int max, int otherwise, ByteSink target) {
        target.clear();
        MemorySegment out = target.room(page.values());
        if (levels.isEmpty()) {
            out.asSlice(0, page.values()).fill((byte) otherwise);
        } else {
            LevelDecoder decoder = levels.decoder(page.data(), max, page.values());
            decoder.readBytes(out, 0, page.values());
        }
        target.end(page.values());
    }

    /// Keeps the levels of entries `[from, to)` of the page and reads their slots' values.
    private void take(int from, int to, List<Column> parts) {
        if (to == from) return;
        if (entries() + (long) (to - from) > Integer.MAX_VALUE - 64)
            throw new DamagedPage("has lists of more than 2^31 values");
        repetitions.add(pageRepetitions.segment(), from, to - from);
        definitions.add(pageDefinitions.segment(), from, to - from);
        int at = from;
        while (at < to) at = takeSlots(at, to, parts);
    }

    /// Reads the values of as many slots as a chunk has rows.
    ///
    /// @return the first entry behind them
    private int takeSlots(int from, int to, List<Column> parts) {
        MemorySegment levels = pageDefinitions.segment();
        Buffer validity = account.allocate(Validity.bytes(Chunk.ROWS));
        Buffer owned = validity;
        try {
            int slots = 0;
            int present = 0;
            int at = from;
            while (at < to && slots < Chunk.ROWS) {
                int level = levels.get(Layouts.BYTE, at++);
                if (level < leaf.slot()) continue;
                boolean valid = level == leaf.definition();
                Validity.set(validity.segment(), slots++, valid);
                if (valid) present++;
            }
            if (slots == 0) return at;
            sink.begin(slots);
            sink.values(0, slots, present, validity);
            @Nullable Buffer bits = present == slots ? null : validity;
            if (bits != null) owned = null;
            parts.add(sink.end(bits));
            return at;
        } finally {
            if (owned != null) owned.close();
        }
    }

    @Override
    public void close() {
        pages.close();
        sink.close();
        pageRepetitions.close();
        pageDefinitions.close();
        repetitions.close();
        definitions.close();
    }
}
