package dev.quiver.io.parquet;

import dev.quiver.schema.Field;
import java.util.List;

/// A column as a file stores it, or a part of a nested one.
///
/// Each leaf has entries with two levels each. An entry stands for a value of this node's column
/// (its slot) where its repetition level is at most [#repetition] and its definition level at least
/// [#slot]; the value isn't null from [#definition] on. Source: Melnik et al., "Dremel", 2010.
sealed interface FileNode {
    /// Name and type in Quiver.
    Field field();

    /// The least definition level at which there is a slot: that of the nearest list around.
    int slot();

    /// The least definition level at which the slot holds a value.
    int definition();

    /// The highest repetition level at which a slot begins.
    int repetition();

    /// Values.
    record Leaf(Field field, FileColumn column, int slot) implements FileNode {
        @Override
        public int definition() {
            return column.definitions();
        }

        @Override
        public int repetition() {
            return column.repetitions();
        }

        /// Whether it is a column of the file's own, not a part of one.
        boolean isFlat() {
            return column.repetitions() == 0 && column.name().equals(field.name());
        }
    }

    /// Named parts beside each other.
    record Group(Field field, int slot, int definition, int repetition, List<FileNode> parts)
            implements FileNode {
        public Group {
            parts = List.copyOf(parts);
        }
    }

    /// A list; its elements have slots one level up.
    record Repeated(Field field, int slot, int definition, int repetition, FileNode element)
            implements FileNode {}

    /// The first leaf in it.
    default FileColumn firstLeaf() {
        return switch (this) {
            case Leaf leaf -> leaf.column();
            case Group group -> group.parts().getFirst().firstLeaf();
            case Repeated list -> list.element().firstLeaf();
        };
    }
}
