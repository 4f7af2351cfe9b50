package dev.quiver.scheduler.state;

import dev.quiver.graph.TaskKey;
import java.util.Arrays;

/// For each task of a stage, the tasks that list it as their input: chains through two arrays.
final class ReaderLists {
    static final int END = -1;

    private int[] heads = new int[0];
    private int[] next = new int[8];
    private long[] readers = new long[8];
    private int count;

    void add(int partition, long reader) {
        if (partition >= heads.length) {
            int before = heads.length;
            heads = Arrays.copyOf(heads, Math.max(partition + 1, before * 2));
            Arrays.fill(heads, before, heads.length, END);
        }
        if (count == next.length) {
            next = Arrays.copyOf(next, count * 2);
            readers = Arrays.copyOf(readers, count * 2);
        }
        next[count] = heads[partition];
        readers[count] = reader;
        heads[partition] = count++;
    }

    /// The first entry of the chain of `partition`, or [#END].
    int first(int partition) {
        return partition < heads.length ? heads[partition] : END;
    }

    int next(int entry) {
        return next[entry];
    }

    int stage(int entry) {
        return TaskKey.stageOf(readers[entry]);
    }

    int partition(int entry) {
        return TaskKey.partitionOf(readers[entry]);
    }
}
