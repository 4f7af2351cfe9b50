package dev.quiver.io.parquet;

import dev.quiver.columnar.Column;
import dev.quiver.columnar.kernel.Take;
import dev.quiver.columnar.memory.Buffer;
import dev.quiver.columnar.memory.Layouts;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.io.parquet.kernel.HybridEncoder;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Field;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.apache.parquet.format.CompressionCodec;

/// Writes a column of lists or structs: a leaf column for each part that holds values.
final class NestedWriter implements FieldWriter {
    /// Rows that are taken apart at a time; pages end between rows.
    private static final int ROWS = 512;

    private static final int PAGE_ENTRIES = 1 << 17;

    private final Field field;
    private final MemoryAccount account;
    private final List<Leaf> leaves = new ArrayList<>();

    /// @param encoders makes an encoder of a leaf's values
    NestedWriter(
            Field field,
            Function<Field, ValueEncoder> encoders,
            CompressionCodec codec,
            MemoryAccount account) {
        this.field = field;
        this.account = account;
        try {
            addLeaves(field, new Place(List.of(), List.of(), 0, 0), encoders, codec);
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    /// Where a part of the column stands.
    ///
    /// @param path names from the root of the file's schema on
    /// @param route which field to take at each struct
    private record Place(List<String> path, List<Integer> route, int definition, int repetition) {
        Place at(Field field) {
            return new Place(
                    joined(path, field.name()),
                    route,
                    definition + (field.nullable() ? 1 : 0),
                    repetition);
        }

        Place element() {
            return new Place(
                    joined(path, ParquetTypes.LIST), route, definition + 1, repetition + 1);
        }

        Place field(int index) {
            return new Place(path, joined(route, index), definition, repetition);
        }

        private static <T> List<T> joined(List<T> some, T last) {
            var all = new ArrayList<>(some);
            all.add(last);
            return List.copyOf(all);
        }
    }

    private void addLeaves(
            Field part,
            Place before,
            Function<Field, ValueEncoder> encoders,
            CompressionCodec codec) {
        Place place = before.at(part);
        switch (part.type()) {
            case DataType.ListOf(var element) ->
                    addLeaves(
                            element.withName(ParquetTypes.ELEMENT),
                            place.element(),
                            encoders,
                            codec);
            case DataType.Struct(var fields) -> {
                for (int i = 0; i < fields.size(); i++)
                    addLeaves(fields.get(i), place.field(i), encoders, codec);
            }
            default ->
                    leaves.add(
                            new Leaf(
                                    place,
                                    new LeafPages(
                                            part,
                                            place.path(),
                                            encoders.apply(part),
                                            codec,
                                            account)));
        }
    }

    /// A leaf column and the levels of its page in the making.
    private final class Leaf {
        private final Place place;
        private final LeafPages pages;
        private int[] repetition = new int[ROWS];
        private int[] definition = new int[ROWS];
        private int entries;
        private int present;
        private int rows;

        Leaf(Place place, LeafPages pages) {
            this.place = place;
            this.pages = pages;
        }

        void append(Column column, int from, int count) {
            LeafLevels levels = LeafLevels.of(column, field, place.route(), from, count);
            int more = levels.entries();
            if (entries + more > repetition.length) grow(entries + more);
            System.arraycopy(levels.repetition(), 0, repetition, entries, more);
            System.arraycopy(levels.definition(), 0, definition, entries, more);
            entries += more;
            rows += count;
            appendValues(levels);
            if (entries >= PAGE_ENTRIES || pages.values().bytes() >= LeafPages.PAGE_BYTES)
                endPage();
        }

        private void grow(int needed) {
            int size = Math.max(needed, Math.multiplyExact(repetition.length, 2));
            repetition = Arrays.copyOf(repetition, size);
            definition = Arrays.copyOf(definition, size);
        }

        private void appendValues(LeafLevels levels) {
            int[] valueRows = levels.valueRows();
            if (valueRows.length == 0) return;
            present += valueRows.length;
            try (Buffer indices = account.allocate(valueRows.length * 4L)) {
                MemorySegment to = indices.segment();
                MemorySegment.copy(valueRows, 0, to, Layouts.INT, 0, valueRows.length);
                try (Column dense =
                        Take.column(levels.leaf(), to, 0, valueRows.length, false, account)) {
                    pages.values().append(dense, 0, dense.rows());
                }
            }
        }

        void endPage() {
            if (rows == 0) return;
            ByteSink out = pages.begin();
            writeLevels(repetition, place.repetition(), out);
            writeLevels(definition, place.definition(), out);
            pages.end(out, rows, entries, present);
            entries = 0;
            present = 0;
            rows = 0;
        }

        /// Levels in runs, behind the bytes that they take.
        private void writeLevels(int[] levels, int max, ByteSink out) {
            if (max == 0) return;
            int width = HybridEncoder.width(max);
            long from = out.size() + Integer.BYTES;
            MemorySegment target = out.room(HybridEncoder.bytesMax(entries, width) + Integer.BYTES);
            long end =
                    HybridEncoder.write(
                            MemorySegment.ofArray(levels), entries, width, target, from);
            target.set(Layouts.INT, from - Integer.BYTES, (int) (end - from));
            out.end(end);
        }
    }

    @Override
    public long bytes() {
        return leaves.stream().mapToLong(leaf -> leaf.pages.bytes()).sum();
    }

    @Override
    public void append(Column column) {
        for (int row = 0; row < column.rows(); row += ROWS) {
            int count = Math.min(ROWS, column.rows() - row);
            for (Leaf leaf : leaves) leaf.append(column, row, count);
        }
    }

    @Override
    public List<WrittenColumn> endGroup(FileChannel channel) throws IOException {
        var written = new ArrayList<WrittenColumn>();
        for (Leaf leaf : leaves) {
            leaf.endPage();
            written.add(leaf.pages.endGroup(channel));
        }
        return written;
    }

    @Override
    public void close() {
        leaves.forEach(leaf -> leaf.pages.close());
    }
}
