package dev.quiver.scheduler.server;

import dev.quiver.protocol.TaskSamples;
import dev.quiver.protocol.TaskSamples.Means;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
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
public final class TaskSampler implements AutoCloseable {
    /// Of each thread's time on a processor one sample is taken in so much.
    public static final Duration PERIOD = Duration.ofMillis(20);

    /// So long who looks may take to ask again.
    public static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final Logger LOG = LoggerFactory.getLogger(TaskSampler.class);

    /// What JFR has written and nobody read goes.
    private static final Duration AGE_MAX = Duration.ofSeconds(20);

    private static final String CPU_TIME = "jdk.CPUTimeSample";
    private static final String EXECUTION = "jdk.ExecutionSample";
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final Duration patience;
    private final Runnable ended;
    private final GatheredSamples gathered = new GatheredSamples();
    private @Nullable RecordingStream recording;
    private long askedNanos;

    /// @param patience when nobody has asked for so long, it ends
    /// @param ended is called when it has ended so
    public TaskSampler(Duration patience, Runnable ended) {
        this.patience = patience;
        this.ended = ended;
    }

    /// Has it go on for a while. Where it isn't on it begins, which takes a moment.
    public synchronized void ask() {
        askedNanos = System.nanoTime();
        if (recording != null) return;
        gathered.clear();
        try {
            recording = begun();
            askedNanos = System.nanoTime(); // beginning isn't waiting
            Thread.ofVirtual().name("quiver-samples-end").start(this::endWhenUnused);
        } catch (IllegalStateException e) {
            LOG.warn("tasks can't be sampled: this Java's Flight Recorder doesn't start", e);
            gathered.told(Means.NONE, 0);
        }
    }

    private RecordingStream begun() {
        if (!FlightRecorder.isAvailable()) throw new IllegalStateException("it has none");
        Means means = knows(CPU_TIME) ? Means.PROCESSOR_TIME : Means.TIME;
        String event = means == Means.TIME ? EXECUTION : CPU_TIME;
        var stream = new RecordingStream();
        if (means == Means.TIME) stream.enable(event).withPeriod(PERIOD);
        else stream.enable(event).with("throttle", PERIOD.toMillis() + "ms");
        stream.setMaxAge(AGE_MAX);
        stream.onEvent(event, this::take);
        stream.onFlush(() -> gathered.told(means, THREADS.getCurrentThreadCpuTime() / 1000));
        stream.onError(e -> LOG.warn("a sample of tasks couldn't be read", e));
        stream.startAsync();
        return stream;
    }

    private static boolean knows(String event) {
        for (EventType type : FlightRecorder.getFlightRecorder().getEventTypes())
            if (type.getName().equals(event)) return true;
        return false;
    }

    private void take(RecordedEvent event) {
        RecordedStackTrace trace = event.getStackTrace();
        if (trace == null) return;
        List<TaskStack.Frame> frames = trace.getFrames().stream().map(TaskSampler::frame).toList();
        TaskStack.of(frames)
                .ifPresent(stack ->
                        gathered.add(event.getStartTime().getEpochSecond(), stack.names()));
    }

    private static TaskStack.Frame frame(RecordedFrame frame) {
        return new TaskStack.Frame(
                frame.getMethod().getType().getName(),
                frame.getMethod().getName(),
                frame.getLineNumber());
    }

    /// What was found since this was asked last; empty when JFR has told nothing since. Cheap.
    public Optional<TaskSamples> take() {
        return gathered.take();
    }

    private void endWhenUnused() {
        try {
            while (!endIfUnused()) Thread.sleep(patience.dividedBy(10));
            ended.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized boolean endIfUnused() {
        if (recording == null) return true;
        if (System.nanoTime() - askedNanos < patience.toNanos()) return false;
        close();
        return true;
    }

    /// Whether it samples now.
    public synchronized boolean isOn() {
        return recording != null;
    }

    /// Ends the sampling; what was found and not taken goes.
    @Override
    public synchronized void close() {
        if (recording != null) recording.close();
        recording = null;
        gathered.clear();
    }
}
