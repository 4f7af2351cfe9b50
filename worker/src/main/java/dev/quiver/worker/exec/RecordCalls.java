package dev.quiver.worker.exec;

import dev.quiver.columnar.Chunk;
import dev.quiver.columnar.ColumnValues;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.dataframe.Fn;
import dev.quiver.dataframe.RecordShape;
import dev.quiver.error.QuiverException;
import dev.quiver.error.TaskFailed;
import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A user's function that is called with rows as records.
final class RecordCalls {
    private final Serializable function;
    private final Class<? extends Record> input;
    private final MemoryAccount account;
    private RecordShape.@Nullable Reading<?> reading;
    private long rowsBefore;

    /// @param account tells before each call whether the rows are still wanted
    RecordCalls(Serializable function, Class<?> input, MemoryAccount account) {
        this.function = function;
        this.input = input.asSubclass(Record.class);
        this.account = account;
    }

    private record ChunkRow(Chunk chunk, int index, long row) implements RecordShape.RowValues {
        @Override
        public @Nullable Object value(int column) {
            return ColumnValues.get(chunk.column(column), index);
        }
    }

    /// The chunk with so many rows is done with.
    void passed(int rows) {
        rowsBefore += rows;
    }

    /// The row's number in its partition.
    long row(int index) {
        return rowsBefore + index;
    }

    @SuppressWarnings("unchecked") // the frame checked the function's classes at the call
    @Nullable Object call(Chunk chunk, int index) {
        account.checkpoint(); // nobody knows how long a user's function takes
        long row = row(index);
        RecordShape.Reading<?> known = reading;
        if (known == null) {
            known = RecordShape.of(input).reading(chunk.schema(), "the frame");
            reading = known;
        }
        Record argument = known.read(new ChunkRow(chunk, index, row));
        try {
            return ((Fn<Object, Object>) function).apply(argument);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failed(row, argument, e);
        } catch (QuiverException e) {
            throw e;
        } catch (Exception e) {
            throw failed(row, argument, e);
        }
    }

    private static TaskFailed failed(long row, Record argument, Exception cause) {
        return new TaskFailed(
                "the function threw %s for row %d of its partition".formatted(cause, row),
                List.of("row: " + argument),
                "see the cause for the line in your code",
                cause);
    }
}
