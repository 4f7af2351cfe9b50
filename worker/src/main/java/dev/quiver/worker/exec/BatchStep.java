package dev.quiver.worker.exec;

import dev.quiver.columnar.Chunk;
import dev.quiver.columnar.kernel.Concat;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.dataframe.Batch;
import dev.quiver.dataframe.Fn;
import dev.quiver.error.QuiverException;
import dev.quiver.error.TaskFailed;
import dev.quiver.operator.Operator;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Calls user code with the columns of each chunk and makes chunks of the batches that come back.
final class BatchStep implements Step {
    private final Operator.MapBatches map;
    private final MemoryAccount account;
    private long rowsBefore;

    BatchStep(Operator.MapBatches map, MemoryAccount account) {
        this.map = map;
        this.account = account;
    }

    @Override
    public void accept(Chunk chunk, Consumer<Chunk> out) {
        if (chunk.rows() == 0) return;
        account.checkpoint(); // nobody knows how long a user's function takes
        try (var scope = new BatchScope(map.schema(), account)) {
            Batch returned =
                    call(new ColumnBatch(chunk.schema(), chunk.columns(), chunk.rows(), scope));
            if (returned == null)
                throw failed(
                        "the function of mapBatches returned null",
                        "return a batch; one without rows is batch.filter(new"
                                + " boolean[batch.rowCount()])",
                        chunk.rows(),
                        null);
            try (Chunk made = scope.chunk(returned)) {
                for (int row = 0; row < made.rows(); row += Chunk.ROWS)
                    out.accept(
                            Concat.range(
                                    made, row, Math.min(Chunk.ROWS, made.rows() - row), account));
            }
        }
        rowsBefore += chunk.rows();
    }

    @SuppressWarnings("unchecked") // the frame's method has a parameter of this type
    private @Nullable Batch call(ColumnBatch batch) {
        try {
            return ((Fn<Batch, Batch>) map.function()).apply(batch);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw threw(batch, e);
        } catch (QuiverException e) {
            throw e;
        } catch (Exception e) {
            throw threw(batch, e);
        }
    }

    private TaskFailed threw(ColumnBatch batch, Exception cause) {
        return failed(
                "the function of mapBatches threw %s".formatted(cause),
                "see the cause for the line in your code",
                batch.rowCount(),
                cause);
    }

    private TaskFailed failed(String what, String fix, int rows, @Nullable Exception cause) {
        String where =
                "rows %,d to %,d of the partition".formatted(rowsBefore, rowsBefore + rows - 1);
        return new TaskFailed(what, List.of("batch: " + where), fix, cause);
    }
}
