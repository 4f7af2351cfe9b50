package dev.quiver.io.parquet;

import dev.quiver.columnar.Column;
import dev.quiver.columnar.Validity;
import dev.quiver.columnar.memory.Buffer;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.error.QuiverException;
import dev.quiver.io.parquet.kernel.BitRange;
import dev.quiver.io.parquet.kernel.DamagedPage;
import dev.quiver.io.parquet.kernel.HybridDecoder;
import org.jspecify.annotations.Nullable;

/// Reads one column of a row group, so many rows at a time, across page borders.
final class ColumnReader implements AutoCloseable {
    private final ColumnPages pages;
    private final ValueSink sink;
    private final MemoryAccount account;
    private final boolean nullable;
    private @Nullable HybridDecoder levels;
    private int pageRows;
    private int pageIndex = -1;

    ColumnReader(ColumnPages pages, ValueSink sink, MemoryAccount account) {
        this.pages = pages;
        this.sink = sink;
        this.account = account;
        this.nullable = pages.column().nullable();
    }

    long bytesRead() {
        return pages.bytesRead();
    }

    /// The next rows as a column. The caller owns it.
    ///
    /// @param rows at most those of a chunk
    Column read(int rows) {
        Buffer validity = nullable ? account.allocate(Validity.bytes(rows)) : null;
        boolean done = false;
        try {
            int present = fill(rows, validity);
            done = true;
            if (validity != null && present == rows) {
                validity.close();
                validity = null;
            }
            return sink.end(validity);
        } catch (DamagedPage e) {
            throw damaged(e.what(), e);
        } catch (IndexOutOfBoundsException e) {
            throw damaged("points outside itself", e);
        } finally {
            if (!done && validity != null) validity.close();
        }
    }

    private QuiverException damaged(String what, RuntimeException cause) {
        return pages.errors()
                .corrupt(
                        pages.column().name(),
                        "page %d of a row group %s".formatted(Math.max(0, pageIndex), what),
                        cause);
    }

    /// @return how many of the rows hold a value
    private int fill(int rows, @Nullable Buffer validity) {
        sink.begin(rows);
        int total = 0;
        int row = 0;
        while (row < rows) {
            if (pageRows == 0) {
                nextPage();
                continue;
            }
            int count = Math.min(pageRows, rows - row);
            int present = count;
            if (validity != null) {
                if (levels == null) BitRange.fill(validity.segment(), row, count, true);
                else present = levels.readBits(validity.segment(), row, count);
            }
            sink.values(row, count, present, validity);
            total += present;
            row += count;
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
                nullable && page.levelsTo() > page.levelsFrom()
                        ? new HybridDecoder(page.data(), page.levelsFrom(), page.levelsTo(), 1)
                        : null;
        if (pageRows > 0) sink.page(page);
    }

    @Override
    public void close() {
        pages.close();
        sink.close();
    }
}
