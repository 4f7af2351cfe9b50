package dev.quiver.worker.store;

import dev.quiver.columnar.Dictionary;
import dev.quiver.columnar.DictionaryValues;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where the buffers of a column lie in a file. Dictionaries stay in memory, where others share
/// them.
sealed interface SpilledColumn {
    /// A buffer.
    ///
    /// @param at its first byte in the file, a multiple of [#ALIGNMENT]
    /// @param bytes that may be read once it is unpacked, zeros behind the last value among them
    /// @param blocks how many bytes each has in the file, if it is packed: see [SpillPacking]; none
    ///   when it lies there as it was
    /// @param values bytes without those zeros
    record Part(long at, long bytes, List<Integer> blocks, long values) {
        public Part {
            blocks = List.copyOf(blocks);
        }

        /// One that lies there as it was.
        Part(long at, long bytes) {
            this(at, bytes, List.of(), bytes);
        }

        boolean isPacked() {
            return !blocks.isEmpty();
        }

        /// Bytes of the file that it takes.
        long fileBytes() {
            return isPacked() ? blocks.stream().mapToLong(Integer::longValue).sum() : bytes;
        }
    }

    /// Of which buffers begin at a multiple.
    int ALIGNMENT = 64;

    int rows();

    record Fixed(DataType type, int rows, @Nullable Part validity, Part values)
            implements SpilledColumn {}

    record Bits(int rows, @Nullable Part validity, Part values) implements SpilledColumn {}

    record Variable(DataType type, int rows, @Nullable Part validity, Part offsets, Part bytes)
            implements SpilledColumn {}

    record Coded(
            DataType type,
            int rows,
            @Nullable Part validity,
            Part codes,
            Dictionary dictionary,
            DictionaryValues values)
            implements SpilledColumn {}

    record Listed(
            DataType.ListOf type,
            int rows,
            @Nullable Part validity,
            Part offsets,
            SpilledColumn elements)
            implements SpilledColumn {}

    record Structured(
            DataType.Struct type, int rows, @Nullable Part validity, List<SpilledColumn> fields)
            implements SpilledColumn {}

    /// A chunk's columns.
    record Rows(Schema schema, int rows, List<SpilledColumn> columns) {}
}
