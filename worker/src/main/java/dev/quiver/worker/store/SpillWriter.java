package dev.quiver.worker.store;

import dev.quiver.columnar.BoolColumn;
import dev.quiver.columnar.Chunk;
import dev.quiver.columnar.Column;
import dev.quiver.columnar.DictionaryColumn;
import dev.quiver.columnar.DictionaryValues;
import dev.quiver.columnar.FixedColumn;
import dev.quiver.columnar.ListColumn;
import dev.quiver.columnar.StructColumn;
import dev.quiver.columnar.Validity;
import dev.quiver.columnar.VariableColumn;
import dev.quiver.columnar.memory.Buffer;
import dev.quiver.columnar.memory.Layouts;
import dev.quiver.worker.store.SpilledColumn.Part;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Writes columns into a new file, each buffer as it lies in memory, or packed, aligned. A column
/// that several chunks share is written once. Nothing of the counted memory is used.
final class SpillWriter implements AutoCloseable {
    private static final int STAGED_BYTES = 1 << 20;

    /// More bytes than these go to the file by themselves.
    private static final int STAGED_PART_BYTES = 64 << 10;

    /// A part is packed when its first block becomes smaller than this share.
    private static final double PACKED_SHARE_MAX = 0.9;

    /// Bytes that one write moves at most.
    private static final int WRITE_BYTES = 8 << 20;

    private final FileChannel file;
    private final Arena arena = Arena.ofConfined();
    private final ByteBuffer staged = arena.allocate(STAGED_BYTES).asByteBuffer();
    private final IdentityHashMap<Column, SpilledColumn> written = new IdentityHashMap<>();
    private final List<DictionaryValues> pinned = new ArrayList<>();
    private final @Nullable SpillPacking packing;
    private long position;

    SpillWriter(Path path, SpillCompression compression) throws IOException {
        packing = compression == SpillCompression.ZSTD ? new SpillPacking(arena) : null;
        file = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }

    /// The dictionaries that the columns need, each with an owner.
    List<DictionaryValues> pinned() {
        return pinned;
    }

    SpilledColumn.Rows write(Chunk chunk) throws IOException {
        var columns = new ArrayList<SpilledColumn>();
        for (Column column : chunk.columns()) columns.add(write(column));
        return new SpilledColumn.Rows(chunk.schema(), chunk.rows(), columns);
    }

    SpilledColumn write(Column column) throws IOException {
        SpilledColumn known = written.get(column);
        if (known != null) return known;
        SpilledColumn made = writeNew(column);
        written.put(column, made);
        return made;
    }

    private SpilledColumn writeNew(Column column) throws IOException {
        int rows = column.rows();
        Buffer bits = column.validity();
        Part validity = bits == null ? null : put(bits.segment(), Validity.bytes(rows), 0);
        return switch (column) {
            case FixedColumn fixed ->
                    new SpilledColumn.Fixed(
                            fixed.type(),
                            rows,
                            validity,
                            put(fixed.values(), (long) rows * fixed.width(), 0));
            case BoolColumn bools ->
                    new SpilledColumn.Bits(
                            rows, validity, put(bools.values(), Validity.bytes(rows), 0));
            case VariableColumn variable -> variable(variable, validity);
            case DictionaryColumn coded -> {
                Part codes = put(coded.codes(), rows * 4L, 0);
                pinned.add(coded.values().retain());
                yield new SpilledColumn.Coded(
                        coded.type(), rows, validity, codes, coded.dictionary(), coded.values());
            }
            case ListColumn list ->
                    new SpilledColumn.Listed(
                            list.type(),
                            rows,
                            validity,
                            put(list.offsets(), rows == 0 ? 0 : (rows + 1) * 4L, 4),
                            write(list.elements()));
            case StructColumn struct -> {
                var fields = new ArrayList<SpilledColumn>();
                for (Column field : struct.fields()) fields.add(write(field));
                yield new SpilledColumn.Structured(struct.type(), rows, validity, fields);
            }
        };
    }

    /// Of a part of a larger column only its own bytes are written.
    private SpilledColumn variable(VariableColumn column, @Nullable Part validity)
            throws IOException {
        int rows = column.rows();
        int base = column.start(0);
        long bytes = column.end(rows - 1) - (long) base;
        Part offsets =
                base == 0 ? put(column.offsets(), (rows + 1) * 4L, 0) : rebased(column, base);
        Part values = put(column.data().asSlice(base), bytes, VariableColumn.PADDING_BYTES);
        return new SpilledColumn.Variable(column.type(), rows, validity, offsets, values);
    }

    private Part rebased(VariableColumn column, int base) throws IOException {
        align();
        long at = position;
        MemorySegment offsets = column.offsets();
        for (int i = 0; i <= column.rows(); i++) {
            int offset = offsets.get(Layouts.INT, i * 4L) - base;
            if (staged.remaining() < 4) flush();
            for (int shift = 0; shift < 32; shift += 8) staged.put((byte) (offset >> shift));
        }
        position += (column.rows() + 1) * 4L;
        return new Part(at, position - at);
    }

    /// @param padding zero bytes that may be read behind
    private Part put(MemorySegment from, long bytes, int padding) throws IOException {
        align();
        long at = position;
        SpillPacking packs = packing;
        if (packs != null && bytes > STAGED_PART_BYTES) {
            List<Integer> blocks = pack(packs, from.asSlice(0, bytes));
            if (!blocks.isEmpty()) return new Part(at, bytes + padding, blocks, bytes);
        }
        if (bytes > STAGED_PART_BYTES) {
            flush();
            for (long done = 0; done < bytes; done += WRITE_BYTES) {
                long count = Math.min(WRITE_BYTES, bytes - done);
                writeAll(from.asSlice(done, count).asByteBuffer());
            }
        } else {
            if (staged.remaining() < bytes) flush();
            staged.put(from.asSlice(0, bytes).asByteBuffer());
        }
        position += bytes;
        zeros(padding);
        return new Part(at, bytes + padding);
    }

    /// Writes the bytes packed.
    ///
    /// @return how many each block has there; none when it wasn't worth it and nothing was written
    private List<Integer> pack(SpillPacking packs, MemorySegment from) throws IOException {
        var blocks = new ArrayList<Integer>();
        for (long done = 0; done < from.byteSize(); done += SpillPacking.BLOCK_BYTES) {
            long count = Math.min(SpillPacking.BLOCK_BYTES, from.byteSize() - done);
            MemorySegment packed = packs.pack(from.asSlice(done, count));
            if (done == 0 && packed.byteSize() > count * PACKED_SHARE_MAX) return List.of();
            if (done == 0) flush();
            writeAll(packed.asByteBuffer());
            position += packed.byteSize();
            blocks.add((int) packed.byteSize());
        }
        return blocks;
    }

    private void align() throws IOException {
        zeros((int) (-position & SpilledColumn.ALIGNMENT - 1));
    }

    private void zeros(int count) throws IOException {
        if (staged.remaining() < count) flush();
        for (int i = 0; i < count; i++) staged.put((byte) 0);
        position += count;
    }

    private void flush() throws IOException {
        writeAll(staged.flip());
        staged.clear();
    }

    private void writeAll(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) file.write(bytes);
    }

    /// Writes what is still to be written.
    ///
    /// @return the file's length, a multiple of the alignment
    long finish() throws IOException {
        align();
        zeros(SpilledColumn.ALIGNMENT); // so that no buffer of nothing is at the end
        flush();
        return position;
    }

    @Override
    public void close() throws IOException {
        arena.close();
        file.close();
    }
}
