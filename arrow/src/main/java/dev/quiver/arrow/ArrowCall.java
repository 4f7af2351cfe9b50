package dev.quiver.arrow;

import dev.quiver.dataframe.Batch;
import dev.quiver.dataframe.Fn;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.worker.exec.ColumnBatch;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;

/// A function over Arrow batches as one over Quiver's.
record ArrowCall(ArrowFunction function) implements Fn<Batch, Batch> {
    @Override
    public Batch apply(Batch batch) throws Exception {
        var columns = (ColumnBatch) batch;
        try (RootAllocator root = root()) {
            var counted = new CountedAllocation(columns.scope().account());
            try (counted) {
                return call(columns, root, counted);
            }
        }
    }

    private Batch call(ColumnBatch batch, BufferAllocator root, CountedAllocation counted)
            throws Exception {
        try (BufferAllocator shared = root.newChildAllocator("batch", 0, Long.MAX_VALUE);
                BufferAllocator own =
                        root.newChildAllocator("function", counted, 0, Long.MAX_VALUE)) {
            Batch made;
            try (VectorSchemaRoot given = ArrowExport.root(batch, shared);
                    VectorSchemaRoot returned = function.apply(given, own)) {
                if (returned == null)
                    throw new QuiverException(
                            ErrorCode.ARGUMENT_INVALID,
                            "the Arrow function of mapBatches returned null",
                            List.of(),
                            "return a VectorSchemaRoot; one without rows has setRowCount(0)");
                made = ArrowImport.batch(returned, batch);
            }
            requireNothingLeft(own);
            return made;
        }
    }

    private static void requireNothingLeft(BufferAllocator own) {
        long left = own.getAllocatedMemory();
        if (left == 0) return;
        throw new QuiverException(
                ErrorCode.ARGUMENT_INVALID,
                "the Arrow function of mapBatches left %,d bytes of its allocator open"
                        .formatted(left),
                List.of(),
                "close each vector and root that it makes and doesn't return");
    }

    private static RootAllocator root() {
        try {
            return new RootAllocator();
        } catch (ExceptionInInitializerError | NoClassDefFoundError | RuntimeException e) {
            throw new QuiverException(
                    ErrorCode.UNSUPPORTED,
                    "Arrow's classes don't start in this JVM: " + e,
                    List.of(),
                    "start java with --add-opens=java.base/java.nio=ALL-UNNAMED, or use the columns"
                            + " of the batch itself, which need no flag",
                    e);
        }
    }
}
