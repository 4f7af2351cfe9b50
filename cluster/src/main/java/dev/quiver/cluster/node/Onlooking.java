package dev.quiver.cluster.node;

import dev.quiver.cluster.control.Inquiry;
import dev.quiver.cluster.control.WorkerWord;
import dev.quiver.scheduler.server.TaskSampler;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// What people want to know of this worker who look at it, until the scheduler is told. Thread-safe.
final class Onlooking implements AutoCloseable {
    private final TaskSampler sampler = new TaskSampler(TaskSampler.PATIENCE, () -> {});
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();

    /// Finds it out in another thread: what is told next doesn't wait for it.
    void take(Inquiry inquiry) {
        switch (inquiry) {
            case Inquiry.Samples _ -> executor.execute(sampler::ask);
        }
    }

    /// What was found out since this was asked last.
    List<WorkerWord> take() {
        return sampler.take().<List<WorkerWord>>map(s -> List.of(new WorkerWord.Sampled(s)))
                .orElse(List.of());
    }

    @Override
    public void close() {
        executor.shutdownNow();
        sampler.close();
    }
}
