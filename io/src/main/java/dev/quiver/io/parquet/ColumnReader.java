package dev.quiver.io.parquet;

import dev.quiver.columnar.Chunk;
import dev.quiver.columnar.Column;
import dev.quiver.columnar.Validity;
import dev.quiver.columnar.memory.Buffer;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.io.parquet.kernel.BitRange;
import dev.quiver.io.parquet.kernel.DamagedPage;
import dev.quiver.io.parquet.kernel.LevelDecoder;
import org.jspecify.annotations.Nullable;

/// Reads one column of a row group, so many rows at a time, across page borders.
final class ColumnReader implements ColumnSource {
    private final ColumnPages pages;
    private final ValueSink sink;
    private final MemoryAccount account;
    private final boolean nullable;
    private @Nullable LevelDecoder levels;
    private int pageRows;
    private int pageIndex = -1;

    /// Rows that were read or skipped.
    private long row;

    private final @Nullable PageIndex index;

    /// @param index where it is to be used for skipping
    ColumnReader(
            ColumnPages pages, ValueSink sink, @Nullable PageIndex index, MemoryAccount account) {
        this.index = index;
        this.pages = pages;
        this.sink = sink;
        this.account = account;
        this.nullable = pages.column().nullable();
    }

    @Override
    public long bytesRead() {
        return pages.bytesRead();
    }

    @Override
    public void skip(long rows) {
        long target = row + rows;
        if (index != null && rows > pageRows) jump(index, target);
        while (row < target) read((int) Math.min(target - row, Chunk.ROWS)).close();
    }

    /// Goes to the page that holds a row; the dictionary is read on the way.
    private void jump(PageIndex places, long target) {
        int page = places.page(target);
        if (places.firstRow(page) <= row + pageRows) return;
        try {
            while (pageIndex < 0 && pages.isBefore(places.offset(0))) nextPage();
            pages.jump(places.offset(page), places.firstRow(page));
            pageRows = 0;
            nextPage();
            if (pageRows != places.firstRow(page + 1) - places.firstRow(page))
                throw new DamagedPage(
                        "has %d rows, its index says %d"
                                .formatted(
                                        pageRows,
                                        places.firstRow(page + 1) - places.firstRow(page)));
            row = places.firstRow(page);
        } catch (DamagedPage e) {
            throw pages.damaged(pageIndex, e.what(), e);
        } catch (IndexOutOfBoundsException e) {
            throw pages.damaged(pageIndex, "points outside itself", e);
        }
    }

    @Override
    public Column read(int rows) {
        Buffer validity = nullable ? account.allocate(Validity.bytes(rows)) : null;
        boolean done = false;
        try {
            int present = fill(rows, validity);
            row += rows;
            done = true;
            if (validity != null && present == rows) {
                validity.close();
                validity = null;
            }
            return sink.end(validity);
        } catch (DamagedPage e) {
            throw pages.damaged(pageIndex, e.what(), e);
        } catch (IndexOutOfBoundsException e) {
            throw pages.damaged(pageIndex, "points outside itself", e);
        } finally {
            if (!done && validity != null) validity.close();
        }
    }

    /// @return how many of the rows hold a value
    private int fill(int rows, @Nullable Buffer validity) {
        sink.begin(rows);
        int total = 0;
        int at = 0;
        while (at < rows) {
            if (pageRows == 0) {
                nextPage();
                continue;
            }
            int count = Math.min(pageRows, rows - at);
            int present = count;
            if (validity != null) {
                if (levels == null) BitRange.fill(validity.segment(), at, count, true);
                else present = levels.readBits(validity.segment(), at, count);
            }
            sink.values(at, count, present, validity);
            total += present;
            at += count;
            pageRows -= count;
        }
        return total;
    }

    private void nextPage() {
        pageIndex++;
        Page page = pages.next();
        if (page.dictionary()) {
            sink.dictionary(page);
            return;
        }
        pageRows = page.values();
        levels =
                nullable && !page.definitions().isEmpty()
                        ? page.definitions().decoder(page.data(), 1, pageRows)
                        : null;
        if (pageRows > 0) sink.page(page);
    }

    @Override
    public void close() {
        pages.close();
        sink.close();
    }
}
