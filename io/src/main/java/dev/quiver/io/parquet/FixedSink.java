package dev.quiver.io.parquet;

import dev.quiver.columnar.Chunk;
import dev.quiver.columnar.Column;
import dev.quiver.columnar.FixedColumn;
import dev.quiver.columnar.memory.Buffer;
import dev.quiver.columnar.memory.Layouts;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.io.parquet.kernel.ArrayDecoder;
import dev.quiver.io.parquet.kernel.Conversion;
import dev.quiver.io.parquet.kernel.DamagedPage;
import dev.quiver.io.parquet.kernel.FixedDecoder;
import dev.quiver.io.parquet.kernel.Gather;
import dev.quiver.io.parquet.kernel.HybridDecoder;
import dev.quiver.io.parquet.kernel.Spread;
import dev.quiver.schema.DataType;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.Type;
import org.jspecify.annotations.Nullable;

/// Columns of fixed width.
final class FixedSink implements ValueSink {
    private final FileColumn column;
    private final FileErrors errors;
    private final MemoryAccount account;
    private final Scratch scratch;
    private final int storedWidth;
    private final int width;
    private final Conversion conversion;
    private @Nullable Buffer stored;
    private @Nullable Buffer dictionary;
    private int dictionarySize;
    private @Nullable HybridDecoder indices;
    private @Nullable FixedDecoder decoder;
    private @Nullable ArrayDecoder arrays;
    private @Nullable Buffer values;
    private int rows;

    FixedSink(FileColumn column, FileErrors errors, MemoryAccount account, Scratch scratch) {
        this.column = column;
        this.errors = errors;
        this.account = account;
        this.scratch = scratch;
        this.storedWidth = column.physicalWidth();
        this.width = FixedColumn.width(column.type());
        this.conversion = conversion(column, width);
    }

    private static Conversion conversion(FileColumn column, int width) {
        return switch (column.physical()) {
            case INT32 ->
                    switch (width) {
                        case 1 -> Conversion.TO_8;
                        case 2 -> Conversion.TO_16;
                        case 8 -> Conversion.TO_64;
                        case 16 -> Conversion.FROM_32_TO_128;
                        default -> Conversion.NONE;
                    };
            case INT96 -> Conversion.FROM_INT96;
            case BYTE_ARRAY, FIXED_LEN_BYTE_ARRAY -> {
                if (!(column.type() instanceof DataType.Decimal)) yield Conversion.NONE;
                yield width == 8 ? Conversion.BIG_ENDIAN_64 : Conversion.BIG_ENDIAN_128;
            }
            case INT64 -> width == 16 ? Conversion.FROM_64_TO_128 : Conversion.NONE;
            case BOOLEAN, FLOAT, DOUBLE -> Conversion.NONE;
        };
    }

    @Override
    public void dictionary(Page page) {
        int size = page.values();
        long bytes = (long) size * (storedWidth == 0 ? 4 : storedWidth);
        if (bytes > page.bytes())
            throw new DamagedPage(
                    "is a dictionary of %d values in %d bytes".formatted(size, page.bytes()));
        if (dictionary != null) dictionary.close();
        dictionary = null;
        Buffer made = account.allocate((long) size * width);
        dictionary = made;
        dictionarySize = size;
        decodeAs(Encoding.PLAIN, page);
        for (int done = 0; done < size; done += Chunk.ROWS) {
            int count = Math.min(Chunk.ROWS, size - done);
            decode(count, made.segment(), (long) done * width);
        }
    }

    @Override
    public void page(Page page) {
        Encoding encoding = page.encoding();
        if (encoding == Encoding.PLAIN_DICTIONARY || encoding == Encoding.RLE_DICTIONARY)
            indices = ArraySink.indices(page, dictionary != null);
        else decodeAs(encoding, page);
    }

    private void decodeAs(Encoding encoding, Page page) {
        indices = null;
        decoder = null;
        if (arrays != null) arrays.close();
        arrays = null;
        MemorySegment data = page.data();
        if (column.physical() == Type.BYTE_ARRAY) {
            arrays = ArraySink.decoder(encoding, page, column, errors, account);
            return;
        }
        boolean whole = column.physical() == Type.INT32 || column.physical() == Type.INT64;
        decoder =
                switch (encoding) {
                    case PLAIN, PLAIN_DICTIONARY ->
                            new FixedDecoder.Plain(data, page.from(), page.to(), storedWidth);
                    case BYTE_STREAM_SPLIT ->
                            new FixedDecoder.Split(data, page.from(), page.to(), storedWidth);
                    case DELTA_BINARY_PACKED -> {
                        if (!whole) throw wrong(encoding);
                        yield new FixedDecoder.Delta(data, page.from(), page.to(), storedWidth);
                    }
                    case DELTA_BYTE_ARRAY -> {
                        if (column.physical() != Type.FIXED_LEN_BYTE_ARRAY) throw wrong(encoding);
                        arrays = ArraySink.decoder(encoding, page, column, errors, account);
                        yield new FixedDecoder.Arrays(
                                arrays, storedWidth, scratch.starts, scratch.lengths);
                    }
                    case RLE, BIT_PACKED, DELTA_LENGTH_BYTE_ARRAY, RLE_DICTIONARY ->
                            throw wrong(encoding);
                };
    }

    private RuntimeException wrong(Encoding encoding) {
        return errors.unsupported(
                column.name(), "%s values encoded as %s".formatted(column.physical(), encoding));
    }

    @Override
    public void begin(int count) {
        rows = count;
        values = account.allocate((long) count * width);
    }

    @Override
    public void values(int row, int count, int present, @Nullable Buffer validity) {
        Buffer target = Objects.requireNonNull(values);
        long offset = (long) row * width;
        if (indices != null && dictionary != null) {
            indices.read(scratch.codes, present);
            Gather.check(scratch.codes, present, dictionarySize);
            Gather.fixed(
                    dictionary.segment(), width, scratch.codes, present, target.segment(), offset);
        } else {
            decode(present, target.segment(), offset);
        }
        if (present < count && validity != null)
            Spread.values(target.segment(), width, validity.segment(), row, count, present);
    }

    private void decode(int count, MemorySegment out, long offset) {
        if (arrays != null && decoder == null) {
            MemorySegment data = arrays.read(count, scratch.starts, scratch.lengths);
            for (int i = 0; i < count; i++) {
                int start = scratch.starts[i];
                int length = scratch.lengths[i];
                if (width == 16)
                    Conversion.bigEndian128(data, start, length, out, offset + i * 16L);
                else
                    out.set(
                            Layouts.LONG,
                            offset + i * 8L,
                            Conversion.bigEndian64(data, start, length));
            }
            return;
        }
        if (decoder == null) throw new DamagedPage("comes before any values");
        if (conversion == Conversion.NONE) {
            decoder.read(count, out, offset);
            return;
        }
        if (stored == null) stored = account.allocate((long) Chunk.ROWS * storedWidth);
        decoder.read(count, stored.segment(), 0);
        conversion.apply(stored.segment(), storedWidth, count, out, offset);
    }

    @Override
    public Column end(@Nullable Buffer validity) {
        Buffer made = Objects.requireNonNull(values);
        values = null;
        return new FixedColumn(column.type(), rows, made, validity);
    }

    @Override
    public void close() {
        if (stored != null) stored.close();
        if (dictionary != null) dictionary.close();
        if (arrays != null) arrays.close();
        if (values != null) values.close();
        stored = null;
        dictionary = null;
        arrays = null;
        values = null;
    }
}
