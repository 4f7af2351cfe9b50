package dev.quiver.graph;

import java.util.Arrays;

/// For each task of a range, the tasks it reads, in compressed sparse rows: row `r` belongs to the
/// `r`-th task of the range. Immutable. Memory: 4 bytes a task and 8 bytes an input; nothing when
/// no task reads anything.
public final class Edges {
    /// A range of tasks that read nothing; covers any number of rows.
    public static final Edges NONE = new Edges(new int[0], new long[0]);

    private final int[] ends;
    private final long[] targets;

    private Edges(int[] ends, long[] targets) {
        this.ends = ends;
        this.targets = targets;
    }

    public static Builder builder() {
        return new Builder();
    }

    /// How many rows are written down; rows beyond have no inputs.
    public int rowCount() {
        return ends.length;
    }

    /// How many inputs all rows have together.
    public int inputCount() {
        return targets.length;
    }

    /// How many inputs row `row` has.
    public int inputCount(int row) {
        return row >= ends.length ? 0 : ends[row] - begin(row);
    }

    /// Input `index` of row `row`, packed as [TaskKey#pack] does.
    public long input(int row, int index) {
        if (index < 0 || index >= inputCount(row)) {
            throw new IndexOutOfBoundsException(
                    "input %d of row %d, which has %d".formatted(index, row, inputCount(row)));
        }
        return targets[begin(row) + index];
    }

    private int begin(int row) {
        return row == 0 ? 0 : ends[row - 1];
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Edges e
                && Arrays.equals(ends, e.ends)
                && Arrays.equals(targets, e.targets);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(ends) + Arrays.hashCode(targets);
    }

    @Override
    public String toString() {
        return "Edges[%d rows, %d inputs]".formatted(ends.length, targets.length);
    }

    /// Collects rows in order.
    public static final class Builder {
        private int[] ends = new int[8];
        private long[] targets = new long[8];
        private int rowCount;
        private int inputCount;

        private Builder() {}

        /// Adds an input to the row that is being written.
        public Builder input(int stage, int partition) {
            if (inputCount == targets.length) {
                targets = Arrays.copyOf(targets, inputCount * 2);
            }
            targets[inputCount++] = TaskKey.pack(stage, partition);
            return this;
        }

        /// Ends the row that is being written; the next input belongs to the next task.
        public Builder endRow() {
            if (rowCount == ends.length) {
                ends = Arrays.copyOf(ends, rowCount * 2);
            }
            ends[rowCount++] = inputCount;
            return this;
        }

        public Edges build() {
            if (inputCount > (rowCount == 0 ? 0 : ends[rowCount - 1])) {
                throw new IllegalStateException("the last row has inputs but was not ended");
            }
            return inputCount == 0
                    ? NONE
                    : new Edges(Arrays.copyOf(ends, rowCount), Arrays.copyOf(targets, inputCount));
        }
    }
}
