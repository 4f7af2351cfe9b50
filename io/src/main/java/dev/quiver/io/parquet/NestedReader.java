package dev.quiver.io.parquet;

import dev.quiver.columnar.Column;
import dev.quiver.columnar.ListColumn;
import dev.quiver.columnar.StructColumn;
import dev.quiver.columnar.Validity;
import dev.quiver.columnar.memory.Buffer;
import dev.quiver.columnar.memory.Layouts;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.schema.DataType;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Reads one nested column: reads its leaves side by side and builds lists and structs from their
/// levels.
final class NestedReader implements ColumnSource {
    private final FileNode root;
    private final FileErrors errors;
    private final MemoryAccount account;

    /// By leaf number.
    private final Map<Integer, LeafReader> leaves;

    /// @param leaves taken over
    NestedReader(
            FileNode root,
            Map<Integer, LeafReader> leaves,
            FileErrors errors,
            MemoryAccount account) {
        this.root = root;
        this.leaves = leaves;
        this.errors = errors;
        this.account = account;
    }

    @Override
    public long bytesRead() {
        return leaves.values().stream().mapToLong(LeafReader::bytesRead).sum();
    }

    @Override
    public void end() {
        for (LeafReader leaf : leaves.values())
            if (!leaf.isAtEnd())
                throw errors.corrupt(
                        root.field().name(), "the column has more rows than its row group");
    }

    @Override
    public Column read(int rows) {
        Column column = read(root, rows);
        if (column.rows() == rows) return column;
        column.close();
        throw disagree();
    }

    /// The slots of a part.
    private Column read(FileNode node, int rows) {
        return switch (node) {
            case FileNode.Leaf leaf -> leaf(leaf).read(rows);
            case FileNode.Group group -> group(group, rows);
            case FileNode.Repeated list -> list(list, rows);
        };
    }

    private LeafReader leaf(FileNode node) {
        return Objects.requireNonNull(leaves.get(node.firstLeaf().leaf()));
    }

    private Column group(FileNode.Group group, int rows) {
        var parts = new ArrayList<Column>();
        Buffer validity = null;
        try {
            for (FileNode part : group.parts()) parts.add(read(part, rows));
            Slots slots = slots(group);
            validity = slots.validity;
            for (Column part : parts) if (part.rows() != slots.count) throw disagree();
            return new StructColumn(
                    (DataType.Struct) group.field().type(), slots.count, parts, validity);
        } catch (RuntimeException | Error e) {
            parts.forEach(Column::close);
            if (validity != null) validity.close();
            throw e;
        }
    }

    private Column list(FileNode.Repeated list, int rows) {
        Column elements = read(list.element(), rows);
        Buffer offsets = null;
        Buffer validity = null;
        try {
            Slots slots = slots(list);
            validity = slots.validity;
            offsets = account.allocate((slots.count + 1) * 4L);
            if (offsets(list, offsets.segment()) != elements.rows()) throw disagree();
            return new ListColumn(
                    (DataType.ListOf) list.field().type(),
                    slots.count,
                    offsets,
                    elements,
                    validity);
        } catch (RuntimeException | Error e) {
            elements.close();
            if (offsets != null) offsets.close();
            if (validity != null) validity.close();
            throw e;
        }
    }

    /// How many values a part has, and which of them are there.
    private record Slots(int count, @Nullable Buffer validity) {}

    private Slots slots(FileNode node) {
        LeafReader leaf = leaf(node);
        MemorySegment repetitions = leaf.repetitions();
        MemorySegment definitions = leaf.definitions();
        int entries = leaf.entries();
        Buffer validity = account.allocate(Validity.bytes(entries));
        int count = 0;
        int present = 0;
        for (int i = 0; i < entries; i++) {
            int definition = definitions.get(Layouts.BYTE, i);
            if (repetitions.get(Layouts.BYTE, i) > node.repetition() || definition < node.slot())
                continue;
            boolean valid = definition >= node.definition();
            Validity.set(validity.segment(), count++, valid);
            if (valid) present++;
        }
        if (present < count) return new Slots(count, validity);
        validity.close();
        return new Slots(count, null);
    }

    /// Writes where each list's elements begin and end.
    ///
    /// @return how many elements there are
    private int offsets(FileNode.Repeated list, MemorySegment offsets) {
        LeafReader leaf = leaf(list);
        MemorySegment repetitions = leaf.repetitions();
        MemorySegment definitions = leaf.definitions();
        int innerRepetition = list.repetition() + 1;
        int innerDefinition = list.definition() + 1;
        int elements = 0;
        int count = 0;
        for (int i = 0; i < leaf.entries(); i++) {
            int repetition = repetitions.get(Layouts.BYTE, i);
            int definition = definitions.get(Layouts.BYTE, i);
            if (repetition <= list.repetition() && definition >= list.slot())
                offsets.set(Layouts.INT, 4L * count++, elements);
            if (repetition <= innerRepetition && definition >= innerDefinition) elements++;
        }
        offsets.set(Layouts.INT, 4L * count, elements);
        return elements;
    }

    private RuntimeException disagree() {
        return errors.corrupt(
                root.field().name(), "the parts of the column have different lengths");
    }

    @Override
    public void close() {
        leaves.values().forEach(LeafReader::close);
    }

    /// The leaves of a column in the order of the file.
    static List<FileNode.Leaf> leaves(FileNode node) {
        return switch (node) {
            case FileNode.Leaf leaf -> List.of(leaf);
            case FileNode.Group group ->
                    group.parts().stream().flatMap(part -> leaves(part).stream()).toList();
            case FileNode.Repeated list -> leaves(list.element());
        };
    }
}
