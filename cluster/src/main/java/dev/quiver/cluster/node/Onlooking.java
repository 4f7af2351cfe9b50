package dev.quiver.cluster.node;

import dev.quiver.cluster.control.Inquiry;
import dev.quiver.cluster.control.WorkerWord;
import dev.quiver.scheduler.server.FirstRows;
import dev.quiver.scheduler.server.TaskSampler;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.Function;

/// What people want to know of this worker who look at it, until the scheduler is told.
/// Thread-safe.
final class Onlooking implements AutoCloseable {
    /// So many first rows are read or wait to be told at once; who asks for more is told nothing.
    private static final int HEADS_MAX = 32;

    private final TaskSampler sampler = new TaskSampler(TaskSampler.PATIENCE, () -> {});
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    private final Function<Inquiry.Head, FirstRows> reader;
    private final Semaphore room = new Semaphore(HEADS_MAX);
    private final ConcurrentLinkedQueue<WorkerWord> heads = new ConcurrentLinkedQueue<>();

    /// @param reader of first rows
    Onlooking(Function<Inquiry.Head, FirstRows> reader) {
        this.reader = reader;
    }

    /// Finds it out in another thread: what is told next doesn't wait for it.
    void take(Inquiry inquiry) {
        switch (inquiry) {
            case Inquiry.Samples _ -> executor.execute(sampler::ask);
            case Inquiry.Head head -> {
                if (room.tryAcquire()) executor.execute(() -> read(head));
            }
        }
    }

    private void read(Inquiry.Head asked) {
        FirstRows rows;
        try {
            rows = reader.apply(asked);
        } catch (RuntimeException e) { // whatever it is, it is about this frame alone
            rows = new FirstRows.Missing("Its rows can’t be read: " + e.getMessage());
        }
        heads.add(new WorkerWord.Head(asked.number(), rows));
    }

    /// What was found out since this was asked last.
    List<WorkerWord> take() {
        var words = new ArrayList<WorkerWord>();
        sampler.take().ifPresent(samples -> words.add(new WorkerWord.Sampled(samples)));
        for (WorkerWord head = heads.poll(); head != null; head = heads.poll()) {
            room.release();
            words.add(head);
        }
        return words;
    }

    @Override
    public void close() {
        executor.shutdownNow();
        sampler.close();
    }
}
