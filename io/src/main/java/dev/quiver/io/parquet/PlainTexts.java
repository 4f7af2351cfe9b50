package dev.quiver.io.parquet;

import dev.quiver.columnar.Column;
import dev.quiver.columnar.Validity;
import dev.quiver.columnar.VariableColumn;
import dev.quiver.columnar.memory.Buffer;
import dev.quiver.columnar.memory.Layouts;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.io.parquet.kernel.DamagedPage;
import dev.quiver.io.parquet.kernel.Gather;
import dev.quiver.schema.DataType;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A plain column of byte strings in the making.
final class PlainTexts implements AutoCloseable {
    private static final int SLACK_BYTES = 16;
    private static final int BYTES_A_VALUE = 16;
    private static final long BYTES_MAX = Integer.MAX_VALUE - 64;

    private final MemoryAccount account;
    private final int rows;
    private @Nullable Buffer offsets;
    private Buffer bytes;
    private int end;

    PlainTexts(MemoryAccount account, int rows) {
        this.account = account;
        this.rows = rows;
        this.bytes = account.allocate((long) rows * BYTES_A_VALUE + SLACK_BYTES);
        try {
            this.offsets = account.allocate((rows + 1) * 4L);
        } catch (RuntimeException e) {
            bytes.close();
            throw e;
        }
        this.offsets.segment().set(Layouts.INT, 0, 0);
    }

    private MemorySegment offsets() {
        return Objects.requireNonNull(offsets).segment();
    }

    /// Adds `present` values to the rows `[row, row + count)` whose bit is 1.
    ///
    /// @param data with 16 readable bytes behind each value
    void append(
            MemorySegment data,
            int[] starts,
            int[] lengths,
            int row,
            int count,
            int present,
            @Nullable Buffer validity) {
        long total = 0;
        for (int i = 0; i < present; i++) total += lengths[i];
        makeRoom(total);
        Gather.bytes(data, starts, lengths, present, bytes.segment(), end);
        MemorySegment out = offsets();
        int at = end;
        int value = 0;
        for (int i = 0; i < count; i++) {
            if (present == count || validity == null || Validity.get(validity.segment(), row + i))
                at += lengths[value++];
            out.set(Layouts.INT, (row + i + 1) * 4L, at);
        }
        end = at;
    }

    /// Adds the value of one row.
    void append(MemorySegment data, long start, int length, int row) {
        makeRoom(length);
        MemorySegment.copy(data, start, bytes.segment(), end, length);
        end += length;
        offsets().set(Layouts.INT, (row + 1) * 4L, end);
    }

    private void makeRoom(long more) {
        long needed = end + more + SLACK_BYTES;
        if (needed > BYTES_MAX)
            throw new DamagedPage("has texts of more than 2 GiB in %d rows".formatted(rows));
        if (needed > bytes.capacityBytes())
            bytes = account.grow(bytes, end, Math.max(needed, bytes.capacityBytes() * 2));
    }

    /// The column, which takes over what was gathered.
    Column build(DataType type, @Nullable Buffer validity) {
        return new VariableColumn(type, rows, Objects.requireNonNull(offsets), bytes, validity);
    }

    @Override
    public void close() {
        bytes.close();
        if (offsets != null) offsets.close();
    }
}
