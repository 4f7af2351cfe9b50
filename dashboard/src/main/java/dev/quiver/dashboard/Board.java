package dev.quiver.dashboard;

import dev.quiver.graph.TaskKey;
import dev.quiver.protocol.ClientMessage;
import dev.quiver.protocol.JobDescription;
import dev.quiver.scheduler.server.ClientPipelines;
import dev.quiver.scheduler.server.FirstRows;
import dev.quiver.scheduler.server.Watched;
import dev.quiver.scheduler.server.WorkerProfiles;
import dev.quiver.scheduler.state.SchedulerState;
import dev.quiver.scheduler.state.StageStatus;
import dev.quiver.scheduler.state.TaskInput;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntFunction;
import java.util.function.LongPredicate;
import java.util.stream.LongStream;

/// What is shown of one scheduler. Thread-safe.
final class Board implements AutoCloseable {
    /// So many stages are shown at most; the oldest that have ended go.
    private static final int STAGES_MAX = 400;

    private static final int FAILURES_MAX = 100;
    private static final long UNKNOWN = -1;

    private final int id;
    private final Watched watched;
    private final long originNanos = System.nanoTime();
    private final long originMillis = System.currentTimeMillis();
    private final TaskFeed feed;
    private final Map<Integer, StageLine> stages = new LinkedHashMap<>();
    private final JobBook jobs = new JobBook();
    private final Stock stock;
    private final TrafficPace traffic = new TrafficPace();
    private final Crew crew;
    private final EventLog events = new EventLog();
    private final Sentences sentences;
    private final Deque<TaskFeed.News.Failed> failures = new ArrayDeque<>();
    private final Map<Integer, Set<Integer>> reads = new HashMap<>();
    private final Map<String, Long> publishedMicros = new HashMap<>();
    private int indexes;
    private List<Watched.WorkerUsage> workers = List.of();
    private boolean closed;

    Board(int id, Watched watched) {
        this.id = id;
        this.watched = watched;
        this.feed = new TaskFeed(this::nowMicros, watched.workers().get(), watched.figures());
        this.stock = new Stock(watched.scheduler());
        this.crew = new Crew(watched, feed, stock, traffic, this::nowMicros);
        this.sentences = new Sentences(watched, this::stageName, this::jobOf, jobs::line);
        watched.scheduler().tell(feed);
    }

    /// What a board shows at one time.
    ///
    /// @param micros by the board's clock
    record View(
            int id,
            String name,
            boolean open,
            long micros,
            List<JobLine> jobs,
            List<StageLine> stages,
            List<WorkerNow> workers,
            List<TaskFeed.News.Failed> failures,
            long tasksEnded,
            long tasksFailed) {
        static final View NOTHING =
                new View(0, "", true, 0, List.of(), List.of(), List.of(), List.of(), 0, 0);

        /// Whether it shows the same, at whichever time.
        boolean isSame(View other) {
            return open == other.open
                    && tasksEnded == other.tasksEnded
                    && tasksFailed == other.tasksFailed
                    && jobs.equals(other.jobs)
                    && stages.equals(other.stages)
                    && workers.equals(other.workers)
                    && failures.equals(other.failures);
        }

        /// What it shows of some jobs, called otherwise. Its time begins when they began; tasks are
        /// those of the stages that it shows.
        View of(LongPredicate wanted, String called) {
            List<JobLine> itsJobs = jobs.stream().filter(line -> wanted.test(line.job())).toList();
            List<StageLine> itsStages =
                    stages.stream().filter(line -> wanted.test(line.job())).toList();
            Set<Integer> numbers = new HashSet<>();
            for (StageLine line : itsStages) numbers.add(line.status().stage());
            long began =
                    LongStream.concat(
                                    itsJobs.stream().mapToLong(JobLine::sinceMicros),
                                    itsStages.stream()
                                            .mapToLong(StageLine::sinceMicros)
                                            .filter(since -> since >= 0))
                            .min()
                            .orElse(micros);
            return new View(
                    id,
                    called,
                    open,
                    micros - began,
                    itsJobs,
                    itsStages,
                    workers,
                    failures.stream().filter(failed -> numbers.contains(failed.stage())).toList(),
                    itsStages.stream().mapToLong(line -> line.status().finished()).sum(),
                    itsStages.stream().mapToLong(line -> line.status().failed()).sum());
        }

        List<Watched.WorkerUsage> usages() {
            return workers.stream().map(WorkerNow::usage).toList();
        }

        /// The same, of jobs and stages only those that another view hasn't or shows otherwise; of
        /// failures those that came since.
        View since(View other) {
            Set<JobLine> knownJobs = new HashSet<>(other.jobs);
            Set<StageLine> known = new HashSet<>(other.stages);
            Set<TaskFeed.News.Failed> told = new HashSet<>(other.failures);
            return new View(
                    id,
                    name,
                    open,
                    micros,
                    jobs.stream().filter(line -> !knownJobs.contains(line)).toList(),
                    stages.stream().filter(line -> !known.contains(line)).toList(),
                    workers,
                    failures.stream().filter(failed -> !told.contains(failed)).toList(),
                    tasksEnded,
                    tasksFailed);
        }
    }

    int id() {
        return id;
    }

    String name() {
        return watched.name();
    }

    TaskRing tasks() {
        return feed.ring();
    }

    /// Microseconds since the board is there.
    long nowMicros() {
        return (System.nanoTime() - originNanos) / 1000;
    }

    /// What it shows now. Asks the scheduler, between two of its events.
    View view() {
        List<StageStatus> now = List.of();
        boolean open;
        synchronized (this) {
            open = !closed;
        }
        if (open) now = watched.scheduler().ask(SchedulerState::stages);
        synchronized (this) {
            long micros = nowMicros();
            takeNews(micros);
            if (open && !closed) {
                takeStatuses(now, micros);
                workers = watched.workers().get();
                traffic.note(workers, micros);
            }
            forgetOldest();
            return new View(
                    id,
                    watched.name(),
                    !closed,
                    micros,
                    jobs.lines(),
                    List.copyOf(stages.values()),
                    workers.stream().map(w -> new WorkerNow(w, traffic.of(w.worker()))).toList(),
                    List.copyOf(failures),
                    feed.ended(),
                    feed.failed());
        }
    }

    /// Takes in what has happened, without asking the scheduler.
    synchronized void catchUp() {
        takeNews(nowMicros());
    }

    private void takeNews(long micros) {
        for (var next = feed.next(); next != null; next = feed.next()) {
            note(next, micros);
            sentences.of(next).ifPresent(events::add);
        }
    }

    private void note(TaskFeed.News news, long micros) {
        switch (news) {
            case TaskFeed.News.Described(long job, var what) -> jobs.described(job, what);
            case TaskFeed.News.JobOpened(long job, long at) -> jobs.opened(job, at);
            case TaskFeed.News.JobFailed(long job, String why, long at) ->
                    jobs.failed(job, why, at);
            case TaskFeed.News.JobReleased(long job, long at) -> jobs.released(job, at);
            case TaskFeed.News.Opened(long job, int stage, String name, int tasks, var read) -> {
                stages.put(stage, StageLine.opened(indexes++, job, stage, name, tasks));
                noteReads(stage, read);
            }
            case TaskFeed.News.Grown(int stage, int more, var read) -> {
                stages.computeIfPresent(stage, (_, line) -> line.grown(more));
                noteReads(stage, read);
            }
            case TaskFeed.News.Finished done -> ended(done);
            case TaskFeed.News.Forgotten gone ->
                    stages.computeIfPresent(
                            gone.stage(), (_, line) -> line.forgotten(gone, micros));
            case TaskFeed.News.WorkerJoined(int worker, int slots, long at) ->
                    crew.joined(worker, slots, at);
            case TaskFeed.News.WorkerLeft(int worker, WorkerTally did, long at) ->
                    crew.left(worker, did, at);
            case TaskFeed.News.Failed failed -> {
                failures.addFirst(failed);
                if (failures.size() > FAILURES_MAX) failures.removeLast();
            }
            case TaskFeed.News.Wished(var what, long at) -> noteName(what, at);
            case TaskFeed.News.TaskFailed _, TaskFeed.News.Happened _, TaskFeed.News.Told _ -> {}
        }
    }

    private void noteReads(int stage, List<Integer> read) {
        if (!read.isEmpty()) reads.computeIfAbsent(stage, _ -> new TreeSet<>()).addAll(read);
    }

    private void noteName(ClientMessage what, long micros) {
        if (what instanceof ClientMessage.JobPublished(_, String name, _))
            publishedMicros.put(name, micros);
        if (what instanceof ClientMessage.NameWithdrawn(String name)) publishedMicros.remove(name);
    }

    private void ended(TaskFeed.News.Finished done) {
        int stage = done.stage();
        long micros = done.micros();
        StageLine line =
                stages.computeIfPresent(
                        stage,
                        (_, before) ->
                                before.finished(done.rows(), done.bytes(), done.nanos(), micros));
        if (line == null || !jobs.has(stage)) return;
        Spread spread = Spread.of(feed.ring(), stage, line.status().finished());
        jobs.ended(stage, new JobBook.StageEnd(done.figures(), spread), micros);
    }

    /// A job that was described, as it stands now; empty when it isn't known, or not any more.
    Optional<JobView> job(long number) {
        Optional<JobLine> found;
        synchronized (this) {
            found = jobs.line(number);
        }
        if (found.isEmpty()) return Optional.empty();
        if (!found.get().hasEnded()) view();
        synchronized (this) {
            return jobs.line(number)
                    .map(line ->
                            new JobView(
                                    line,
                                    nowMicros(),
                                    line.what().stages().stream().map(this::stage).toList()));
        }
    }

    private JobView.StageView stage(JobDescription.StageSteps steps) {
        int id = steps.stage();
        StageLine line = stages.get(id);
        Optional<StageStatus> status = Optional.ofNullable(line).map(StageLine::status);
        JobBook.StageEnd end =
                jobs.end(id)
                        .orElseGet(() ->
                                new JobBook.StageEnd(
                                        watched.figures().of(id),
                                        status.map(s -> Spread.of(feed.ring(), id, s.finished()))
                                                .orElse(Spread.NOTHING)));
        return new JobView.StageView(steps, status, end.figures(), end.spread());
    }

    private void takeStatuses(List<StageStatus> now, long micros) {
        Set<Integer> there = new HashSet<>();
        for (StageStatus status : now) {
            there.add(status.stage());
            StageLine line = stages.get(status.stage());
            if (line == null)
                line =
                        StageLine.opened(
                                indexes++, UNKNOWN, status.stage(), status.name(), status.total());
            stages.put(status.stage(), line.seen(status, micros));
        }
        stages.replaceAll((stage, line) -> there.contains(stage) ? line : line.left(micros));
    }

    private void forgetOldest() {
        if (stages.size() <= STAGES_MAX) return;
        var oldest = new ArrayList<Integer>();
        int surplus = stages.size() - STAGES_MAX;
        for (Map.Entry<Integer, StageLine> each : stages.entrySet()) {
            if (oldest.size() == surplus) break;
            if (each.getValue().hasEnded()) oldest.add(each.getKey());
        }
        oldest.forEach(stages::remove);
        reads.keySet().retainAll(stages.keySet());
    }

    /// What is known of a task: attempts that are remembered, its story, why it waits and for what.
    TaskView task(TaskKey task) {
        catchUp();
        var attempts = new ArrayList<TaskRing.Ended>();
        TaskRing ring = feed.ring();
        for (long i = ring.oldest(); i < ring.head(); i++)
            if (ring.is(i, task.stage(), task.partition())) attempts.add(ring.get(i));
        boolean open;
        synchronized (this) {
            open = !closed;
        }
        TaskView.Told told =
                open
                        ? watched.scheduler().ask(state -> TaskView.Told.of(state, task))
                        : TaskView.Told.NOTHING;
        synchronized (this) {
            return new TaskView(
                    task,
                    nowMicros(),
                    stageName(task.stage()),
                    jobs.ofStage(task.stage()),
                    attempts,
                    failures.stream()
                            .filter(f ->
                                    f.stage() == task.stage() && f.partition() == task.partition())
                            .toList(),
                    told.isKnown() ? told.inputs() : read(task.stage()),
                    told);
        }
    }

    /// What tasks of a stage read that the scheduler has forgotten, as its description says.
    private List<TaskInput> read(int stage) {
        return jobs.ofStage(stage).stream()
                .flatMap(line -> line.what().stages().stream())
                .filter(steps -> steps.stage() == stage)
                .flatMap(steps -> steps.reads().stream())
                .map(read -> stages.get(read.stage()))
                .filter(Objects::nonNull)
                .map(line -> TaskView.whole(line.status()))
                .toList();
    }

    /// Attempts at tasks of a described job that are worth a look; none when it isn't known.
    List<TaskRing.Ended> standouts(long job) {
        catchUp();
        var stages = new HashSet<Integer>();
        synchronized (this) {
            jobs.line(job)
                    .ifPresent(line ->
                            line.what().stages().forEach(stage -> stages.add(stage.stage())));
        }
        return Standouts.of(feed.ring(), stages);
    }

    /// All workers, as JSON.
    byte[] workers() {
        catchUp();
        return new WorkerJson(this::stageName).of(crew.all());
    }

    /// A worker, as JSON; empty when it isn't known, or not any more.
    Optional<byte[]> worker(int id) {
        catchUp();
        return crew.one(id).map(one -> new WorkerJson(this::stageName).of(one));
    }

    /// What tasks of workers in other processes are found doing; empty where they run in this one.
    Optional<WorkerProfiles> profiles() {
        return watched.registry().profiles();
    }

    /// The pipelines of clients in other processes.
    List<ClientPipelines.Told> pipelines() {
        return watched.registry().pipelines();
    }

    /// What happened behind an event, as JSON.
    ///
    /// @param after its number; 0 for all that are remembered
    byte[] events(long after) {
        catchUp();
        synchronized (this) {
            return EventJson.of(events.after(after), events.last(), originMillis);
        }
    }

    /// What workers logged behind a line, as JSON.
    ///
    /// @param after its number; 0 for all that is remembered
    byte[] logs(long after) {
        return LogJson.of(watched.registry().logs(), after, _ -> true);
    }

    /// The same of one worker.
    byte[] logs(int worker, long after) {
        return LogJson.of(watched.registry().logs(), after, other -> other == worker);
    }

    /// Stages and what they read, as JSON.
    byte[] graph() {
        view();
        synchronized (this) {
            return GraphJson.of(StageGraph.of(List.copyOf(stages.values()), reads, jobs::ofStage));
        }
    }

    /// What was published, as JSON.
    byte[] data() {
        catchUp();
        Stock.Held held = stock.now();
        Map<String, Long> since;
        boolean open;
        synchronized (this) {
            open = !closed;
            since = Map.copyOf(publishedMicros);
        }
        IntFunction<String> owners =
                stage ->
                        held.outputs().stream()
                                .filter(output -> output.stage() == stage)
                                .findFirst()
                                .map(output -> watched.registry().client(output.client()))
                                .orElse("");
        return new DataJson(owners, since, originMillis)
                .of(open ? watched.registry().published() : List.of());
    }

    /// The first rows of a published frame, as JSON.
    byte[] head(String name) {
        boolean open;
        synchronized (this) {
            open = !closed;
        }
        return DataJson.of(
                open
                        ? watched.registry().head(name)
                        : new FirstRows.Missing("Its session has ended."));
    }

    /// What is held for whom, as JSON.
    byte[] memory() {
        catchUp();
        Stock.Held held = stock.now();
        List<Watched.WorkerUsage> usages;
        boolean open;
        synchronized (this) {
            open = !closed;
            usages = workers;
        }
        if (!open) return MemoryJson.of(usages, List.of(), true);
        List<Holding> holdings = Holding.all(held.outputs(), watched.registry(), this::jobOf);
        return MemoryJson.of(watched.workers().get(), holdings, held.isWhole());
    }

    private synchronized Optional<JobLine> jobOf(int stage) {
        return jobs.ofStage(stage);
    }

    private synchronized String stageName(int stage) {
        StageLine line = stages.get(stage);
        return line == null ? "" : line.status().name();
    }

    /// The number by which a page knows a stage; −1 when it isn't shown.
    synchronized int index(int stage) {
        StageLine line = stages.get(stage);
        return line == null ? -1 : line.index();
    }

    /// Ends the watching; what was seen stays.
    @Override
    public void close() {
        view();
        synchronized (this) {
            if (closed) return;
            closed = true;
        }
        crew.close();
        stock.close();
        watched.scheduler().forget(feed);
    }
}
