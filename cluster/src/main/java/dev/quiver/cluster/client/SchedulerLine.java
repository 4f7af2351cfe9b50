package dev.quiver.cluster.client;

import dev.quiver.cluster.control.Answer;
import dev.quiver.cluster.control.Greeting;
import dev.quiver.cluster.control.Language;
import dev.quiver.cluster.control.Notices;
import dev.quiver.cluster.control.Question;
import dev.quiver.cluster.control.Wishes;
import dev.quiver.cluster.control.Wishes.Wish;
import dev.quiver.cluster.node.SchedulerDoors;
import dev.quiver.graph.Stage;
import dev.quiver.graph.TaskGraph;
import dev.quiver.operator.Bytes;
import dev.quiver.protocol.ClientMessage;
import dev.quiver.protocol.ClientNotice;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A client's line to whichever scheduler is there: it keeps what wasn't accepted, and when the
/// connection ends it makes another one and says that again.
///
/// Its methods that aren't said to be for any thread are called by one thread at a time, which must
/// not wait.
final class SchedulerLine implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SchedulerLine.class);

    /// So long a client looks for a scheduler.
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /// While so much of what was said isn't accepted, the client does better to wait and say what
    /// comes up meanwhile at once.
    private static final int UNHURRIED_MAX = 2;

    /// Something of which the client's thread is to hear.
    sealed interface News {
        record Came(Exchange from, Notices notices) implements News {}

        record Ended(Exchange which, Throwable cause) implements News {}

        record Found(Exchange next) implements News {}

        /// There is no scheduler any more.
        record Lost(Throwable cause) implements News {}
    }

    private final SchedulerDoors doors;
    private final Consumer<News> news;
    private final long cluster;
    private final int client;
    private final Bytes token;
    private final ArrayDeque<Wish> unaccepted = new ArrayDeque<>();

    /// The numbers of the last wishes of what was said at a time and isn't accepted.
    private final ArrayDeque<Long> said = new ArrayDeque<>();

    private final Set<Integer> stages = new TreeSet<>();
    private @Nullable Exchange exchange;
    private long accepted;
    private @Nullable Thread looking;
    private volatile boolean closed;

    /// @param doors stay the caller's
    /// @param news brings it to the client's thread, which hands it to [#hear]
    SchedulerLine(SchedulerDoors doors, Answer.Connected connected, Consumer<News> news) {
        this.doors = doors;
        this.news = news;
        this.cluster = connected.cluster();
        this.client = connected.client();
        this.token = connected.token();
        doors.learn(connected.schedulers());
    }

    static Bytes handshake() {
        return Bytes.of(Language.handshake().encode());
    }

    /// Says what was said until now, and goes on.
    synchronized void start() {
        begin(exchange());
    }

    private void begin(Exchange there) {
        exchange = there;
        if (!unaccepted.isEmpty()) there.say(new Wishes(accepted + 1, List.copyOf(unaccepted)));
        there.start();
    }

    private Exchange exchange() {
        return new Exchange(doors.open(), new Greeting(client, token, List.copyOf(stages)), news);
    }

    /// Asks the scheduler; while none is there it waits. For any thread.
    <A extends Answer> A ask(Question question, Class<A> expected) {
        return doors.ask(question, expected, PATIENCE);
    }

    /// Says something, as soon as there is a scheduler.
    synchronized void say(List<Wish> wishes) {
        long first = accepted + unaccepted.size() + 1;
        unaccepted.addAll(wishes);
        said.add(accepted + unaccepted.size());
        Exchange there = exchange;
        if (there != null) there.say(new Wishes(first, wishes));
    }

    /// Whether the scheduler has enough to do with what it was told.
    synchronized boolean isBusy() {
        return said.size() >= UNHURRIED_MAX;
    }

    /// Takes news in.
    ///
    /// @return what it tells the client
    synchronized List<Notices.Notice> hear(News what) {
        switch (what) {
            case News.Came(var from, var notices) -> {
                return from == exchange ? heard(notices.notices()) : List.of();
            }
            case News.Ended(var which, var cause) -> {
                if (which == exchange && !closed) lookForAnother(cause);
            }
            case News.Found(var next) -> {
                if (closed) {
                    next.abandon();
                    return List.of();
                }
                begin(next);
                LOG.info("the session goes on with the scheduler at {}", next.place());
            }
            case News.Lost _ -> {}
        }
        return List.of();
    }

    private List<Notices.Notice> heard(List<Notices.Notice> notices) {
        var told = new ArrayList<Notices.Notice>();
        for (Notices.Notice notice : notices) {
            if (notice.notice() instanceof ClientNotice.Accepted(long sequence)) {
                accept(sequence);
                continue;
            }
            if (notice.notice() instanceof ClientNotice.StageForgotten(int stage))
                stages.remove(stage);
            told.add(notice);
        }
        return told;
    }

    private void accept(long sequence) {
        while (!said.isEmpty() && said.element() <= sequence) said.remove();
        while (accepted < sequence && !unaccepted.isEmpty()) {
            accepted++;
            switch (unaccepted.remove().message()) {
                case ClientMessage.GraphSubmitted(_, var graph, _) -> note(graph);
                case ClientMessage.StagesAppended(_, var graph) -> note(graph);
                case ClientMessage.TasksAppended _,
                        ClientMessage.JobDescribed _,
                        ClientMessage.StageSealed _,
                        ClientMessage.StageSatisfied _,
                        ClientMessage.TasksCancelled _,
                        ClientMessage.JobCancelled _,
                        ClientMessage.TasksReleased _,
                        ClientMessage.JobPublished _,
                        ClientMessage.NameWithdrawn _,
                        ClientMessage.ShareWanted _,
                        ClientMessage.SpeculationWanted _,
                        ClientMessage.Asked _,
                        ClientMessage.AnswersTaken _,
                        ClientMessage.RequestWithdrawn _,
                        ClientMessage.RequestAbandoned _,
                        ClientMessage.JobReleased _ -> {}
            }
        }
    }

    private void note(TaskGraph graph) {
        for (Stage stage : graph.stages()) stages.add(stage.id());
    }

    private void lookForAnother(Throwable cause) {
        Exchange before = exchange;
        exchange = null;
        LOG.warn("{}; looking for a scheduler", cause.getMessage());
        var known = List.copyOf(stages);
        looking =
                Thread.ofVirtual()
                        .name("quiver-client-connection")
                        .start(() -> look(before, known));
    }

    private void look(@Nullable Exchange before, List<Integer> known) {
        try {
            if (before != null) before.abandon();
            var _ =
                    ask(
                            new Question.Attach(handshake(), cluster, client, token),
                            Answer.Done.class);
            news.accept(
                    new News.Found(
                            new Exchange(doors.open(), new Greeting(client, token, known), news)));
        } catch (RuntimeException e) {
            if (!closed) news.accept(new News.Lost(e));
        }
    }

    /// Says what waits, then hangs up. For any thread, once nobody says or hears anything.
    @Override
    public void close() {
        Exchange there;
        Thread thread;
        synchronized (this) {
            closed = true;
            there = exchange;
            thread = looking;
        }
        if (there != null) there.close();
        if (thread != null) thread.interrupt();
    }
}
