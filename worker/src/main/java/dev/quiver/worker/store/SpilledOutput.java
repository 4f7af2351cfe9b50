package dev.quiver.worker.store;

import dev.quiver.columnar.BoolColumn;
import dev.quiver.columnar.Chunk;
import dev.quiver.columnar.Column;
import dev.quiver.columnar.Dictionary;
import dev.quiver.columnar.DictionaryColumn;
import dev.quiver.columnar.DictionaryValues;
import dev.quiver.columnar.FixedColumn;
import dev.quiver.columnar.ListColumn;
import dev.quiver.columnar.StructColumn;
import dev.quiver.columnar.Validity;
import dev.quiver.columnar.VariableColumn;
import dev.quiver.columnar.memory.Buffer;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Schema;
import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// An output whose buffers lie in a file: what they are is kept here. Dictionaries stay in memory,
/// where others share them; only codes are written.
///
/// Nothing is allocated to write one. Safe to read from many threads.
final class SpilledOutput implements AutoCloseable {
    /// Bytes that one write or read moves at most.
    private static final int PART_BYTES = 8 << 20;

    /// Where a buffer is in the file.
    ///
    /// @param padding readable bytes that it has behind
    private record Part(long at, long bytes, int padding) {}

    private sealed interface Kept {
        record Fixed(DataType type, int rows, @Nullable Part validity, Part values)
                implements Kept {}

        record Bits(int rows, @Nullable Part validity, Part values) implements Kept {}

        record Variable(DataType type, int rows, @Nullable Part validity, Part offsets, Part bytes)
                implements Kept {}

        record Coded(
                DataType type,
                int rows,
                @Nullable Part validity,
                Part codes,
                Dictionary dictionary,
                DictionaryValues values)
                implements Kept {}

        record Listed(
                DataType.ListOf type,
                int rows,
                @Nullable Part validity,
                Part offsets,
                Kept elements)
                implements Kept {}

        record Structured(
                DataType.Struct type, int rows, @Nullable Part validity, List<Kept> fields)
                implements Kept {}
    }

    private record KeptChunk(Schema schema, int rows, List<Kept> columns) {}

    private final Path file;
    private final List<List<KeptChunk>> slices = new ArrayList<>();
    private final List<DictionaryValues> pinned = new ArrayList<>();
    private final List<FileNote> notes;
    private final long outputBytes;
    private final AtomicInteger owners = new AtomicInteger(1);
    private long fileBytes;

    private SpilledOutput(Path file, TaskOutput output) {
        this.file = file;
        this.notes = output.notes();
        this.outputBytes = output.bytes();
    }

    /// Writes an output, which stays the caller's, into a new file. After a failure there is none.
    static SpilledOutput write(TaskOutput output, Path file) throws IOException {
        var spilled = new SpilledOutput(file, output);
        boolean done = false;
        try (var channel =
                FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (int i = 0; i < output.sliceCount(); i++) {
                var chunks = new ArrayList<KeptChunk>();
                for (Chunk chunk : output.slice(i)) chunks.add(spilled.keep(chunk, channel));
                spilled.slices.add(chunks);
            }
            done = true;
            return spilled;
        } finally {
            if (!done) {
                spilled.pinned.forEach(DictionaryValues::close);
                Files.deleteIfExists(file);
            }
        }
    }

    Path file() {
        return file;
    }

    /// Bytes that its values take in memory.
    long bytes() {
        return outputBytes;
    }

    private KeptChunk keep(Chunk chunk, FileChannel to) throws IOException {
        var columns = new ArrayList<Kept>();
        for (Column column : chunk.columns()) columns.add(keep(column, to));
        return new KeptChunk(chunk.schema(), chunk.rows(), columns);
    }

    private Kept keep(Column column, FileChannel to) throws IOException {
        int rows = column.rows();
        Buffer bits = column.validity();
        Part validity = bits == null ? null : put(bits.segment(), Validity.bytes(rows), 0, to);
        return switch (column) {
            case FixedColumn fixed ->
                    new Kept.Fixed(
                            fixed.type(),
                            rows,
                            validity,
                            put(fixed.values(), (long) rows * fixed.width(), 0, to));
            case BoolColumn bools ->
                    new Kept.Bits(rows, validity, put(bools.values(), Validity.bytes(rows), 0, to));
            case VariableColumn variable ->
                    new Kept.Variable(
                            variable.type(),
                            rows,
                            validity,
                            put(variable.offsets(), (rows + 1) * 4L, 0, to),
                            put(
                                    variable.data(),
                                    variable.end(rows - 1),
                                    VariableColumn.PADDING_BYTES,
                                    to));
            case DictionaryColumn coded -> {
                pinned.add(coded.values().retain());
                yield new Kept.Coded(
                        coded.type(),
                        rows,
                        validity,
                        put(coded.codes(), rows * 4L, 0, to),
                        coded.dictionary(),
                        coded.values());
            }
            case ListColumn list ->
                    new Kept.Listed(
                            list.type(),
                            rows,
                            validity,
                            put(list.offsets(), rows == 0 ? 0 : (rows + 1) * 4L, 4, to),
                            keep(list.elements(), to));
            case StructColumn struct -> {
                var fields = new ArrayList<Kept>();
                for (Column field : struct.fields()) fields.add(keep(field, to));
                yield new Kept.Structured(struct.type(), rows, validity, fields);
            }
        };
    }

    private Part put(MemorySegment from, long bytes, int padding, FileChannel to)
            throws IOException {
        long at = fileBytes;
        for (long done = 0; done < bytes; done += PART_BYTES) {
            ByteBuffer part = from.asSlice(done, Math.min(PART_BYTES, bytes - done)).asByteBuffer();
            while (part.hasRemaining()) fileBytes += to.write(part);
        }
        return new Part(at, bytes, padding);
    }

    /// The output as it was; the caller owns it.
    ///
    /// @throws dev.quiver.error.MemoryRefused when there is no room
    TaskOutput read(MemoryAccount account) throws IOException {
        var made = new ArrayList<List<Chunk>>();
        boolean done = false;
        try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
            for (List<KeptChunk> slice : slices) {
                var chunks = new ArrayList<Chunk>();
                made.add(chunks);
                for (KeptChunk chunk : slice) chunks.add(read(chunk, channel, account));
            }
            TaskOutput output = TaskOutput.ofSlices(made).withNotes(notes);
            done = true;
            return output;
        } finally {
            if (!done) made.forEach(chunks -> chunks.forEach(Chunk::close));
        }
    }

    private static Chunk read(KeptChunk kept, FileChannel from, MemoryAccount account)
            throws IOException {
        var columns = new ArrayList<Column>();
        boolean done = false;
        try {
            for (Kept column : kept.columns()) columns.add(read(column, from, account));
            var chunk = new Chunk(kept.schema(), columns, kept.rows());
            done = true;
            return chunk;
        } finally {
            if (!done) columns.forEach(Column::close);
        }
    }

    private static Column read(Kept kept, FileChannel from, MemoryAccount account)
            throws IOException {
        var taken = new ArrayList<AutoCloseable>();
        boolean done = false;
        try {
            Column column = read(kept, new Source(from, account, taken));
            done = true;
            return column;
        } finally {
            if (!done) closeAll(taken);
        }
    }

    private static void closeAll(List<AutoCloseable> taken) {
        for (AutoCloseable resource : taken) {
            switch (resource) {
                case Buffer buffer -> buffer.close();
                case Column column -> column.close();
                case DictionaryValues values -> values.close();
                default -> throw new IllegalStateException(resource.toString());
            }
        }
    }

    /// Gives buffers of the file, and knows what has been made until a column owns it.
    private record Source(FileChannel from, MemoryAccount account, List<AutoCloseable> taken) {
        Buffer take(Part part) throws IOException {
            Buffer buffer = account.allocate(Math.max(1, part.bytes() + part.padding()));
            taken.add(buffer);
            for (long done = 0; done < part.bytes(); done += PART_BYTES) {
                ByteBuffer room =
                        buffer.segment()
                                .asSlice(done, Math.min(PART_BYTES, part.bytes() - done))
                                .asByteBuffer();
                long at = part.at() + done;
                while (room.hasRemaining()) {
                    int count = from.read(room, at);
                    if (count < 0) throw new EOFException("the spill file was cut");
                    at += count;
                }
            }
            return buffer;
        }

        @Nullable Buffer takeBitmap(@Nullable Part part) throws IOException {
            return part == null ? null : take(part);
        }

        Column takeColumn(Kept kept) throws IOException {
            Column column = SpilledOutput.read(kept, from, account);
            taken.add(column);
            return column;
        }
    }

    private static Column read(Kept kept, Source source) throws IOException {
        return switch (kept) {
            case Kept.Fixed(var type, int rows, var bits, var values) -> {
                Buffer validity = source.takeBitmap(bits);
                yield new FixedColumn(type, rows, source.take(values), validity);
            }
            case Kept.Bits(int rows, var bits, var values) -> {
                Buffer validity = source.takeBitmap(bits);
                yield new BoolColumn(rows, source.take(values), validity);
            }
            case Kept.Variable(var type, int rows, var bits, var offsets, var bytes) -> {
                Buffer validity = source.takeBitmap(bits);
                Buffer starts = source.take(offsets);
                yield new VariableColumn(type, rows, starts, source.take(bytes), validity);
            }
            case Kept.Coded(var type, int rows, var bits, var codes, var dictionary, var words) -> {
                Buffer validity = source.takeBitmap(bits);
                Buffer numbers = source.take(codes);
                source.taken().add(words.retain());
                yield new DictionaryColumn(type, rows, numbers, dictionary, words, validity);
            }
            case Kept.Listed(var type, int rows, var bits, var offsets, var elements) -> {
                Buffer validity = source.takeBitmap(bits);
                Buffer starts = source.take(offsets);
                if (offsets.bytes() == 0) starts.segment().fill((byte) 0);
                yield new ListColumn(type, rows, starts, source.takeColumn(elements), validity);
            }
            case Kept.Structured(var type, int rows, var bits, var fields) -> {
                Buffer validity = source.takeBitmap(bits);
                var columns = new ArrayList<Column>();
                for (Kept field : fields) columns.add(source.takeColumn(field));
                yield new StructColumn(type, rows, columns, validity);
            }
        };
    }

    /// Adds an owner.
    SpilledOutput retain() {
        if (owners.getAndIncrement() <= 0)
            throw new IllegalStateException("retained after its end");
        return this;
    }

    /// Takes an owner away; the last one removes the file.
    @Override
    public void close() {
        if (owners.decrementAndGet() > 0) return;
        pinned.forEach(DictionaryValues::close);
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw SpillDirectory.failed("can't remove", file, e);
        }
    }
}
