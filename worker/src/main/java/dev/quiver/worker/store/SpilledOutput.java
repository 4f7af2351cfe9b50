package dev.quiver.worker.store;

import dev.quiver.columnar.BoolColumn;
import dev.quiver.columnar.Chunk;
import dev.quiver.columnar.Column;
import dev.quiver.columnar.DictionaryColumn;
import dev.quiver.columnar.DictionaryValues;
import dev.quiver.columnar.FixedColumn;
import dev.quiver.columnar.ListColumn;
import dev.quiver.columnar.StructColumn;
import dev.quiver.columnar.VariableColumn;
import dev.quiver.columnar.kernel.JoinTable;
import dev.quiver.columnar.kernel.SortedRun;
import dev.quiver.columnar.memory.Buffer;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.worker.store.SpilledColumn.Part;
import dev.quiver.worker.store.SpilledColumn.Rows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// An output whose buffers lie in a file, of which it is read by mapping: what is read takes no
/// counted memory, but for what was packed, and a join's table, whose index is made again.
///
/// Safe to read from many threads.
final class SpilledOutput implements SpillDirectory.Written, AutoCloseable {
    private sealed interface Content {
        record Slices(List<List<Rows>> slices) implements Content {}

        record Table(Rows rows, List<Key> keys) implements Content {}

        record Run(Rows rows, List<Key> keys) implements Content {}
    }

    /// The values of a key.
    private sealed interface Key {
        /// @param column the one of the rows that it is
        record Same(int column) implements Key {}

        record Other(SpilledColumn column) implements Key {}
    }

    private final Path file;
    private final Content content;
    private final long fileBytes;
    private final List<DictionaryValues> pinned;
    private final List<FileNote> notes;
    private final LongAdder readBack;
    private final int chunkCount;
    private final long outputRows;
    private final long outputBytes;
    private final AtomicInteger owners = new AtomicInteger(1);
    private @Nullable SpillMapping mapping;

    private SpilledOutput(
            Path file,
            TaskOutput output,
            Content content,
            long fileBytes,
            SpillWriter writer,
            LongAdder readBack) {
        this.file = file;
        this.readBack = readBack;
        this.content = content;
        this.fileBytes = fileBytes;
        this.pinned = List.copyOf(writer.pinned());
        this.notes = output.notes();
        this.chunkCount = output.isTable() ? 0 : output.chunks().size();
        this.outputRows = output.rows();
        this.outputBytes = output.bytes();
    }

    /// Writes an output, which stays the caller's, into a new file. After a failure there is none.
    ///
    /// @param readBack is told of the bytes that are read of it
    static SpilledOutput write(
            TaskOutput output, Path file, SpillCompression compression, LongAdder readBack)
            throws IOException {
        boolean done = false;
        var writer = new SpillWriter(file, compression);
        try (writer) {
            Content content = content(output, writer);
            var spilled =
                    new SpilledOutput(file, output, content, writer.finish(), writer, readBack);
            done = true;
            return spilled;
        } finally {
            if (!done) {
                writer.pinned().forEach(DictionaryValues::close);
                Files.deleteIfExists(file);
            }
        }
    }

    private static Content content(TaskOutput output, SpillWriter writer) throws IOException {
        if (output.isTable()) {
            JoinTable table = output.table();
            Rows rows = writer.write(table.chunk());
            return new Content.Table(rows, keys(table.chunk(), table.keys(), writer));
        }
        if (output.isRun()) {
            SortedRun run = output.run();
            return new Content.Run(
                    writer.write(run.chunk()), keys(run.chunk(), run.keys(), writer));
        }
        var slices = new ArrayList<List<Rows>>();
        for (int i = 0; i < output.sliceCount(); i++) {
            var chunks = new ArrayList<Rows>();
            for (Chunk chunk : output.slice(i)) chunks.add(writer.write(chunk));
            slices.add(chunks);
        }
        return new Content.Slices(slices);
    }

    private static List<Key> keys(Chunk rows, List<Column> keys, SpillWriter writer)
            throws IOException {
        var kept = new ArrayList<Key>();
        for (Column key : keys) {
            int same = rows.columns().indexOf(key); // columns are equal when they are the same
            kept.add(same >= 0 ? new Key.Same(same) : new Key.Other(writer.write(key)));
        }
        return kept;
    }

    Path file() {
        return file;
    }

    long rows() {
        return outputRows;
    }

    /// How many rows each slice has; an object is a slice of its own.
    long[] sliceRows() {
        if (!(content instanceof Content.Slices(var slices))) return new long[] {outputRows};
        return slices.stream().mapToLong(s -> s.stream().mapToLong(Rows::rows).sum()).toArray();
    }

    /// How many chunks it has; none when it is a join's table.
    int chunkCount() {
        return chunkCount;
    }

    /// Bytes that its values take in memory.
    long bytes() {
        return outputBytes;
    }

    @Override
    public long fileBytes() {
        return fileBytes;
    }

    private synchronized SpillMapping pages() throws IOException {
        SpillMapping pages = mapping;
        if (pages == null) {
            pages = SpillMapping.of(file, fileBytes);
            mapping = pages;
        }
        return pages;
    }

    /// The output as it was; the caller owns it.
    ///
    /// @param account of a join's table and of what was packed
    /// @throws dev.quiver.error.MemoryRefused when there is no room for that
    TaskOutput read(MemoryAccount account) throws IOException {
        TaskOutput output =
                switch (content) {
                    case Content.Slices(var slices) ->
                            TaskOutput.ofSlices(reading(account, r -> r.slices(slices)));
                    case Content.Table(var rows, var keys) ->
                            TaskOutput.ofTable(
                                    reading(account, r -> r.keyed(rows, keys)).table(account));
                    case Content.Run(var rows, var keys) ->
                            TaskOutput.ofRun(reading(account, r -> r.keyed(rows, keys)).run());
                };
        return output.withNotes(notes);
    }

    /// One slice of the output; the caller owns it.
    ///
    /// @param account of what was packed
    TaskOutput read(int slice, MemoryAccount account) throws IOException {
        if (!(content instanceof Content.Slices(var slices)))
            throw new IllegalStateException("slice %d asked of no slices".formatted(slice));
        List<Chunk> chunks = reading(account, r -> r.chunks(slices.get(slice)));
        return TaskOutput.ofSlice(slice, chunks).withNotes(notes);
    }

    private interface Making<T> {
        T of(Reading reading) throws IOException;
    }

    private <T> T reading(MemoryAccount account, Making<T> making) throws IOException {
        var reading = new Reading(pages(), account);
        boolean done = false;
        try (SpillTime.Span _ = SpillTime.begin()) {
            T made = making.of(reading);
            readBack.add(reading.bytes);
            done = true;
            return made;
        } finally {
            if (!done) reading.undo();
        }
    }

    /// Rows and the values of keys.
    private record Keyed(Chunk rows, List<Column> keys) {
        JoinTable table(MemoryAccount account) {
            boolean done = false;
            try {
                JoinTable made = JoinTable.build(rows, keys, account);
                done = true;
                return made;
            } finally {
                keys.forEach(Column::close);
                if (!done) rows.close();
            }
        }

        SortedRun run() {
            return SortedRun.sorted(rows, keys);
        }
    }

    /// Makes columns of pages, and knows which until an output owns them.
    private static final class Reading {
        private final SpillMapping pages;
        private final MemoryAccount account;
        private final List<Buffer> buffers = new ArrayList<>();
        private final List<DictionaryValues> words = new ArrayList<>();
        private long bytes;

        /// With an owner more for each time that they are here.
        private final List<Column> shared = new ArrayList<>();

        Reading(SpillMapping pages, MemoryAccount account) {
            this.pages = pages;
            this.account = account;
        }

        void undo() {
            shared.forEach(Column::close);
            buffers.forEach(Buffer::close);
            words.forEach(DictionaryValues::close);
        }

        List<List<Chunk>> slices(List<List<Rows>> all) throws IOException {
            var slices = new ArrayList<List<Chunk>>();
            for (List<Rows> each : all) slices.add(chunks(each));
            return slices;
        }

        List<Chunk> chunks(List<Rows> all) throws IOException {
            var chunks = new ArrayList<Chunk>();
            for (Rows each : all) chunks.add(chunk(each));
            return chunks;
        }

        private List<Column> columns(List<SpilledColumn> all) throws IOException {
            var columns = new ArrayList<Column>();
            for (SpilledColumn each : all) columns.add(column(each));
            return columns;
        }

        Chunk chunk(Rows rows) throws IOException {
            List<Column> columns = columns(rows.columns());
            return new Chunk(rows.schema(), columns, rows.rows());
        }

        Keyed keyed(Rows kept, List<Key> keys) throws IOException {
            Chunk rows = chunk(kept);
            var values = new ArrayList<Column>();
            for (Key key : keys) {
                values.add(
                        switch (key) {
                            case Key.Same(int same) -> share(rows.column(same));
                            case Key.Other(var column) -> column(column);
                        });
            }
            return new Keyed(rows, values);
        }

        private Column share(Column column) {
            shared.add(column.retain());
            return column;
        }

        private Buffer take(Part part) throws IOException {
            Buffer buffer = pages.buffer(part, account);
            buffers.add(buffer);
            bytes += part.fileBytes();
            return buffer;
        }

        private @Nullable Buffer takeBitmap(@Nullable Part part) throws IOException {
            return part == null ? null : take(part);
        }

        private Column column(SpilledColumn kept) throws IOException {
            int rows = kept.rows();
            return switch (kept) {
                case SpilledColumn.Fixed(var type, _, var bits, var values) ->
                        new FixedColumn(type, rows, take(values), takeBitmap(bits));
                case SpilledColumn.Bits(_, var bits, var values) ->
                        new BoolColumn(rows, take(values), takeBitmap(bits));
                case SpilledColumn.Variable(var type, _, var bits, var offsets, var bytes) ->
                        new VariableColumn(
                                type, rows, take(offsets), take(bytes), takeBitmap(bits));
                case SpilledColumn.Coded(
                                var type,
                                _,
                                var bits,
                                var codes,
                                var dictionary,
                                var values) -> {
                    words.add(values.retain());
                    yield new DictionaryColumn(
                            type, rows, take(codes), dictionary, values, takeBitmap(bits));
                }
                case SpilledColumn.Listed(var type, _, var bits, var offsets, var elements) ->
                        new ListColumn(
                                type, rows, take(offsets), column(elements), takeBitmap(bits));
                case SpilledColumn.Structured(var type, _, var bits, var fields) ->
                        new StructColumn(type, rows, columns(fields), takeBitmap(bits));
            };
        }
    }

    /// Adds an owner.
    SpilledOutput retain() {
        if (owners.getAndIncrement() <= 0)
            throw new IllegalStateException("retained after its end");
        return this;
    }

    /// Takes an owner away; the last one removes the file. What was read of it stays.
    @Override
    public void close() {
        if (owners.decrementAndGet() > 0) return;
        pinned.forEach(DictionaryValues::close);
        synchronized (this) {
            if (mapping != null) mapping.close();
        }
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw SpillDirectory.failed("can't remove", file, e);
        }
    }
}
