package dev.quiver.dashboard;

import dev.quiver.protocol.TaskSamples;
import dev.quiver.scheduler.server.ProfileBook;
import dev.quiver.scheduler.server.TaskProfile;
import dev.quiver.scheduler.server.TaskSampler;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// What the tasks of this process were found doing, as long as somebody looks. Thread-safe.
final class ProcessProfile implements AutoCloseable {
    /// There is one that is looked at, as a worker among others.
    private static final int WORKER = 0;

    private final TaskSampler sampler;
    private ProfileBook book = new ProfileBook();
    private long sinceMillis;
    private long readingMicros;
    private Optional<TaskSamples.Means> means = Optional.empty();

    /// @param patience when nobody has looked for so long, it ends, and what was found goes
    ProcessProfile(Duration patience) {
        this.sampler = new TaskSampler(patience, this::letGo);
    }

    /// What was found until now; begins when nobody has looked before.
    synchronized TaskProfile look() {
        if (!sampler.isOn()) begin();
        sampler.ask();
        sampler.take().ifPresent(this::take);
        return new TaskProfile(book, List.of(WORKER), 1, sinceMillis, readingMicros, means);
    }

    private void begin() {
        book = new ProfileBook();
        sinceMillis = System.currentTimeMillis();
        readingMicros = 0;
        means = Optional.empty();
    }

    private void take(TaskSamples samples) {
        readingMicros = samples.readingMicros();
        means = Optional.of(samples.means());
        book.add(WORKER, samples, System.currentTimeMillis());
    }

    private synchronized void letGo() {
        if (!sampler.isOn()) begin();
    }

    /// Whether it samples now.
    boolean isOn() {
        return sampler.isOn();
    }

    @Override
    public void close() {
        sampler.close();
    }
}
