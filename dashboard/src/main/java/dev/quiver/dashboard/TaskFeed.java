package dev.quiver.dashboard;

import dev.quiver.graph.Dependency;
import dev.quiver.graph.Edges;
import dev.quiver.graph.Stage;
import dev.quiver.graph.TaskGraph;
import dev.quiver.graph.TaskKey;
import dev.quiver.protocol.ClientMessage;
import dev.quiver.protocol.ClientNotice;
import dev.quiver.protocol.JobDescription;
import dev.quiver.protocol.TaskDelays;
import dev.quiver.protocol.WorkerMessage;
import dev.quiver.scheduler.server.Journal;
import dev.quiver.scheduler.server.Watched;
import dev.quiver.scheduler.state.SchedulerCommand;
import dev.quiver.scheduler.state.SchedulerEvent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Notes in the scheduler's turn what tasks did, as cheaply as can be: what takes longer is left
/// for other threads.
final class TaskFeed implements Journal {
    /// What happens to stages and jobs, for another thread. Times are microseconds of the feed's
    /// clock.
    sealed interface News {
        record Described(long job, JobDescription what) implements News {}

        record JobOpened(long job, long micros) implements News {}

        /// The client wants nothing of it any more.
        record JobReleased(long job, long micros) implements News {}

        record JobFailed(long job, String why, long micros) implements News {}

        /// @param reads other stages; of tasks that list what they read, those of the first ones
        record Opened(long job, int stage, String name, int tasks, List<Integer> reads)
                implements News {
            public Opened {
                reads = List.copyOf(reads);
            }
        }

        /// @param reads other stages
        record Grown(int stage, int tasks, List<Integer> reads) implements News {
            public Grown {
                reads = List.copyOf(reads);
            }
        }

        /// @param figures see [Watched.StageFigures]
        record Finished(
                int stage, long rows, long bytes, long nanos, List<Long> figures, long micros)
                implements News {}

        /// @param part of its pipeline that threw, as [dev.quiver.protocol.Failure#part]
        record Failed(
                int stage,
                int partition,
                int attempt,
                int worker,
                String why,
                int part,
                long micros)
                implements News {}

        /// A task has failed for good by itself, not by one that it reads.
        record TaskFailed(int stage, int partition, String why, long micros) implements News {}

        /// Something rare that happened to the scheduler.
        record Happened(SchedulerEvent what, long micros) implements News {}

        /// Something rare that a client wants.
        record Wished(ClientMessage what, long micros) implements News {}

        /// Something rare that a worker has told.
        record Told(int worker, WorkerMessage what, long micros) implements News {}

        /// A worker is there, for the first time or again.
        record WorkerJoined(int worker, int slots, long micros) implements News {}

        /// @param did what it had done by then
        record WorkerLeft(int worker, WorkerTally did, long micros) implements News {}

        /// The scheduler knows nothing of the stage any more.
        ///
        /// @param finished attempts that have ended well
        /// @param failed attempts that have failed
        record Forgotten(int stage, int finished, int failed, long rows, long bytes, long nanos)
                implements News {}
    }

    /// What attempts of a stage have done together.
    private static final class Sums {
        int finished;
        int failed;
        long rows;
        long bytes;
        long nanos;
    }

    /// So much is kept for a thread that asks.
    static final int NEWS_MAX = 10_000;

    /// Of tasks that list what they read, so many are looked at, and so much of what each reads.
    private static final int EDGES_SEEN_MAX = 16;

    private final LongSupplier clockMicros;
    private final Watched.StageFigures figures;
    private final TaskRing ring = new TaskRing();
    private final Queue<News> news = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final Map<Integer, Lanes> lanes = new HashMap<>();
    private final Map<Integer, WorkerTally> tallies = new ConcurrentHashMap<>();
    private final Map<Integer, Sums> sums = new HashMap<>();

    /// Of the stage that was spoken of last.
    private Sums current = new Sums();

    private int currentStage = -1;
    private final LongAdder ended = new LongAdder();
    private final LongAdder failed = new LongAdder();

    /// @param workers that are there; others will join
    TaskFeed(
            LongSupplier clockMicros,
            List<Watched.WorkerUsage> workers,
            Watched.StageFigures figures) {
        this.clockMicros = clockMicros;
        this.figures = figures;
        for (Watched.WorkerUsage worker : workers)
            lanes.put(worker.worker(), new Lanes(worker.slots()));
    }

    /// Until when each slot of a worker is drawn as taken.
    ///
    /// Workers tell how long an attempt took, not when; those that they tell of together are drawn
    /// one behind the other, the last one ending now. As reports come a little after the ends,
    /// tasks of two reports may overlap by as much.
    private static final class Lanes {
        /// Attempts that give their slot away while they wait are beside those that take it.
        static final int MAX = 64;

        private long[] ends;
        private long[] cursors;

        Lanes(int slots) {
            ends = new long[Math.clamp(slots, 1, MAX)];
            cursors = new long[ends.length];
        }

        void begin(long now) {
            Arrays.fill(cursors, now);
        }

        /// The lane on which an attempt of that length ends latest, of those that were free while
        /// it waited, if there is one, though a slot was free.
        int take(long micros, long waited) {
            int best = 0;
            for (int i = 1; i < cursors.length; i++) {
                int fits = fits(i, micros, waited);
                int bestFits = fits(best, micros, waited);
                if (fits > bestFits || fits == bestFits && cursors[i] > cursors[best]) best = i;
            }
            return best;
        }

        /// 2 where both its time and its wait fit in, 1 where its time does.
        private int fits(int lane, long micros, long waited) {
            long free = cursors[lane] - micros - ends[lane];
            if (free < 0) return 0;
            return free >= waited ? 2 : 1;
        }

        long start(int lane, long micros) {
            cursors[lane] -= micros;
            return cursors[lane];
        }

        void end(long now) {
            for (int i = 0; i < ends.length; i++) if (cursors[i] < now) ends[i] = now;
        }
    }

    TaskRing ring() {
        return ring;
    }

    /// What happened next; null when nothing did. Where nobody asks for long, the oldest is
    /// forgotten.
    @Nullable News next() {
        News next = news.poll();
        if (next != null) waiting.decrementAndGet();
        return next;
    }

    private void tell(News what) {
        news.add(what);
        if (waiting.incrementAndGet() > NEWS_MAX) next();
    }

    /// How many attempts have ended well.
    long ended() {
        return ended.sum();
    }

    long failed() {
        return failed.sum();
    }

    /// What a worker did, of those that are there.
    WorkerTally tally(int worker) {
        return tallies.getOrDefault(worker, new WorkerTally());
    }

    @Override
    public void note(SchedulerEvent event, List<SchedulerCommand> commands) {
        switch (event) {
            case SchedulerEvent.WorkerSaid(int worker, var messages) -> note(worker, messages);
            case SchedulerEvent.ClientSaid(_, _, var message) -> note(message);
            case SchedulerEvent.WorkerJoined(int worker, int slots, _) -> {
                lanes.put(worker, new Lanes(slots));
                tell(new News.WorkerJoined(worker, slots, now()));
            }
            case SchedulerEvent.WorkerLost(int worker) -> left(worker);
            case SchedulerEvent.ClientAttached _,
                    SchedulerEvent.ClientLost _,
                    SchedulerEvent.TookOver _,
                    SchedulerEvent.RebalanceAsked _ ->
                    tell(new News.Happened(event, now()));
            case SchedulerEvent.Logged _,
                    SchedulerEvent.WorkerHeard _,
                    SchedulerEvent.Ticked _ -> {}
        }
        for (int i = 0; i < commands.size(); i++) {
            switch (commands.get(i)) {
                case SchedulerCommand.Notify(_, var notice) -> note(notice);
                case SchedulerCommand.Dismiss(int worker) -> left(worker);
                case SchedulerCommand.Tell _, SchedulerCommand.WriteDown _ -> {}
            }
        }
    }

    private void left(int worker) {
        lanes.remove(worker);
        WorkerTally did = tallies.remove(worker);
        tell(new News.WorkerLeft(worker, did == null ? new WorkerTally() : did, now()));
    }

    private void note(ClientNotice notice) {
        if (notice instanceof ClientNotice.StageFinished(int stage, long rows, long b, long nanos))
            tell(new News.Finished(stage, rows, b, nanos, figures.of(stage), now()));
        if (notice instanceof ClientNotice.JobFailed(long job, var why, _))
            tell(new News.JobFailed(job, why.message(), now()));
        if (notice instanceof ClientNotice.TaskFailed(int stage, int p, var failure, var origin)
                && origin.stage() == stage
                && origin.partition() == p)
            tell(new News.TaskFailed(stage, p, failure.message(), now()));
        if (!(notice instanceof ClientNotice.StageForgotten(int stage))) return;
        Sums all = sums(stage);
        tell(new News.Forgotten(stage, all.finished, all.failed, all.rows, all.bytes, all.nanos));
        sums.remove(stage);
        currentStage = -1;
    }

    private long now() {
        return clockMicros.getAsLong();
    }

    private Sums sums(int stage) {
        if (stage == currentStage) return current;
        currentStage = stage;
        current = sums.computeIfAbsent(stage, _ -> new Sums());
        return current;
    }

    private void note(ClientMessage message) {
        switch (message) {
            case ClientMessage.JobDescribed(long job, var what) ->
                    tell(new News.Described(job, what));
            case ClientMessage.GraphSubmitted(long job, var graph, _) -> {
                tell(new News.JobOpened(job, now()));
                open(job, graph);
            }
            case ClientMessage.StagesAppended(long job, var graph) -> open(job, graph);
            case ClientMessage.JobReleased(long job) -> tell(new News.JobReleased(job, now()));
            case ClientMessage.TasksAppended(int stage, int count, var edges) ->
                    tell(new News.Grown(stage, count, read(edges)));
            case ClientMessage.JobPublished _,
                    ClientMessage.NameWithdrawn _,
                    ClientMessage.JobCancelled _ ->
                    tell(new News.Wished(message, now()));
            default -> {}
        }
    }

    private void open(long job, TaskGraph graph) {
        for (Stage stage : graph.stages())
            tell(
                    new News.Opened(
                            job,
                            stage.id(),
                            stage.name(),
                            stage.partitions(),
                            read(stage.inputs())));
    }

    private static List<Integer> read(List<Dependency> inputs) {
        var stages = new ArrayList<Integer>();
        for (Dependency input : inputs) {
            switch (input) {
                case Dependency.OfStage other -> stages.add(other.stage());
                case Dependency.Listed(var edges) -> stages.addAll(read(edges));
            }
        }
        return stages;
    }

    /// Few are looked at: this is the scheduler's turn.
    private static List<Integer> read(Edges edges) {
        var stages = new TreeSet<Integer>();
        for (int row = 0; row < Math.min(EDGES_SEEN_MAX, edges.rowCount()); row++)
            for (int i = 0; i < Math.min(EDGES_SEEN_MAX, edges.inputCount(row)); i++)
                stages.add(TaskKey.stageOf(edges.input(row, i)));
        return List.copyOf(stages);
    }

    private void note(int worker, List<WorkerMessage> messages) {
        long now = now();
        Lanes drawn = lanes.computeIfAbsent(worker, _ -> new Lanes(1));
        drawn.begin(now);
        int ends = 0;
        int failures = 0;
        for (int i = messages.size() - 1; i >= 0; i--) {
            switch (messages.get(i)) {
                case WorkerMessage.Finished done -> {
                    note(worker, done, drawn);
                    ends++;
                }
                case WorkerMessage.Failed fail -> {
                    note(worker, fail, drawn.take(0, 0), now);
                    failures++;
                }
                case WorkerMessage.InputMissing m -> tell(new News.Told(worker, m, now));
                case WorkerMessage.Retiring m -> tell(new News.Told(worker, m, now));
                default -> {}
            }
        }
        drawn.end(now);
        ended.add(ends);
        failed.add(failures);
        tallies.computeIfAbsent(worker, _ -> new WorkerTally()).add(ends, failures);
    }

    private void note(int worker, WorkerMessage.Finished done, Lanes drawn) {
        long micros = done.nanos() / 1000;
        int lane = drawn.take(micros, done.delays().memoryMicros());
        ring.add(
                done.stage(),
                done.partition(),
                done.attempt(),
                worker,
                lane,
                false,
                drawn.start(lane, micros),
                micros,
                done.rows(),
                done.bytes(),
                done.delays());
        Sums all = sums(done.stage());
        all.finished++;
        all.rows += done.rows();
        all.bytes += done.bytes();
        all.nanos += done.nanos();
    }

    private void note(int worker, WorkerMessage.Failed fail, int lane, long now) {
        int stage = fail.stage();
        int partition = fail.partition();
        int attempt = fail.attempt();
        ring.add(stage, partition, attempt, worker, lane, true, now, 0, 0, 0, TaskDelays.NONE);
        sums(stage).failed++;
        String why = fail.failure().message();
        int part = fail.failure().part();
        tell(new News.Failed(stage, partition, attempt, worker, why, part, now));
    }
}
