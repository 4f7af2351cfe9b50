package dev.quiver.io.arrow;

import com.github.luben.zstd.Zstd;
import com.google.flatbuffers.FlatBufferBuilder;
import dev.quiver.columnar.BoolColumn;
import dev.quiver.columnar.Column;
import dev.quiver.columnar.DictionaryColumn;
import dev.quiver.columnar.FixedColumn;
import dev.quiver.columnar.ListColumn;
import dev.quiver.columnar.StructColumn;
import dev.quiver.columnar.Validity;
import dev.quiver.columnar.VariableColumn;
import dev.quiver.columnar.kernel.Concat;
import dev.quiver.columnar.memory.Buffer;
import dev.quiver.columnar.memory.Layouts;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.schema.DataType;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.apache.arrow.flatbuf.BodyCompression;
import org.apache.arrow.flatbuf.BodyCompressionMethod;
import org.apache.arrow.flatbuf.CompressionType;
import org.apache.arrow.flatbuf.FieldNode;
import org.apache.arrow.flatbuf.RecordBatch;

/// The nodes and buffers of one batch that is written: copies of the columns' values, with zeros
/// under nulls and offsets that begin at zero.
final class ArrowBatch implements AutoCloseable {
    private static final int ALIGNMENT = 64;
    private static final int ZSTD_LEVEL = 1;
    private static final int LENGTH_BYTES = 8;

    /// @param bytes of content
    private record Part(Buffer buffer, long bytes) {
        long padded() {
            return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        }
    }

    private final int rows;
    private final boolean zstd;
    private final MemoryAccount account;
    private final List<long[]> nodes = new ArrayList<>();
    private final List<Part> parts = new ArrayList<>();

    ArrowBatch(int rows, boolean zstd, MemoryAccount account) {
        this.rows = rows;
        this.zstd = zstd;
        this.account = account;
    }

    void add(Column column, ArrowFields.Written written) {
        nodes.add(new long[] {column.rows(), column.nullCount()});
        addValidity(column);
        switch (column) {
            case BoolColumn bools -> addBools(bools);
            case FixedColumn fixed -> addFixed(fixed);
            case VariableColumn variable -> {
                ArrowFields.Coded coded = written.coded();
                if (coded != null) throw new IllegalArgumentException("plain categorical");
                addVariable(variable);
            }
            case DictionaryColumn encoded -> {
                ArrowFields.Coded coded = written.coded();
                if (coded == null) addPlain(encoded);
                else addCodes(encoded, coded);
            }
            case ListColumn list -> addList(list, written.children().getFirst());
            case StructColumn struct -> {
                for (int i = 0; i < struct.fields().size(); i++)
                    add(struct.fields().get(i), written.children().get(i));
            }
        }
    }

    /// The values of a dictionary.
    void addTexts(List<String> texts) {
        nodes.add(new long[] {texts.size(), 0});
        put(account.allocate(8), 0);
        Buffer offsets = account.allocate((texts.size() + 1) * 4L);
        put(offsets, (texts.size() + 1) * 4L);
        long end = 0;
        offsets.segment().set(Layouts.INT, 0, 0);
        var all = new ArrayList<byte[]>();
        for (int i = 0; i < texts.size(); i++) {
            all.add(texts.get(i).getBytes(StandardCharsets.UTF_8));
            end += all.getLast().length;
            offsets.segment().set(Layouts.INT, (i + 1) * 4L, Math.toIntExact(end));
        }
        Buffer data = account.allocate(Math.max(end, 8));
        put(data, end);
        long at = 0;
        for (byte[] text : all) {
            MemorySegment.copy(text, 0, data.segment(), Layouts.BYTE, at, text.length);
            at += text.length;
        }
    }

    /// Takes the buffer over.
    private void put(Buffer buffer, long bytes) {
        parts.add(new Part(buffer, bytes));
    }

    private void addValidity(Column column) {
        Buffer bits = column.validity();
        if (bits == null || column.nullCount() == 0) {
            put(account.allocate(8), 0);
            return;
        }
        addBits(bits.segment(), null, column.rows());
    }

    private void addBools(BoolColumn column) {
        Buffer bits = column.nullCount() == 0 ? null : column.validity();
        addBits(column.values(), bits, column.rows());
    }

    private void addBits(
            MemorySegment bits, @org.jspecify.annotations.Nullable Buffer validity, int count) {
        Buffer into = account.allocate(Math.max(8, Validity.bytes(count)));
        put(into, (count + 7) / 8);
        for (int word = 0; word < (count + 63) >> 6; word++) {
            long value = Validity.word(bits, word, count);
            if (validity != null) value &= Validity.word(validity.segment(), word, count);
            into.segment().set(Layouts.LONG, word * 8L, value);
        }
    }

    private void addFixed(FixedColumn column) {
        int from = column.width();
        int to =
                switch (column.type()) {
                    case DataType.Decimal _ -> 16;
                    case DataType.Time(var unit) -> ArrowFields.isShort(unit) ? 4 : 8;
                    default -> from;
                };
        Buffer into = account.allocate(Math.max(8, (long) column.rows() * to));
        put(into, (long) column.rows() * to);
        if (from == to)
            MemorySegment.copy(column.values(), 0, into.segment(), 0, (long) column.rows() * from);
        else
            for (int row = 0; row < column.rows(); row++) {
                long value = column.values().get(Layouts.LONG, row * 8L);
                if (to == 4) into.segment().set(Layouts.INT, row * 4L, (int) value);
                else {
                    into.segment().set(Layouts.LONG, row * 16L, value);
                    into.segment().set(Layouts.LONG, row * 16L + 8, value >> 63);
                }
            }
        if (column.nullCount() == 0) return;
        for (int row = 0; row < column.rows(); row++)
            if (column.isNull(row)) into.segment().asSlice((long) row * to, to).fill((byte) 0);
    }

    private void addVariable(VariableColumn column) {
        Buffer offsets = account.allocate((column.rows() + 1) * 4L);
        put(offsets, (column.rows() + 1) * 4L);
        long end = 0;
        offsets.segment().set(Layouts.INT, 0, 0);
        for (int row = 0; row < column.rows(); row++) {
            if (!column.isNull(row)) end += column.length(row);
            offsets.segment().set(Layouts.INT, (row + 1) * 4L, (int) end);
        }
        Buffer data = account.allocate(Math.max(8, end));
        put(data, end);
        if (column.nullCount() == 0) {
            MemorySegment.copy(column.data(), column.start(0), data.segment(), 0, end);
            return;
        }
        long at = 0;
        for (int row = 0; row < column.rows(); row++) {
            if (column.isNull(row)) continue;
            int length = column.length(row);
            MemorySegment.copy(column.data(), column.start(row), data.segment(), at, length);
            at += length;
        }
    }

    /// Text that is encoded in memory, plain.
    private void addPlain(DictionaryColumn column) {
        try (VariableColumn plain = Concat.plain(column, account)) {
            put(plain.offsetsBuffer().retain(), (plain.rows() + 1) * 4L);
            put(plain.dataBuffer().retain(), plain.end(plain.rows() - 1));
        }
    }

    private void addCodes(DictionaryColumn column, ArrowFields.Coded coded) {
        Buffer into = account.allocate(Math.max(8, column.rows() * 4L));
        put(into, column.rows() * 4L);
        var mapping = new int[column.values().size()];
        Arrays.fill(mapping, -1);
        for (int row = 0; row < column.rows(); row++) {
            int code = column.code(row);
            int ours = 0;
            if (!column.isNull(row)) {
                ours = mapping[code];
                if (ours < 0) {
                    ours = coded.code(Objects.requireNonNull(column.values().get(code)));
                    mapping[code] = ours;
                }
            }
            into.segment().set(Layouts.INT, row * 4L, ours);
        }
    }

    private void addList(ListColumn column, ArrowFields.Written element) {
        int first = column.rows() == 0 ? 0 : column.start(0);
        int last = column.rows() == 0 ? 0 : column.end(column.rows() - 1);
        Buffer offsets = account.allocate((column.rows() + 1) * 4L);
        put(offsets, (column.rows() + 1) * 4L);
        for (int row = 0; row <= column.rows(); row++) {
            int at = column.rows() == 0 ? 0 : column.offsets().get(Layouts.INT, row * 4L);
            offsets.segment().set(Layouts.INT, row * 4L, at - first);
        }
        boolean whole = first == 0 && last == column.elements().rows();
        if (whole) {
            add(column.elements(), element);
            return;
        }
        // Slices begin at multiples of 64 rows; a list's elements begin anywhere.
        int count = last - first;
        try (Buffer indices = account.allocate(Math.max(4, count * 4L))) {
            for (int i = 0; i < count; i++) indices.segment().set(Layouts.INT, i * 4L, first + i);
            try (Column taken =
                    dev.quiver.columnar.kernel.Take.column(
                            column.elements(), indices.segment(), 0, count, false, account)) {
                add(taken, element);
            }
        }
    }

    /// The batch's description, in `builder`. Packs the buffers where that is wanted.
    int header(FlatBufferBuilder builder) {
        if (zstd) pack();
        RecordBatch.startNodesVector(builder, nodes.size());
        for (long[] node : nodes.reversed()) FieldNode.createFieldNode(builder, node[0], node[1]);
        int nodeVector = builder.endVector();
        long end = bytes();
        RecordBatch.startBuffersVector(builder, parts.size());
        for (Part part : parts.reversed()) {
            end -= part.padded();
            org.apache.arrow.flatbuf.Buffer.createBuffer(builder, end, part.bytes());
        }
        int bufferVector = builder.endVector();
        int compression =
                zstd
                        ? BodyCompression.createBodyCompression(
                                builder, CompressionType.ZSTD, BodyCompressionMethod.BUFFER)
                        : 0;
        return RecordBatch.createRecordBatch(
                builder, rows, nodeVector, bufferVector, compression, 0);
    }

    private void pack() {
        for (int i = 0; i < parts.size(); i++) {
            Part part = parts.get(i);
            if (part.bytes() == 0) continue;
            long bound = Zstd.compressBound(part.bytes());
            Buffer packed = account.allocate(bound + LENGTH_BYTES);
            MemorySegment from = part.buffer().segment();
            long size =
                    Zstd.compressUnsafe(
                            packed.segment().address() + LENGTH_BYTES,
                            bound,
                            from.address(),
                            part.bytes(),
                            ZSTD_LEVEL);
            if (Zstd.isError(size)) {
                packed.close();
                throw new IllegalStateException("zstd: " + Zstd.getErrorName(size));
            }
            packed.segment().set(Layouts.LONG, 0, part.bytes());
            parts.set(i, new Part(packed, size + LENGTH_BYTES));
            part.buffer().close();
        }
    }

    /// Bytes of the body.
    long bytes() {
        return parts.stream().mapToLong(Part::padded).sum();
    }

    /// Gives the body's bytes on, in order.
    void buffers(Consumer<ByteBuffer> to) {
        for (Part part : parts) {
            if (part.bytes() > 0) give(part, to);
            int padding = (int) (part.padded() - part.bytes());
            if (padding > 0) to.accept(ByteBuffer.allocate(padding));
        }
    }

    private static void give(Part part, Consumer<ByteBuffer> to) {
        long done = 0;
        while (done < part.bytes()) {
            long count = Math.min(part.bytes() - done, 1 << 30);
            to.accept(part.buffer().segment().asSlice(done, count).asByteBuffer());
            done += count;
        }
    }

    @Override
    public void close() {
        for (Part part : parts) part.buffer().close();
        parts.clear();
    }
}
