package dev.quiver.cluster.data;

import dev.quiver.cluster.data.StreamFormat.ChunkLayout;
import dev.quiver.cluster.data.StreamFormat.ColumnLayout;
import dev.quiver.cluster.data.StreamFormat.KeyLayout;
import dev.quiver.columnar.BoolColumn;
import dev.quiver.columnar.Chunk;
import dev.quiver.columnar.Column;
import dev.quiver.columnar.FixedColumn;
import dev.quiver.columnar.ListColumn;
import dev.quiver.columnar.StructColumn;
import dev.quiver.columnar.Validity;
import dev.quiver.columnar.VariableColumn;
import dev.quiver.columnar.kernel.JoinTable;
import dev.quiver.columnar.kernel.SortedRun;
import dev.quiver.columnar.memory.Buffer;
import dev.quiver.columnar.memory.Layouts;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Field;
import dev.quiver.schema.Schema;
import dev.quiver.worker.store.TaskOutput;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An output that comes in: knows how much room its buffers need, and makes columns of them once
/// they are full. What doesn't fit together is refused, whoever sent it.
final class OutputAssembly {
    private static final int ROWS_MAX = 1 << 30;

    private final StreamFormat.Content content;
    private final KnownTerms terms;
    private final int slice;

    /// What the buffers take in, and what they have behind it.
    private final List<Room> rooms = new ArrayList<>();

    private final ArrayDeque<Buffer> filled = new ArrayDeque<>();

    /// @param padding readable bytes behind
    record Room(long bytes, int padding) {}

    /// @param slice what was asked for
    OutputAssembly(StreamFormat.Content content, KnownTerms terms, int slice) {
        this.content = content;
        this.terms = terms;
        this.slice = slice;
        switch (content) {
            case StreamFormat.Slices(var slices, _) ->
                    slices.forEach(s -> s.chunks().forEach(this::plan));
            case StreamFormat.Slice(var chunks) -> chunks.forEach(this::plan);
            case StreamFormat.Table(var rows, var keys) -> planKeyed(rows, keys);
            case StreamFormat.Run(var rows, var keys, _) -> planKeyed(rows, keys);
            case StreamFormat.Unsent _, StreamFormat.ObjectOf _ -> {}
        }
    }

    List<Room> rooms() {
        return rooms;
    }

    private void planKeyed(ChunkLayout rows, List<KeyLayout> keys) {
        plan(rows);
        for (KeyLayout key : keys)
            if (key instanceof StreamFormat.OtherKey(var type, var column))
                plan(type, rows.rows(), column);
    }

    private void plan(ChunkLayout chunk) {
        Schema schema = terms.schema(chunk.schema());
        requireRows(chunk.rows());
        require(chunk.columns().size() == schema.size(), "as many columns as fields");
        for (int i = 0; i < schema.size(); i++)
            plan(schema.field(i).type(), chunk.rows(), chunk.columns().get(i));
    }

    static void require(boolean holds, String what) {
        if (!holds) throw new MalformedOutput(what);
    }

    private static void requireRows(int rows) {
        require(rows >= 0 && rows <= ROWS_MAX, "a sane number of rows");
    }

    private void room(long bytes) {
        rooms.add(new Room(bytes, 0));
    }

    private void plan(DataType type, int rows, ColumnLayout layout) {
        switch (layout) {
            case StreamFormat.Fixed(boolean nulls) -> {
                validity(nulls, rows);
                room((long) rows * FixedColumn.width(type));
            }
            case StreamFormat.Bits(boolean nulls) -> {
                validity(nulls, rows);
                room(Validity.bytes(rows));
            }
            case StreamFormat.Variable(boolean nulls, int base, int bytes) -> {
                require(base >= 0 && bytes >= 0, "bytes of values");
                validity(nulls, rows);
                room((rows + 1) * 4L);
                rooms.add(new Room(bytes, VariableColumn.PADDING_BYTES));
            }
            case StreamFormat.Coded(boolean nulls, _, _) -> {
                validity(nulls, rows);
                room(rows * 4L);
            }
            case StreamFormat.Listed(boolean nulls, int base, int elementRows, var elements) -> {
                require(type instanceof DataType.ListOf, "a list's type");
                require(base >= 0, "offsets");
                requireRows(elementRows);
                validity(nulls, rows);
                rooms.add(new Room(rows == 0 ? 0 : (rows + 1) * 4L, rows == 0 ? 4 : 0));
                plan(((DataType.ListOf) type).element().type(), elementRows, elements);
            }
            case StreamFormat.Structured(boolean nulls, var columns) -> {
                if (!(type instanceof DataType.Struct(var fields)))
                    throw new MalformedOutput("a struct's type");
                require(fields.size() == columns.size(), "as many columns as fields");
                validity(nulls, rows);
                for (int i = 0; i < fields.size(); i++)
                    plan(fields.get(i).type(), rows, columns.get(i));
            }
        }
    }

    private void validity(boolean nulls, int rows) {
        if (nulls) room(Validity.bytes(rows));
    }

    /// The output, of buffers one a room, which are taken over. The caller owns it; after a failure
    /// nothing is held.
    ///
    /// @throws MalformedOutput when they make none
    TaskOutput build(List<Buffer> buffers, MemoryAccount account) {
        filled.addAll(buffers);
        var made = new ArrayList<Chunk>();
        try {
            return switch (content) {
                case StreamFormat.Slices(var slices, var notes) -> {
                    var built = new ArrayList<List<Chunk>>();
                    for (StreamFormat.Slice one : slices) {
                        int first = made.size();
                        for (ChunkLayout chunk : one.chunks()) made.add(chunk(chunk));
                        built.add(List.copyOf(made.subList(first, made.size())));
                    }
                    yield TaskOutput.ofSlices(built).withNotes(notes);
                }
                case StreamFormat.Slice(var chunks) -> {
                    for (ChunkLayout chunk : chunks) made.add(chunk(chunk));
                    yield TaskOutput.ofSlice(slice, made);
                }
                case StreamFormat.Table(var rows, var keys) -> {
                    made.add(chunk(rows));
                    yield table(made.getFirst(), keys, account);
                }
                case StreamFormat.Run(var rows, var keys, var notes) -> {
                    made.add(chunk(rows));
                    List<Column> own = keys(made.getFirst(), keys);
                    yield TaskOutput.ofRun(SortedRun.sorted(made.getFirst(), own)).withNotes(notes);
                }
                case StreamFormat.Unsent _, StreamFormat.ObjectOf _ ->
                        throw new IllegalStateException("no chunks: " + content);
            };
        } catch (RuntimeException | Error e) {
            made.forEach(Chunk::close);
            filled.forEach(Buffer::close);
            filled.clear();
            throw e;
        }
    }

    private TaskOutput table(Chunk rows, List<KeyLayout> layouts, MemoryAccount account) {
        List<Column> keys = keys(rows, layouts);
        try {
            return TaskOutput.ofTable(JoinTable.build(rows, keys, account));
        } finally {
            keys.forEach(Column::close);
        }
    }

    private List<Column> keys(Chunk rows, List<KeyLayout> layouts) {
        var keys = new ArrayList<Column>();
        try {
            for (KeyLayout layout : layouts) {
                switch (layout) {
                    case StreamFormat.SameKey(int same) -> {
                        require(same >= 0 && same < rows.columns().size(), "a key's column");
                        keys.add(rows.column(same).retain());
                    }
                    case StreamFormat.OtherKey(var type, var column) ->
                            keys.add(column(type, rows.rows(), column));
                }
            }
            return keys;
        } catch (RuntimeException | Error e) {
            keys.forEach(Column::close);
            throw e;
        }
    }

    private Chunk chunk(ChunkLayout layout) {
        Schema schema = terms.schema(layout.schema());
        var columns = new ArrayList<Column>();
        try {
            for (int i = 0; i < schema.size(); i++)
                columns.add(column(schema.field(i).type(), layout.rows(), layout.columns().get(i)));
            return new Chunk(schema, columns, layout.rows());
        } catch (RuntimeException | Error e) {
            columns.forEach(Column::close);
            throw e;
        }
    }

    /// Takes over as many of the filled buffers as the column has; those of a column that isn't
    /// made are closed.
    private Column column(DataType type, int rows, ColumnLayout layout) {
        var taken = new ArrayList<Buffer>();
        try {
            return column(type, rows, layout, taken);
        } catch (RuntimeException | Error e) {
            taken.forEach(Buffer::close);
            throw e;
        }
    }

    private Buffer take(List<Buffer> taken) {
        Buffer next = filled.remove();
        taken.add(next);
        return next;
    }

    private @Nullable Buffer takeBitmap(boolean nulls, List<Buffer> taken) {
        return nulls ? take(taken) : null;
    }

    private Column column(DataType type, int rows, ColumnLayout layout, List<Buffer> taken) {
        return switch (layout) {
            case StreamFormat.Fixed(boolean nulls) -> {
                Buffer validity = takeBitmap(nulls, taken);
                yield new FixedColumn(type, rows, take(taken), validity);
            }
            case StreamFormat.Bits(boolean nulls) -> {
                require(type instanceof DataType.Bool, "bool's type");
                Buffer validity = takeBitmap(nulls, taken);
                yield new BoolColumn(rows, take(taken), validity);
            }
            case StreamFormat.Variable(boolean nulls, int base, int bytes) -> {
                require(
                        type instanceof DataType.Utf8 || type instanceof DataType.Binary,
                        "plain text's or binary's type");
                Buffer validity = takeBitmap(nulls, taken);
                Buffer offsets = take(taken);
                rebase(offsets.segment(), rows, base, bytes);
                yield new VariableColumn(type, rows, offsets, take(taken), validity);
            }
            case StreamFormat.Coded(boolean nulls, int dictionary, int words) -> {
                require(DataType.isText(type), "text's type");
                Buffer validity = takeBitmap(nulls, taken);
                yield terms.column(type, rows, take(taken), validity, dictionary, words);
            }
            case StreamFormat.Listed(boolean nulls, int base, int elementRows, var elements) -> {
                var list = (DataType.ListOf) type;
                Buffer validity = takeBitmap(nulls, taken);
                Buffer offsets = take(taken);
                if (rows == 0) offsets.segment().set(Layouts.INT, 0, 0);
                else rebaseWithin(offsets.segment(), rows, base, elementRows);
                Column inner = column(list.element().type(), elementRows, elements);
                yield new ListColumn(list, rows, offsets, inner, validity);
            }
            case StreamFormat.Structured(boolean nulls, var columns) -> {
                Buffer validity = takeBitmap(nulls, taken);
                yield struct((DataType.Struct) type, rows, columns, validity);
            }
        };
    }

    private Column struct(
            DataType.Struct type, int rows, List<ColumnLayout> layouts, @Nullable Buffer validity) {
        var columns = new ArrayList<Column>();
        try {
            List<Field> fields = type.fields();
            for (int i = 0; i < fields.size(); i++)
                columns.add(column(fields.get(i).type(), rows, layouts.get(i)));
            return new StructColumn(type, rows, columns, validity);
        } catch (RuntimeException | Error e) {
            columns.forEach(Column::close);
            throw e;
        }
    }

    /// Makes offsets begin at 0, and requires that they end at `bytes`.
    private static void rebase(MemorySegment offsets, int rows, int base, int bytes) {
        rebaseWithin(offsets, rows, base, bytes);
        require(offsets.get(Layouts.INT, 0) == 0, "offsets that begin where they should");
        require(offsets.get(Layouts.INT, rows * 4L) == bytes, "offsets that end with the values");
    }

    private static void rebaseWithin(MemorySegment offsets, int rows, int base, int limit) {
        int before = 0;
        boolean sound = true;
        for (int i = 0; i <= rows; i++) {
            int offset = offsets.get(Layouts.INT, i * 4L) - base;
            sound &= offset >= before;
            before = offset;
            offsets.set(Layouts.INT, i * 4L, offset);
        }
        require(sound && before <= limit, "offsets in order");
    }

    /// Bytes that don't make an output.
    static final class MalformedOutput extends RuntimeException {
        private static final long serialVersionUID = 1L;

        MalformedOutput(String expected) {
            super("a peer sent what is no output: it should have " + expected);
        }
    }
}
