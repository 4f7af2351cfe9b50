package dev.quiver.client;

import dev.quiver.columnar.memory.MemoryPool;
import dev.quiver.error.QuiverException;
import dev.quiver.graph.TaskKey;
import dev.quiver.operator.Program;
import dev.quiver.protocol.SchedulerMessage;
import dev.quiver.protocol.WorkerMessage;
import dev.quiver.scheduler.server.CatalogEntry;
import dev.quiver.scheduler.server.Dashboard;
import dev.quiver.scheduler.server.FirstRows;
import dev.quiver.scheduler.server.ProcessLog;
import dev.quiver.scheduler.server.RecentFigures;
import dev.quiver.scheduler.server.SchedulerClient;
import dev.quiver.scheduler.server.SchedulerShell;
import dev.quiver.scheduler.server.Watched;
import dev.quiver.scheduler.server.WorkerLink;
import dev.quiver.scheduler.server.WorkerLogs;
import dev.quiver.scheduler.state.PublishedJob;
import dev.quiver.scheduler.state.SchedulerSettings;
import dev.quiver.scheduler.state.SchedulerState;
import dev.quiver.scheduler.state.StageStatus;
import dev.quiver.worker.exec.PipelineCounts;
import dev.quiver.worker.server.PipelineEngine;
import dev.quiver.worker.server.ProcessMeter;
import dev.quiver.worker.server.WorkerShell;
import dev.quiver.worker.state.WorkerSettings;
import dev.quiver.worker.store.ChunkStore;
import dev.quiver.worker.store.CopyStore;
import dev.quiver.worker.user.UserCode;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A scheduler and a worker in this process.
final class LocalBackend implements Backend {
    private static final Logger LOG = LoggerFactory.getLogger(LocalBackend.class);

    private static final int WORKER = 0;
    private static final AtomicInteger COUNT = new AtomicInteger();

    private final int slots;
    private final MemoryPool pool;
    private final PipelineEngine engine;
    private final ChunkStore store;
    private final Housekeeper housekeeper;
    private final SchedulerClient client;
    private final SchedulerShell scheduler;
    private final WorkerShell worker;
    private final ProcessMeter meter = new ProcessMeter();
    private final String name;
    private final AtomicInteger stageIds;

    /// Of stages that were forgotten.
    private final RecentFigures lastFigures = new RecentFigures();

    private volatile Supplier<List<CatalogEntry>> published = List::of;
    private volatile Function<String, FirstRows> heads = _ -> HeldHead.GONE;
    private volatile Dashboard.@Nullable Shown shown;
    private final WorkerLogs logs = new WorkerLogs();
    private @Nullable ProcessLog listening;
    private final HistorySettings history;

    /// A person knows where it is shown.
    private volatile boolean told;

    private final AtomicLong jobIds = new AtomicLong();

    /// @param firstStage the first of the numbers for its stages
    LocalBackend(
            Options options,
            MemoryPool pool,
            PipelineEngine engine,
            ChunkStore store,
            int firstStage,
            SchedulerClient client) {
        this.stageIds = new AtomicInteger(firstStage);
        this.slots = options.slots();
        this.history = options.history();
        this.pool = pool;
        this.engine = engine;
        this.store = store;
        this.client = client;
        this.name = "quiver-" + COUNT.incrementAndGet();
        long origin = System.nanoTime();
        LongSupplier clock = () -> System.nanoTime() - origin;
        this.housekeeper = new Housekeeper(name + "-housekeeper", clock);
        var schedulerAlarm = housekeeper.alarm(() -> nudge());
        var workerAlarm = housekeeper.alarm(() -> nudgeWorker());
        this.scheduler =
                new SchedulerShell(
                        SchedulerSettings.LOCAL.withStealing(options.isStealing()),
                        client,
                        clock,
                        schedulerAlarm::set,
                        housekeeper);
        this.worker =
                new WorkerShell(
                        WorkerSettings.local(WORKER, slots, pool.limitBytes()),
                        name,
                        new WorkerShell.Surroundings(
                                new ToScheduler(),
                                engine,
                                store::freeBytes,
                                clock,
                                workerAlarm::set,
                                housekeeper));
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
            client.broken(cause);
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

        @Override
        public void dismiss() {}
    }

    @Override
    public void start() {
        housekeeper.start();
        worker.start();
        scheduler.join(WORKER, slots, pool.limitBytes(), new ToWorker());
        if (ReportFile.ofProcess().isPresent() || history.when() == HistorySettings.When.ALWAYS)
            watched();
    }

    private void nudgeWorker() {
        worker.nudge();
    }

    @Override
    public void nudge() {
        scheduler.nudge();
    }

    @Override
    public void settle() {
        scheduler.ask(_ -> true);
    }

    @Override
    public boolean isBusy() {
        return worker.isBusy();
    }

    @Override
    public int newStage() {
        return stageIds.getAndIncrement();
    }

    @Override
    public long newJob() {
        return jobIds.getAndIncrement();
    }

    @Override
    public boolean isRemote() {
        return false;
    }

    @Override
    public Packing packing(@Nullable ClassLoader loader) {
        return Packing.of(new UserCode(loader));
    }

    @Override
    public ChunkStore outputs() {
        return store;
    }

    @Override
    public Object result(int stage, int partition) {
        return worker.objects().value(stage, partition);
    }

    @Override
    public Optional<Throwable> thrown(int stage, int partition) {
        return worker.thrown(stage, partition);
    }

    @Override
    public void listsInputs(int stage) {
        engine.listsInputs(stage);
    }

    @Override
    public void keepsOutputs(int stage) {}

    @Override
    public void measuresSlices(int stage) {}

    @Override
    public long[] sliceRows(int stage, int partition) {
        long[] rows = store.sliceRows(stage, partition, 0);
        if (rows != null) return rows;
        throw new IllegalStateException("task %d/%d has no output".formatted(stage, partition));
    }

    @Override
    public Program offer(int stage, IntFunction<CopyStore.@Nullable Copy> outputs) {
        throw new IllegalStateException("tasks of this process find what it has");
    }

    @Override
    public Program offer(int stage, byte[] object) {
        throw new IllegalStateException("tasks of this process find what it has");
    }

    @Override
    public void withdraw(int stage) {}

    @Override
    public void wantsCounts(int stage) {}

    @Override
    public Optional<PipelineCounts> counts(int stage) {
        return engine.counts(stage);
    }

    @Override
    public void forgetCounts(int stage) {
        if (isWatched()) counted(stage).ifPresent(figures -> lastFigures.add(stage, figures));
        engine.forgetCounts(stage);
    }

    @Override
    public List<StageStatus> statuses(List<Integer> stages) {
        return scheduler.ask(
                state -> stages.stream().flatMap(s -> state.status(s).stream()).toList());
    }

    @Override
    public List<String> story(TaskKey task) {
        return scheduler.ask(state -> state.story(task));
    }

    @Override
    public long workerBytes() {
        return pool.limitBytes();
    }

    @Override
    public List<PublishedJob> catalog() {
        return scheduler.ask(SchedulerState::catalog);
    }

    @Override
    public void shows(Supplier<List<CatalogEntry>> all, Function<String, FirstRows> first) {
        published = all;
        heads = first;
    }

    @Override
    public Usage usage() {
        return new Usage(
                slots, worker.running(), pool.usedBytes(), pool.limitBytes(), store.spilledBytes());
    }

    @Override
    public Optional<URI> dashboard() {
        return watched().map(Dashboard.Shown::address);
    }

    @Override
    public boolean isWatched() {
        return shown != null;
    }

    @Override
    public void tellAddress() {
        told = true;
    }

    /// What was seen goes on to be readable, where the settings say so.
    private void keep(Dashboard.Shown seen) {
        boolean wanted =
                switch (history.when()) {
                    case AUTO -> told;
                    case ALWAYS -> true;
                    case NEVER -> false;
                };
        if (!wanted) return;
        try {
            seen.keep();
        } catch (QuiverException e) {
            LOG.warn("{}", e.getMessage()); // the run itself has done what it should
        }
    }

    @Override
    public Optional<String> report() {
        return watched().map(Dashboard.Shown::report);
    }

    private synchronized Optional<Dashboard.Shown> watched() {
        if (shown == null)
            shown =
                    Dashboard.ofProcess()
                            .map(d ->
                                    d.show(
                                            new Watched(
                                                    name,
                                                    scheduler,
                                                    this::usages,
                                                    this::figures,
                                                    new Kept()),
                                            history.history()))
                            .orElse(null);
        if (shown != null && listening == null)
            listening = ProcessLog.heardBy(line -> logs.add(WORKER, line));
        return Optional.ofNullable(shown);
    }

    /// What the session keeps, for those who look. Its worker comes and goes with it.
    private final class Kept implements Watched.Registry {
        @Override
        public String client(long client) {
            return "";
        }

        @Override
        public Optional<Watched.Departure> departure(int worker) {
            return Optional.empty();
        }

        @Override
        public List<Watched.KeptFrame> frames() {
            return store.heldFrames().stream()
                    .map(frame ->
                            new Watched.KeptFrame(
                                    frame.id(),
                                    frame.partitions(),
                                    frame.rows(),
                                    frame.bytes(),
                                    frame.spilledBytes()))
                    .toList();
        }

        @Override
        public List<CatalogEntry> published() {
            return published.get();
        }

        @Override
        public FirstRows head(String name) {
            return heads.apply(name);
        }

        @Override
        public WorkerLogs logs() {
            return logs;
        }
    }

    private List<Watched.WorkerUsage> usages() {
        return List.of(
                new Watched.WorkerUsage(
                        WORKER,
                        name,
                        "",
                        slots,
                        worker.running(),
                        pool.usedBytes(),
                        pool.limitBytes(),
                        store.spilledBytes(),
                        meter.usage(0, 0, store.spillTraffic())));
    }

    private List<Long> figures(int stage) {
        return counted(stage).orElseGet(() -> lastFigures.of(stage));
    }

    private Optional<List<Long>> counted(int stage) {
        return engine.counts(stage).map(counts -> Arrays.stream(counts.figures()).boxed().toList());
    }

    private synchronized void endShowing() {
        Dashboard.Shown seen = shown;
        if (seen == null) return;
        keep(seen);
        seen.close();
        shown = null;
        if (listening != null) listening.close();
        listening = null;
    }

    @Override
    public Optional<WorkerShell> worker() {
        return Optional.of(worker);
    }

    @Override
    public void close() {
        endShowing();
        worker.close();
        housekeeper.close();
    }
}
