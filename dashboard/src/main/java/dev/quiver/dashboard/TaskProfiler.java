package dev.quiver.dashboard;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import jdk.jfr.EventType;
import jdk.jfr.FlightRecorder;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedStackTrace;
import jdk.jfr.consumer.RecordingStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Samples what the tasks of this process do, by JFR, as long as somebody asks for it. Thread-safe.
final class TaskProfiler implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TaskProfiler.class);

    /// Of each thread's time on a processor one sample is taken in so much.
    static final Duration PERIOD = Duration.ofMillis(20);

    /// So long a page that is open may take to ask again.
    static final Duration PATIENCE = Duration.ofSeconds(10);

    /// What JFR has written and nobody read goes.
    private static final Duration AGE_MAX = Duration.ofSeconds(20);

    private static final String CPU_TIME = "jdk.CPUTimeSample";
    private static final String EXECUTION = "jdk.ExecutionSample";
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final Duration patience;
    private @Nullable Recording recording;

    /// @param patience when nobody has asked for so long, it ends
    TaskProfiler(Duration patience) {
        this.patience = patience;
    }

    /// What was found since it began.
    ///
    /// @param since when it began, in milliseconds since 1970
    /// @param byTime whether samples are of time on a processor, not of time that passed
    /// @param readingNanos of a processor's time that went into reading the samples
    record Profile(ProfileBook book, long since, boolean byTime, long readingNanos) {}

    private static final class Recording {
        private final RecordingStream stream = new RecordingStream();
        private final ProfileBook book = new ProfileBook();
        private final long since = System.currentTimeMillis();
        private final AtomicLong readingNanos = new AtomicLong();
        private final boolean byTime;
        private long askedNanos = System.nanoTime();

        Recording() {
            byTime = knows(CPU_TIME);
            if (byTime) stream.enable(CPU_TIME).with("throttle", PERIOD.toMillis() + "ms");
            else stream.enable(EXECUTION).withPeriod(PERIOD);
            stream.setMaxAge(AGE_MAX);
            stream.onEvent(byTime ? CPU_TIME : EXECUTION, this::take);
            stream.onFlush(() -> readingNanos.set(THREADS.getCurrentThreadCpuTime()));
            stream.onError(e -> LOG.warn("a sample of tasks couldn't be read", e));
        }

        private static boolean knows(String event) {
            for (EventType type : FlightRecorder.getFlightRecorder().getEventTypes())
                if (type.getName().equals(event)) return true;
            return false;
        }

        private void take(RecordedEvent event) {
            RecordedStackTrace trace = event.getStackTrace();
            if (trace == null) return;
            List<TaskStack.Frame> frames =
                    trace.getFrames().stream().map(Recording::frame).toList();
            TaskStack.of(frames)
                    .ifPresent(stack ->
                            book.add(event.getStartTime().getEpochSecond(), stack.names()));
        }

        private static TaskStack.Frame frame(RecordedFrame frame) {
            return new TaskStack.Frame(
                    frame.getMethod().getType().getName(),
                    frame.getMethod().getName(),
                    frame.getLineNumber());
        }
    }

    /// What was found until now; begins when nobody has asked before.
    ///
    /// @return empty where this Java has no JFR
    synchronized Optional<Profile> look() {
        if (!FlightRecorder.isAvailable()) return Optional.empty();
        Recording now = recording;
        if (now == null) {
            now = new Recording();
            now.stream.startAsync();
            recording = now;
            Thread.ofVirtual().name("quiver-profile-end").start(this::endWhenUnused);
        }
        now.askedNanos = System.nanoTime();
        return Optional.of(new Profile(now.book, now.since, now.byTime, now.readingNanos.get()));
    }

    private void endWhenUnused() {
        try {
            while (!endIfUnused()) Thread.sleep(patience.dividedBy(10));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized boolean endIfUnused() {
        Recording now = recording;
        if (now == null) return true;
        if (System.nanoTime() - now.askedNanos < patience.toNanos()) return false;
        close();
        return true;
    }

    /// Whether it samples now.
    synchronized boolean isOn() {
        return recording != null;
    }

    /// Ends the sampling; what was found goes.
    @Override
    public synchronized void close() {
        if (recording != null) recording.stream.close();
        recording = null;
    }
}
