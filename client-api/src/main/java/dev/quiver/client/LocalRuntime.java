package dev.quiver.client;

import dev.quiver.columnar.memory.MemoryPool;
import dev.quiver.error.Unavailable;
import dev.quiver.protocol.ClientMessage;
import dev.quiver.protocol.ClientNotice;
import dev.quiver.protocol.Failure;
import dev.quiver.protocol.SchedulerMessage;
import dev.quiver.protocol.WorkerMessage;
import dev.quiver.scheduler.server.SchedulerClient;
import dev.quiver.scheduler.server.SchedulerShell;
import dev.quiver.scheduler.server.WorkerLink;
import dev.quiver.scheduler.state.SchedulerSettings;
import dev.quiver.worker.server.Engine;
import dev.quiver.worker.server.WorkerShell;
import dev.quiver.worker.state.WorkerSettings;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A scheduler and a worker in this process, and the session's side of the talk with them.
final class LocalRuntime implements SchedulerClient, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LocalRuntime.class);
    private static final int WORKER = 0;
    private static final AtomicInteger COUNT = new AtomicInteger();

    private final Housekeeper housekeeper;
    private final SchedulerShell scheduler;
    private final WorkerShell worker;
    private final AtomicInteger stageIds = new AtomicInteger();
    private final AtomicLong jobIds = new AtomicLong();
    private final Map<Integer, StageListener> listeners = new ConcurrentHashMap<>();
    private final Map<Long, StageListener> jobListeners = new ConcurrentHashMap<>();
    private final Queue<ClientMessage> messages = new ConcurrentLinkedQueue<>();
    private final AtomicInteger messageCount = new AtomicInteger();
    private final ResultMemory results;
    private final TaskBook tasks;
    private volatile boolean closed;
    private volatile @Nullable Throwable broken;

    LocalRuntime(Options options, Engine pipelines, MemoryPool pool) {
        long memoryBytes = pool.limitBytes();
        String name = "quiver-" + COUNT.incrementAndGet();
        long origin = System.nanoTime();
        LongSupplier clock = () -> System.nanoTime() - origin;
        this.housekeeper = new Housekeeper(name + "-housekeeper", clock);
        var schedulerAlarm = housekeeper.alarm(() -> nudge());
        var workerAlarm = housekeeper.alarm(() -> nudgeWorker());
        this.scheduler =
                new SchedulerShell(
                        SchedulerSettings.LOCAL.withStealing(options.isStealing()),
                        this,
                        clock,
                        schedulerAlarm::set,
                        housekeeper);
        this.worker =
                new WorkerShell(
                        WorkerSettings.local(WORKER, options.slots(), memoryBytes),
                        name,
                        new WorkerShell.Surroundings(
                                new ToScheduler(),
                                pipelines,
                                () -> pool.limitBytes() - pool.usedBytes(),
                                clock,
                                workerAlarm::set,
                                housekeeper));
        this.results = new ResultMemory(pool);
        this.tasks = new TaskBook(this, options.isStrict());
        housekeeper.start();
        worker.start();
        scheduler.join(WORKER, options.slots(), memoryBytes, new ToWorker());
    }

    private final class ToScheduler implements WorkerShell.SchedulerLink {
        @Override
        public boolean report(List<WorkerMessage> reports) {
            return scheduler.report(WORKER, reports);
        }

        @Override
        public void deliver() {
            scheduler.deliver();
        }

        @Override
        public void broken(Throwable cause) {
            LocalRuntime.this.broken(cause);
        }
    }

    private final class ToWorker implements WorkerLink {
        @Override
        public boolean tell(SchedulerMessage message) {
            return worker.tell(message);
        }

        @Override
        public void deliver() {
            worker.deliver();
        }
    }

    /// Counts what tasks return.
    ResultMemory results() {
        return results;
    }

    TaskBook tasks() {
        return tasks;
    }

    SchedulerShell scheduler() {
        return scheduler;
    }

    WorkerShell worker() {
        return worker;
    }

    int newStage() {
        return stageIds.getAndIncrement();
    }

    long newJob() {
        return jobIds.getAndIncrement();
    }

    /// What is told about the stage from now on goes to `listener`.
    void listen(int stage, StageListener listener) {
        listeners.put(stage, listener);
    }

    void listenToJob(long job, StageListener listener) {
        jobListeners.put(job, listener);
    }

    void forget(int stage) {
        listeners.remove(stage);
    }

    void forgetJob(long job) {
        jobListeners.remove(job);
    }

    /// Says something to the scheduler, after all that was said before.
    void say(ClientMessage message) {
        leave(message);
        scheduler.nudge();
    }

    private void leave(ClientMessage message) {
        messages.add(message);
        messageCount.incrementAndGet();
    }

    /// Lets the scheduler ask what the client has to say.
    void nudge() {
        scheduler.nudge();
    }

    private void nudgeWorker() {
        worker.nudge();
    }

    /// @throws Unavailable when the session was closed or is broken
    void checkOpen() {
        Throwable cause = broken;
        if (cause != null)
            throw new Unavailable(
                    "the session's scheduler has failed: " + cause,
                    List.of(),
                    "close the session and open another one; please report this, with the cause",
                    cause);
        if (closed)
            throw new Unavailable(
                    "the session is closed",
                    List.of(),
                    "do everything that needs the session inside its try block");
    }

    @Override
    public void speak(Consumer<ClientMessage> ears) {
        // a message may be about tasks that came before it, so those are told first
        int count = messageCount.get();
        tasks.speak(ears);
        for (int i = 0; i < count; i++) {
            ClientMessage next = messages.remove();
            messageCount.decrementAndGet();
            ears.accept(next);
        }
    }

    @Override
    public void hear(ClientNotice notice) {
        switch (notice) {
            case ClientNotice.TaskFinished(int stage, _, _, _, _, _) -> tell(stage, notice);
            case ClientNotice.TaskFailed(int stage, _, _, _) -> tell(stage, notice);
            case ClientNotice.StageFinished(int stage, _, _, _) -> tell(stage, notice);
            case ClientNotice.StageForgotten(int stage) -> {
                tell(stage, notice);
                listeners.remove(stage);
            }
            case ClientNotice.JobFailed(long job, _, _) -> {
                StageListener listener = jobListeners.get(job);
                if (listener != null) listener.hear(notice);
            }
            case ClientNotice.Refused(var message, var why) -> refused(message, why);
        }
    }

    private void tell(int stage, ClientNotice notice) {
        StageListener listener = listeners.get(stage);
        if (listener != null) listener.hear(notice);
    }

    private void refused(ClientMessage message, String why) {
        if (closed) {
            LOG.debug("the scheduler refused {} of a closing session: {}", message, why);
            return;
        }
        switch (message) {
            case ClientMessage.GraphSubmitted _,
                    ClientMessage.StagesAppended _,
                    ClientMessage.TasksAppended _ ->
                    throw new IllegalStateException("%s: %s".formatted(message, why));
            case ClientMessage.StageSealed _,
                    ClientMessage.StageSatisfied _,
                    ClientMessage.TasksCancelled _,
                    ClientMessage.JobCancelled _,
                    ClientMessage.TasksReleased _,
                    ClientMessage.JobReleased _ ->
                    LOG.debug("the scheduler ignored {}: {}", message, why);
        }
    }

    @Override
    public void broken(Throwable cause) {
        LOG.error("the scheduler of a local session has failed", cause);
        broken = cause;
        abandonAll(new Failure(Failure.Kind.PERMANENT, "the session has failed: " + cause));
    }

    private void abandonAll(Failure failure) {
        listeners.values().forEach(l -> l.abandon(failure));
        jobListeners.values().forEach(l -> l.abandon(failure));
    }

    boolean isClosed() {
        return closed;
    }

    /// Ends what runs. Nothing is heard afterwards.
    @Override
    public void close() {
        if (closed) return;
        closed = true;
        long jobs = jobIds.get();
        for (long job = 0; job < jobs; job++) leave(new ClientMessage.JobReleased(job));
        scheduler.ask(_ -> true);
        abandonAll(StageListener.closed());
        worker.close();
        results.close();
        housekeeper.close();
    }
}
