package dev.quiver.worker.exec;

import dev.quiver.columnar.Chunk;
import dev.quiver.columnar.kernel.Concat;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.worker.store.TaskOutput;
import java.util.ArrayList;
import java.util.List;

/// Keeps the chunks, dealt out to slices in order; small ones that follow each other become one.
final class CollectSink implements SinkRun {
    private static final int ROWS_SMALL = Chunk.ROWS / 2;

    private final int slices;
    private final MemoryAccount account;
    private final List<Chunk> chunks = new ArrayList<>();
    private final List<Chunk> small = new ArrayList<>();
    private int smallRows;

    CollectSink(int slices, MemoryAccount account) {
        this.slices = slices;
        this.account = account;
    }

    @Override
    public void accept(Chunk chunk) {
        boolean large = chunk.rows() >= ROWS_SMALL;
        if (large || smallRows + chunk.rows() > Chunk.ROWS) join();
        if (large) {
            chunks.add(chunk.retain());
            return;
        }
        small.add(chunk.retain());
        smallRows += chunk.rows();
    }

    private void join() {
        if (small.isEmpty()) return;
        var parts = List.copyOf(small);
        small.clear();
        smallRows = 0;
        chunks.add(Concat.chunk(parts.getFirst().schema(), parts, account));
    }

    @Override
    public TaskOutput finish() {
        join();
        var kept = List.copyOf(chunks);
        chunks.clear();
        var dealt = new ArrayList<List<Chunk>>();
        for (int i = 0; i < slices; i++)
            dealt.add(kept.subList(place(i, kept.size()), place(i + 1, kept.size())));
        return TaskOutput.ofSlices(dealt);
    }

    /// The first of `count` chunks that is in a slice.
    private int place(int slice, int count) {
        return (int) ((long) slice * count / slices);
    }

    @Override
    public void close() {
        chunks.forEach(Chunk::close);
        small.forEach(Chunk::close);
        chunks.clear();
        small.clear();
    }
}
