package dev.quiver.columnar.kernel.expression;

import dev.quiver.columnar.VariableColumn;
import dev.quiver.columnar.memory.Buffer;
import dev.quiver.columnar.memory.Layouts;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.schema.DataType;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Writes the texts of a plain column end to end.
final class TextBuilder implements AutoCloseable {
    private static final int BYTES_MAX = Integer.MAX_VALUE - 64;

    private final Input in;
    private Buffer offsets;
    private Buffer bytes;
    private long end;
    private int row;
    private boolean built;

    TextBuilder(Input in, long bytesExpected) {
        this.in = in;
        this.offsets = in.account().allocate((in.rows() + 1) * 4L);
        try {
            this.bytes = in.account().allocate(bytesExpected + VariableColumn.PADDING_BYTES);
        } catch (RuntimeException | Error e) {
            offsets.close();
            throw e;
        }
        offsets.segment().set(Layouts.INT, 0, 0);
    }

    /// Room for `count` bytes more at [#end].
    MemorySegment room(int count) {
        long needed = end + count + VariableColumn.PADDING_BYTES;
        if (needed > BYTES_MAX)
            throw new QuiverException(
                    ErrorCode.UNSUPPORTED,
                    "a chunk of %d rows makes more than 2 GiB of text".formatted(in.rows()),
                    List.of(),
                    "make chunks smaller, as in read().chunkRows(1000)");
        if (needed > bytes.capacityBytes())
            bytes = in.account().grow(bytes, end, Math.max(needed, bytes.capacityBytes() * 2));
        return bytes.segment();
    }

    long end() {
        return end;
    }

    /// Says that `count` bytes were written into [#room].
    void advance(int count) {
        end += count;
    }

    void append(MemorySegment from, long start, int count) {
        if (count == 0) return;
        Utf8Bytes.copy(from, start, room(count), end, count);
        end += count;
    }

    void append(byte[] text) {
        MemorySegment.copy(text, 0, room(text.length), Layouts.BYTE, end, text.length);
        end += text.length;
    }

    void append(String text) {
        append(text.getBytes(StandardCharsets.UTF_8));
    }

    /// Ends the text of this row.
    void endRow() {
        row++;
        offsets.segment().set(Layouts.INT, (long) row << 2, (int) end);
    }

    /// The column; takes `validity` over.
    VariableColumn build(@Nullable Buffer validity) {
        built = true;
        return new VariableColumn(DataType.UTF8, in.rows(), offsets, bytes, validity);
    }

    @Override
    public void close() {
        if (built) return;
        offsets.close();
        bytes.close();
    }
}
