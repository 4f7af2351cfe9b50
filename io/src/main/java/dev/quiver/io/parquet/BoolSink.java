package dev.quiver.io.parquet;

import dev.quiver.columnar.BoolColumn;
import dev.quiver.columnar.Column;
import dev.quiver.columnar.Validity;
import dev.quiver.columnar.memory.Buffer;
import dev.quiver.columnar.memory.Layouts;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.io.parquet.kernel.BitRange;
import dev.quiver.io.parquet.kernel.DamagedPage;
import dev.quiver.io.parquet.kernel.HybridDecoder;
import dev.quiver.io.parquet.kernel.Spread;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.apache.parquet.format.Encoding;
import org.jspecify.annotations.Nullable;

/// Columns of truth values.
final class BoolSink implements ValueSink {
    private final FileColumn column;
    private final FileErrors errors;
    private final MemoryAccount account;
    private @Nullable HybridDecoder runs;
    private MemorySegment plain = MemorySegment.NULL;
    private long bit;
    private long endBit;
    private @Nullable Buffer values;
    private int rows;

    BoolSink(FileColumn column, FileErrors errors, MemoryAccount account) {
        this.column = column;
        this.errors = errors;
        this.account = account;
    }

    @Override
    public void dictionary(Page page) {
        throw new DamagedPage("is a dictionary of truth values");
    }

    @Override
    public void page(Page page) {
        runs = null;
        if (page.encoding() == Encoding.PLAIN) {
            plain = page.data();
            bit = page.from() << 3;
            endBit = page.to() << 3;
        } else if (page.encoding() == Encoding.RLE) {
            if (page.bytes() < 4) throw new DamagedPage("has fewer values than it says");
            int length = page.data().get(Layouts.INT, page.from());
            if (length < 0 || length > page.bytes() - 4)
                throw new DamagedPage("has values longer than the page");
            long from = page.from() + 4;
            runs = new HybridDecoder(page.data(), from, from + length, 1);
        } else {
            throw errors.unsupported(
                    column.name(), "truth values encoded as %s".formatted(page.encoding()));
        }
    }

    @Override
    public void begin(int count) {
        rows = count;
        values = account.allocate(Validity.bytes(count));
    }

    @Override
    public void values(int row, int count, int present, @Nullable Buffer validity) {
        MemorySegment target = Objects.requireNonNull(values).segment();
        if (runs != null) {
            runs.readBits(target, row, present);
        } else {
            if (present > endBit - bit) throw new DamagedPage("has fewer values than it says");
            BitRange.copy(plain, bit, target, row, present);
            bit += present;
        }
        if (present < count && validity != null)
            Spread.bits(target, validity.segment(), row, count, present);
    }

    @Override
    public Column end(@Nullable Buffer validity) {
        Buffer made = Objects.requireNonNull(values);
        values = null;
        return new BoolColumn(rows, made, validity);
    }

    @Override
    public void close() {
        if (values != null) values.close();
        values = null;
    }
}
