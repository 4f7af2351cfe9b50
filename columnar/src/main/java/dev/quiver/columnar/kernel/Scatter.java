package dev.quiver.columnar.kernel;

import dev.quiver.columnar.Chunk;
import dev.quiver.columnar.memory.Buffer;
import dev.quiver.columnar.memory.Layouts;
import dev.quiver.columnar.memory.MemoryAccount;
import java.lang.foreign.MemorySegment;
import java.util.List;

/// Spreads a chunk's rows over buckets; rows keep their order inside a bucket.
public final class Scatter {
    private Scatter() {}

    /// Appends to each bucket the chunks of its rows, which the caller owns.
    ///
    /// @param numbers the bucket of each row, int32, below `buckets.size()`
    public static void rows(
            Chunk source, MemorySegment numbers, List<List<Chunk>> buckets, MemoryAccount account) {
        int rows = source.rows();
        var ends = new int[buckets.size() + 1];
        for (int i = 0; i < rows; i++) ends[numbers.get(Layouts.INT, i * 4L) + 1]++;
        for (int b = 0; b < buckets.size(); b++) ends[b + 1] += ends[b];
        int[] at = ends.clone();
        try (Buffer order = account.allocate(rows * 4L)) {
            MemorySegment to = order.segment();
            for (int i = 0; i < rows; i++) {
                int bucket = numbers.get(Layouts.INT, i * 4L);
                to.set(Layouts.INT, at[bucket]++ * 4L, i);
            }
            for (int b = 0; b < buckets.size(); b++) {
                for (int from = ends[b]; from < ends[b + 1]; from += Chunk.ROWS) {
                    int count = Math.min(Chunk.ROWS, ends[b + 1] - from);
                    buckets.get(b).add(Take.chunk(source, to, from, count, account));
                }
            }
        }
    }
}
