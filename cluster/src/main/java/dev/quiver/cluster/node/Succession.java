package dev.quiver.cluster.node;

import dev.quiver.cluster.control.Answer;
import dev.quiver.cluster.control.Greeting;
import dev.quiver.cluster.control.Question;
import dev.quiver.cluster.control.SchedulerAddress;
import dev.quiver.cluster.control.WorkerAddress;
import dev.quiver.cluster.log.ClusterLog;
import dev.quiver.cluster.log.Replica;
import dev.quiver.cluster.log.state.RaftMessage;
import dev.quiver.cluster.security.Caller;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.error.Unavailable;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Which scheduler of a list is the active one, as this process sees it; while it is this one's, it
/// runs here.
///
/// One thread starts and stops it, in the order in which that is decided.
final class Succession implements SchedulerDoor.Office, Replica.Watcher, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Succession.class);
    private static final long PATIENCE_SECONDS = 20;
    private static final int UNKNOWN = -1;

    private final List<SchedulerAddress> schedulers;
    private final int self;
    private final Function<ClusterLog, ActiveScheduler> starter;
    private final Consumer<Throwable> broken;
    private final ExecutorService changes =
            Executors.newSingleThreadExecutor(
                    Thread.ofPlatform().daemon().name("quiver-succession").factory());
    private final CompletableFuture<Boolean> firstDecided = new CompletableFuture<>();
    private volatile @Nullable ActiveScheduler active;
    private volatile @Nullable ClusterLog leading;
    private volatile @Nullable Replica replica;

    /// @param schedulers all of the list
    /// @param self which of them this process is
    /// @param starter starts this process's scheduler on a log
    /// @param broken is told when this process is of no use any more
    Succession(
            List<SchedulerAddress> schedulers,
            int self,
            Function<ClusterLog, ActiveScheduler> starter,
            Consumer<Throwable> broken) {
        this.schedulers = List.copyOf(schedulers);
        this.self = self;
        this.starter = starter;
        this.broken = broken;
    }

    /// Begins to take part.
    void start(Replica copy) {
        replica = copy;
        copy.start();
    }

    /// Waits until this process's scheduler is the active one; for a list of one.
    ///
    /// @throws QuiverException when it can't be
    void awaitActive() {
        try {
            firstDecided.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the scheduler was started", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof QuiverException cause) throw cause;
            throw new IllegalStateException("the scheduler couldn't be started", e.getCause());
        } catch (TimeoutException e) {
            throw new Unavailable(
                    "the scheduler doesn't start",
                    List.of("waited: %d s".formatted(PATIENCE_SECONDS)),
                    "see its log",
                    e);
        }
    }

    /// The scheduler that runs here, while it is the active one.
    Optional<ActiveScheduler> active() {
        return Optional.ofNullable(active);
    }

    /// Another scheduler of the list says something.
    ///
    /// @throws QuiverException CONFIG_INVALID when it has another list
    private void agree(Question.Agree said) {
        if (!said.schedulers().equals(schedulers))
            throw new QuiverException(
                    ErrorCode.CONFIG_INVALID,
                    "two schedulers have different lists",
                    List.of(
                            "here: " + SchedulerAddress.text(schedulers),
                            "there: " + SchedulerAddress.text(said.schedulers())),
                    "start all with the same --schedulers, in the same order");
        if (said.from() < 0 || said.from() >= schedulers.size() || said.from() == self)
            throw new QuiverException(
                    ErrorCode.CONFIG_INVALID,
                    "scheduler %d of %d spoke to scheduler %d"
                            .formatted(said.from(), schedulers.size(), self),
                    List.of(),
                    "start each scheduler of the list once");
        Replica copy = replica;
        if (copy == null) return; // it is being started
        for (RaftMessage message : said.messages()) copy.receive(said.from(), message);
    }

    @Override
    public Answer answer(Question question, Caller caller) {
        if (question instanceof Question.Agree said) {
            agree(said);
            return new Answer.Done();
        }
        ActiveScheduler there = active;
        if (there == null) return standingBy();
        try {
            Answer answer = there.answer(question, caller);
            return active == there ? answer : standingBy(); // the next one knows better
        } catch (QuiverException e) {
            // what it couldn't write down any more wasn't done
            if (e.code() == ErrorCode.UNAVAILABLE && active != there) return standingBy();
            throw e;
        }
    }

    private Answer standingBy() {
        Replica copy = replica;
        int leader = copy == null ? UNKNOWN : copy.leader();
        return new Answer.StandingBy(schedulers, leader);
    }

    @Override
    public SchedulerDoor.Talking attach(Greeting greeting, ClientLine line) {
        ActiveScheduler there = active;
        if (there != null) return there.attach(greeting, line);
        throw new Unavailable(
                "this scheduler isn't the active one", List.of(), "look for another one", null);
    }

    @Override
    public List<WorkerAddress> addresses(int from) {
        ActiveScheduler there = active;
        return there == null ? List.of() : there.addresses(from);
    }

    @Override
    public void leads(ClusterLog log) {
        leading = log;
        changes.execute(() -> begin(log));
    }

    private void begin(ClusterLog log) {
        if (leading != log) return;
        try {
            active = starter.apply(log);
            LOG.info("this scheduler is the active one, epoch {}", log.epoch());
            firstDecided.complete(true);
        } catch (RuntimeException | Error e) {
            if (leading != log) {
                LOG.debug("it is another one's turn already", e);
                return;
            }
            firstDecided.completeExceptionally(e);
            broken.accept(e);
        }
    }

    @Override
    public void steppedDown() {
        leading = null;
        changes.execute(this::end);
    }

    private void end() {
        ActiveScheduler there = active;
        active = null;
        if (there == null) return;
        there.close();
        LOG.info("this scheduler stands by");
    }

    /// The scheduler that runs here is of no use any more, unless it is another one's turn.
    void brokeDown(ClusterLog log, Throwable cause) {
        if (leading == log) broken.accept(cause);
        else LOG.debug("the scheduler ended as another one's turn began", cause);
    }

    @Override
    public void failed(Throwable cause) {
        firstDecided.completeExceptionally(cause);
        broken.accept(cause);
    }

    @Override
    public void close() {
        leading = null;
        changes.execute(this::end);
        changes.shutdown();
        try {
            if (!changes.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS))
                LOG.warn("the scheduler takes long to stop");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Replica copy = replica;
        if (copy != null) copy.close();
    }
}
