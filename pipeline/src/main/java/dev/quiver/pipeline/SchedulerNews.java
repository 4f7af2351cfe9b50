package dev.quiver.pipeline;

import dev.quiver.client.UnitLoads;
import dev.quiver.error.QuiverException;
import dev.quiver.scheduler.server.PipelineBook;
import dev.quiver.scheduler.server.PipelineNews;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells the scheduler of a cluster how far a run of a pipeline is, so that its dashboard shows it,
/// from a thread of its own: the run waits for it only at its end, and not for long. It hears of
/// the run behind the dashboard's own observer, whose words it passes on.
final class SchedulerNews implements RunObserver {
    private static final Logger LOG = LoggerFactory.getLogger(SchedulerNews.class);

    /// The scheduler is told at most so often, and at least.
    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final long SILENCE_NANOS = TimeUnit.SECONDS.toNanos(5);

    /// The end of a run waits no longer for its being told.
    private static final long END_MILLIS = 3_000;

    private final UnitLoads units;
    private final PipelineBook book;
    private @Nullable Thread teller;
    private boolean changed;
    private boolean ended;

    private SchedulerNews(UnitLoads units, PipelineBook book) {
        this.units = units;
        this.book = book;
    }

    /// Empty where nobody needs to be told.
    static Optional<SchedulerNews> to(UnitLoads units) {
        if (!units.isToldOfPipelines()) return Optional.empty();
        return PipelineBook.ofProcess().map(book -> new SchedulerNews(units, book));
    }

    @Override
    public void began(RunStart run) {
        teller =
                Thread.ofVirtual()
                        .name("quiver-pipeline-news")
                        .start(() -> tellUntilEnd(run.pipeline()));
    }

    @Override
    public synchronized void progressed(RunProgress run) {
        changed = true;
        notifyAll();
    }

    @Override
    public void ended(RunEnd run) {
        synchronized (this) {
            ended = true;
            notifyAll();
        }
        Thread started = teller;
        if (started == null) return;
        try {
            if (!started.join(Duration.ofMillis(END_MILLIS))) started.interrupt();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void tellUntilEnd(String pipeline) {
        try {
            tell(pipeline, false);
            while (!awaitNews()) tell(pipeline, false);
            tell(pipeline, true);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void tell(String pipeline, boolean last) {
        try {
            Optional<PipelineBook.Told> told = book.one(pipeline);
            if (told.isEmpty()) return;
            long began = told.get().began().toEpochMilli();
            String json = told.get().json();
            if (json.length() <= PipelineNews.JSON_MAX)
                units.tell(new PipelineNews(pipeline, began, last, json));
            else LOG.debug("'{}' has too much to tell: {} chars", pipeline, json.length());
        } catch (QuiverException e) {
            LOG.debug("the scheduler isn't told of '{}' now", pipeline, e);
        }
    }

    /// Waits until it is time to tell again.
    ///
    /// @return whether the run has ended
    private synchronized boolean awaitNews() throws InterruptedException {
        long from = System.nanoTime();
        while (!ended) {
            long left = (changed ? PAUSE_NANOS : SILENCE_NANOS) - (System.nanoTime() - from);
            if (left <= 0) break;
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        changed = false;
        return ended;
    }
}
