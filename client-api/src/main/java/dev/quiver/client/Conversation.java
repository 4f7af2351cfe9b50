package dev.quiver.client;

import dev.quiver.columnar.memory.MemoryPool;
import dev.quiver.error.Unavailable;
import dev.quiver.protocol.ClientMessage;
import dev.quiver.protocol.ClientNotice;
import dev.quiver.protocol.Failure;
import dev.quiver.scheduler.server.SchedulerClient;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A session's talk with its backend: what it says, from any thread, and who hears the answers.
final class Conversation implements SchedulerClient, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Conversation.class);

    private final Backend backend;
    private final Set<Long> jobs = ConcurrentHashMap.newKeySet();
    private final Map<Integer, StageListener> listeners = new ConcurrentHashMap<>();
    private final Map<Long, StageListener> jobListeners = new ConcurrentHashMap<>();
    private final Queue<ClientMessage> messages = new ConcurrentLinkedQueue<>();
    private final AtomicInteger messageCount = new AtomicInteger();
    private final Map<String, String> unpublished = new ConcurrentHashMap<>();
    private final ResultMemory results;
    private final TaskBook tasks;
    private final Coordination coordination = new Coordination(this);
    private volatile @Nullable Session session;
    private volatile boolean closed;
    private volatile @Nullable Throwable broken;

    /// @param pool counts the results of tasks
    /// @param strict whether code and results are sent as bytes within a process too
    Conversation(Backend.Opener opener, MemoryPool pool, boolean strict) {
        this.backend = opener.open(this);
        this.results = new ResultMemory(pool);
        this.tasks = new TaskBook(this, strict || backend.isRemote());
        backend.start();
    }

    /// Said once, by the session that it is part of.
    void belongsTo(Session owner) {
        session = owner;
    }

    /// The session that it is part of, once that is open.
    Optional<Session> session() {
        return Optional.ofNullable(session);
    }

    Backend backend() {
        return backend;
    }

    /// Counts what tasks return.
    ResultMemory results() {
        return results;
    }

    TaskBook tasks() {
        return tasks;
    }

    Coordination coordination() {
        return coordination;
    }

    int newStage() {
        return backend.newStage();
    }

    long newJob() {
        long job = backend.newJob();
        jobs.add(job);
        return job;
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

    /// What is told about the job from now on is for nobody.
    void forgetJob(long job) {
        jobListeners.remove(job);
    }

    /// Releases a job.
    void release(long job) {
        say(new ClientMessage.JobReleased(job));
        jobs.remove(job);
        jobListeners.remove(job);
    }

    /// Why something wasn't published under a name; empty when nothing was said of it, and the next
    /// time.
    Optional<String> takeUnpublished(String name) {
        return Optional.ofNullable(unpublished.remove(name));
    }

    /// Says something to the scheduler, after all that was said before.
    void say(ClientMessage message) {
        leave(message);
        backend.nudge();
    }

    private void leave(ClientMessage message) {
        messages.add(message);
        messageCount.incrementAndGet();
    }

    /// Lets the scheduler ask what the client has to say.
    void nudge() {
        backend.nudge();
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
            case ClientNotice.Answered(long request, var answer) ->
                    coordination.hear(request, answer);
            case ClientNotice.Accepted _ -> {} // nothing is said again in one process
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
            case ClientMessage.GraphSubmitted(long job, _, _) -> refused(job, message, why);
            case ClientMessage.StagesAppended(long job, _) -> refused(job, message, why);
            case ClientMessage.TasksAppended _ -> throw unexpected(message, why);
            case ClientMessage.JobPublished(_, var name, _) -> unpublished.put(name, why);
            case ClientMessage.StageSealed _,
                    ClientMessage.JobDescribed _,
                    ClientMessage.NameWithdrawn _,
                    ClientMessage.ShareWanted _,
                    ClientMessage.SpeculationWanted _,
                    ClientMessage.Asked _,
                    ClientMessage.AnswersTaken _,
                    ClientMessage.RequestWithdrawn _,
                    ClientMessage.RequestAbandoned _,
                    ClientMessage.StageSatisfied _,
                    ClientMessage.TasksCancelled _,
                    ClientMessage.JobCancelled _,
                    ClientMessage.TasksReleased _,
                    ClientMessage.JobReleased _ ->
                    LOG.debug("the scheduler ignored {}: {}", message, why);
        }
    }

    private void refused(long job, ClientMessage message, String why) {
        StageListener listener = jobListeners.get(job);
        if (listener == null) throw unexpected(message, why);
        listener.refused(why);
    }

    private static IllegalStateException unexpected(ClientMessage message, String why) {
        return new IllegalStateException("%s: %s".formatted(message, why));
    }

    @Override
    public void broken(Throwable cause) {
        LOG.error("the scheduler of a session has failed", cause);
        broken = cause;
        abandonAll(new Failure(Failure.Kind.PERMANENT, "the session has failed: " + cause));
    }

    private void abandonAll(Failure failure) {
        listeners.values().forEach(l -> l.abandon(failure));
        jobListeners.values().forEach(l -> l.abandon(failure));
        coordination.abandonAll();
    }

    boolean isClosed() {
        return closed;
    }

    /// Whether nothing is answered any more.
    boolean hasEnded() {
        return closed || broken != null;
    }

    /// Ends what runs. Nothing is heard afterwards.
    @Override
    public void close() {
        if (closed) return;
        closed = true;
        for (long job : jobs) leave(new ClientMessage.JobReleased(job));
        backend.settle();
        abandonAll(StageListener.closed());
        backend.close();
        results.close();
    }
}
