package dev.quiver.cluster.data;

import dev.quiver.cluster.data.StreamFormat.ChunkLayout;
import dev.quiver.cluster.data.StreamFormat.ColumnLayout;
import dev.quiver.cluster.data.StreamFormat.Content;
import dev.quiver.cluster.data.StreamFormat.KeyLayout;
import dev.quiver.cluster.data.StreamFormat.Notice;
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
import dev.quiver.columnar.kernel.JoinTable;
import dev.quiver.columnar.memory.Buffer;
import dev.quiver.schema.Schema;
import dev.quiver.worker.store.CopyStore;
import dev.quiver.worker.store.ObjectBytes;
import dev.quiver.worker.store.TaskOutput;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/// Says how outputs lie in the bodies of one stream, and remembers which schemas and dictionaries
/// the other side knows. For one thread at a time.
final class OutputLayout {
    private static final class Told {
        final int number;

        /// How many words were told; −1 when not even that there are none.
        int words = -1;

        Told(int number) {
            this.number = number;
        }
    }

    private final Map<Schema, Integer> schemas = new HashMap<>();
    private final IdentityHashMap<Dictionary, Told> dictionaries = new IdentityHashMap<>();

    private List<Notice> notices = new ArrayList<>();
    private List<MemorySegment> told = new ArrayList<>();
    private List<MemorySegment> body = new ArrayList<>();
    private int stage;
    private int columns;

    /// What was announced, and the bytes that follow it. They lie where the output's do.
    record Announced(List<Notice> notices, List<MemorySegment> body) {}

    /// @param output stays the caller's
    Announced announce(StreamFormat.Wanted wanted, CopyStore.Copy output) {
        notices = new ArrayList<>();
        told = new ArrayList<>();
        body = new ArrayList<>();
        stage = wanted.stage();
        columns = 0;
        Content content =
                switch (output) {
                    case ObjectBytes object -> {
                        put(MemorySegment.ofArray(object.array()), 0, object.bytes());
                        yield new StreamFormat.ObjectOf(object.array().length);
                    }
                    case TaskOutput made -> content(made, wanted.slice());
                };
        notices.add(new StreamFormat.Answer(wanted.request(), content));
        var all = new ArrayList<MemorySegment>(told);
        all.addAll(body);
        return new Announced(notices, all);
    }

    private Content content(TaskOutput output, int slice) {
        if (output.isTable()) {
            JoinTable table = output.table();
            ChunkLayout rows = chunk(table.chunk());
            return new StreamFormat.Table(rows, keys(table.chunk(), table.keys()));
        }
        if (output.isRun() && slice < 0) {
            Chunk rows = output.run().chunk();
            ChunkLayout layout = chunk(rows);
            return new StreamFormat.Run(layout, keys(rows, output.run().keys()), output.notes());
        }
        if (slice >= 0) return slice(output.slice(slice));
        var slices = new ArrayList<StreamFormat.Slice>();
        for (int i = 0; i < output.sliceCount(); i++) slices.add(slice(output.slice(i)));
        return new StreamFormat.Slices(slices, output.notes());
    }

    private StreamFormat.Slice slice(List<Chunk> chunks) {
        return new StreamFormat.Slice(chunks.stream().map(this::chunk).toList());
    }

    private ChunkLayout chunk(Chunk chunk) {
        Integer known = schemas.get(chunk.schema());
        int schema = known == null ? schemas.size() : known;
        if (known == null) {
            schemas.put(chunk.schema(), schema);
            notices.add(new StreamFormat.SchemaTold(schema, chunk.schema()));
        }
        columns = 0;
        var layouts = new ArrayList<ColumnLayout>();
        for (Column column : chunk.columns()) layouts.add(column(column));
        return new ChunkLayout(schema, chunk.rows(), layouts);
    }

    private List<KeyLayout> keys(Chunk rows, List<Column> keys) {
        var layouts = new ArrayList<KeyLayout>();
        for (Column key : keys) {
            int same = -1;
            for (int i = 0; i < rows.columns().size(); i++) if (rows.column(i) == key) same = i;
            layouts.add(
                    same >= 0
                            ? new StreamFormat.SameKey(same)
                            : new StreamFormat.OtherKey(key.type(), column(key)));
        }
        return layouts;
    }

    private void put(MemorySegment from, long at, long bytes) {
        if (bytes > 0) body.add(from.asSlice(at, bytes));
    }

    private ColumnLayout column(Column column) {
        int number = columns++;
        int rows = column.rows();
        Buffer validity = column.validity();
        boolean nulls = validity != null;
        if (validity != null) put(validity.segment(), 0, Validity.bytes(rows));
        return switch (column) {
            case FixedColumn fixed -> {
                put(fixed.values(), 0, (long) rows * fixed.width());
                yield new StreamFormat.Fixed(nulls);
            }
            case BoolColumn bits -> {
                put(bits.values(), 0, Validity.bytes(rows));
                yield new StreamFormat.Bits(nulls);
            }
            case VariableColumn variable -> {
                int base = variable.start(0);
                int bytes = variable.end(rows - 1) - base;
                put(variable.offsets(), 0, (rows + 1) * 4L);
                put(variable.data(), base, bytes);
                yield new StreamFormat.Variable(nulls, base, bytes);
            }
            case DictionaryColumn coded -> {
                int dictionary = tell(coded, number);
                put(coded.codes(), 0, rows * 4L);
                yield new StreamFormat.Coded(nulls, dictionary, coded.values().size());
            }
            case ListColumn list -> listed(list, nulls);
            case StructColumn struct ->
                    new StreamFormat.Structured(
                            nulls, struct.fields().stream().map(this::column).toList());
        };
    }

    /// A list that was cut brings the elements of its own rows, from a multiple of 64 on.
    private ColumnLayout listed(ListColumn list, boolean nulls) {
        int rows = list.rows();
        int first = rows == 0 ? 0 : list.start(0) & -64;
        int end = rows == 0 ? 0 : list.end(rows - 1);
        put(list.offsets(), 0, rows == 0 ? 0 : (rows + 1) * 4L);
        // what the slice shares lives as long as the list does
        try (Column elements = list.elements().slice(first, end - first)) {
            return new StreamFormat.Listed(nulls, first, end - first, column(elements));
        }
    }

    /// Tells the words that the other side doesn't know.
    private int tell(DictionaryColumn column, int number) {
        Told known =
                dictionaries.computeIfAbsent(
                        column.dictionary(), _ -> new Told(dictionaries.size()));
        DictionaryValues values = column.values();
        int size = values.size();
        if (known.words >= size) return known.number;
        int from = Math.max(0, known.words);
        int begin = values.start(from);
        int bytes = values.end(size - 1) - begin;
        told.add(values.offsets().asSlice(from * 4L, (size - from + 1) * 4L));
        if (bytes > 0) told.add(values.data().asSlice(begin, bytes));
        notices.add(new StreamFormat.WordsTold(known.number, stage, number, from, size, bytes));
        known.words = size;
        return known.number;
    }
}
