package dev.quiver.arrow;

import dev.quiver.columnar.Chunk;
import dev.quiver.columnar.memory.MemoryAccount;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;

/// Chunks as Arrow's record batches over the same memory, for those who write them to a network or
/// a file. Copied are, as in [ArrowBatches], dictionary-encoded texts and values of another width.
public final class ArrowChunks {
    private ArrowChunks() {}

    /// The schema that [#record] follows.
    public static Schema schema(dev.quiver.schema.Schema schema) {
        List<Field> fields = schema.fields().stream().map(ArrowTypes::field).toList();
        return new Schema(fields);
    }

    /// A chunk, which stays the caller's, as does its account; the caller closes the batch, which
    /// holds shares of the chunk's memory until then.
    ///
    /// @param account pays for what must be copied
    public static ArrowRecordBatch record(
            Chunk chunk, MemoryAccount account, BufferAllocator allocator) {
        return ArrowExport.record(chunk, account, allocator);
    }
}
