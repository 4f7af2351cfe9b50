package dev.quiver.client;

import dev.quiver.dataframe.Call;
import dev.quiver.dataframe.QFuture;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.error.UserLine;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Who made an actor: has it live somewhere, and elsewhere when its worker leaves, and says when it
/// has ended.
final class ActorOwner {
    private static final Logger LOG = LoggerFactory.getLogger(ActorOwner.class);

    private final OpenSession session;
    private final ActorTask task;
    private final ActorCalls calls;
    private final ActorNews news;

    /// The task that made it, on a cluster's worker: its code travels with that task's classes.
    private final Optional<RunningTask> maker = RunningTask.current();

    private volatile @Nullable QFuture<ActorTask.End> life;

    private ActorOwner(OpenSession session, ActorTask task, ActorCalls calls) {
        this.session = session;
        this.task = task;
        this.calls = calls;
        this.news = new ActorNews(session.conversation().coordination(), task.name());
    }

    /// Has an actor live somewhere.
    ///
    /// @throws QuiverException ARGUMENT_INVALID when `type` isn't an interface
    static <T> Actor<T> open(OpenSession session, Class<T> type, Call<? extends T> factory) {
        if (!type.isInterface())
            throw new QuiverException(
                    ErrorCode.ARGUMENT_INVALID,
                    "an actor of the class " + type.getName(),
                    UserLine.here().map(line -> List.of("at: " + line)).orElse(List.of()),
                    "give an interface that the class implements");
        String name = "actor %s %s".formatted(type.getSimpleName(), UUID.randomUUID());
        var link = new ActorLink(name, type);
        var task = new ActorTask(name, type.getName(), factory);
        var owner = new ActorOwner(session, task, new ActorCalls(session, link));
        owner.news.open();
        owner.begin();
        session.keep(link, owner);
        owner.calls.begin(owner::forget);
        return Actor.made(link, owner);
    }

    ActorCalls calls() {
        return calls;
    }

    private void begin() {
        try {
            live();
        } catch (QuiverException e) {
            news.tellEnd(e);
            throw e;
        }
    }

    private void live() {
        TaskBook tasks = session.conversation().tasks();
        Object travelling = tasks.mapped(task, task.factory().getClass().getClassLoader());
        QFuture<ActorTask.End> next = tasks.submit(TaskOptions.options(), travelling, 0L);
        life = next;
        var _ = next.toCompletableFuture().whenComplete(this::ended);
    }

    /// A life has ended. For any thread.
    private void ended(ActorTask.@Nullable End end, @Nullable Throwable problem) {
        if (problem != null) end(problem);
        else if (end == ActorTask.End.CLOSED) end(calls.closed());
        else Thread.ofVirtual().name("quiver-" + task.name()).start(this::goOn);
    }

    private void goOn() {
        try {
            if (maker.isEmpty()) live();
            else
                maker.get()
                        .call(() -> {
                            live();
                            return null;
                        });
        } catch (Exception e) {
            end(e); // the session has ended
        }
    }

    private void end(Throwable why) {
        calls.endsWith(why);
        news.tellEnd(why);
    }

    /// Its session ends, and it with that.
    void abandon() {
        QFuture<ActorTask.End> last = life;
        if (last != null) last.cancel();
        news.tellEnd(calls.closed());
        forget();
    }

    /// Forgets what the scheduler has of it: nobody is answered any more.
    private void forget() {
        session.forgetActor(task.name());
        if (session.conversation().hasEnded()) return;
        new ActorMail(session, task.name()).forgetCalls();
        try {
            new ActorSnapshots(session.conversation().coordination(), task.name()).forget();
        } catch (QuiverException e) {
            LOG.debug("the session ended before the actor {}", task.name(), e);
        }
    }

    /// Sends no more calls, and waits until those that were sent have ended.
    void close() {
        calls.close();
        if (!Thread.currentThread().isInterrupted()) return;
        QFuture<ActorTask.End> last = life;
        if (last != null) last.cancel();
    }
}
