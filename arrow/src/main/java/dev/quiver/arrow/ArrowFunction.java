package dev.quiver.arrow;

import java.io.Serializable;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;

/// A function from Arrow batches to Arrow batches that may throw and that can travel to a worker.
@FunctionalInterface
public interface ArrowFunction extends Serializable {
    /// @param batch some rows; it is read-only, and closed when the function has returned
    /// @param allocator for what the function makes. It counts to the session's memory, and is
    ///   closed with the call: vectors that aren't returned must be closed
    /// @return the batch that becomes rows of the frame, closed by Quiver; it may be `batch`
    VectorSchemaRoot apply(VectorSchemaRoot batch, BufferAllocator allocator) throws Exception;
}
