package dev.quiver.client;

import dev.quiver.columnar.Chunk;
import dev.quiver.columnar.ColumnBuilder;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.columnar.memory.MemoryPool;
import dev.quiver.columnar.memory.Owner;
import dev.quiver.dataframe.Analysis;
import dev.quiver.dataframe.ChunkSize;
import dev.quiver.dataframe.Chunks;
import dev.quiver.dataframe.DataFrame;
import dev.quiver.dataframe.Frames;
import dev.quiver.dataframe.HeldSize;
import dev.quiver.dataframe.MemoryReport;
import dev.quiver.dataframe.PlanGraph;
import dev.quiver.dataframe.QueryRunner;
import dev.quiver.dataframe.RecordShape;
import dev.quiver.dataframe.Row;
import dev.quiver.dataframe.Rows;
import dev.quiver.dataframe.Table;
import dev.quiver.dataframe.Written;
import dev.quiver.dataframe.plan.LogicalPlan;
import dev.quiver.dataframe.plan.Origin;
import dev.quiver.dataframe.plan.RowOrder;
import dev.quiver.dataframe.plan.SourceFiles;
import dev.quiver.dataframe.plan.TableWrite;
import dev.quiver.dataframe.plan.WriteOptions;
import dev.quiver.error.Cancelled;
import dev.quiver.error.QuiverException;
import dev.quiver.graph.Priority;
import dev.quiver.operator.ChunkLimits;
import dev.quiver.planner.Planner;
import dev.quiver.planner.SourceCatalog;
import dev.quiver.planner.StageNumbers;
import dev.quiver.planner.StagePlan;
import dev.quiver.schema.Schema;
import dev.quiver.worker.exec.PipelineCounts;
import dev.quiver.worker.store.ChunkStore;
import dev.quiver.worker.store.TaskOutput;
import java.lang.ref.Reference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Runs frames' plans: planned in the caller's thread, computed by the session's backend, held in
/// its memory.
final class SessionQueries implements QueryRunner {
    private final Conversation conversation;
    private final Backend backend;
    private final ChunkStore store;
    private final MemoryPool pool;
    private final Reclamation reclamation;
    private final SourceFiles files;
    private final Supplier<Progress> progress;
    private final boolean strict;
    private final HeldFrames held;
    private final OpenTables tables;
    private final Planner planner;
    private final AtomicInteger submissions = new AtomicInteger();

    SessionQueries(
            Conversation conversation,
            MemoryPool pool,
            Reclamation reclamation,
            SourceFiles files,
            Supplier<Progress> progress,
            boolean strict,
            Function<SessionQueries, HeldFrames> held) {
        this.conversation = conversation;
        this.backend = conversation.backend();
        this.store = backend.outputs();
        this.pool = pool;
        this.reclamation = reclamation;
        this.tables = new OpenTables(reclamation);
        this.files = files;
        this.progress = progress;
        this.strict = strict;
        this.held = held.apply(this);
        this.planner = new Planner(this.held, backend::workerBytes);
    }

    /// What it runs on.
    Backend backend() {
        return backend;
    }

    /// The frames of a session on a backend.
    static HeldFrames frames(SessionQueries queries) {
        return queries.backend.isRemote()
                ? new ClusterFrames(
                        queries.conversation, plan -> queries.run(queries.planned(plan)))
                : new StoredFrames(queries.conversation);
    }

    /// The same session's queries, where they run in this process.
    ///
    /// @param own talks with a backend of this process, which has this session's chunks
    SessionQueries here(Conversation own) {
        if (!(held instanceof ClusterFrames cluster))
            throw new IllegalStateException("they run here anyway");
        return new SessionQueries(
                own,
                pool,
                reclamation,
                files,
                progress,
                false,
                _ -> new BroughtFrames(new StoredFrames(own), store, cluster));
    }

    OpenTables tables() {
        return tables;
    }

    private StageNumbers numbers() {
        int submission = submissions.incrementAndGet();
        return new StageNumbers(
                conversation::newStage,
                order -> Priority.of(TaskOptions.rank(0), submission, order));
    }

    private StagePlan planned(LogicalPlan plan) {
        conversation.checkOpen();
        return held.placed(planner.plan(travelling(plan), numbers()));
    }

    private LogicalPlan travelling(LogicalPlan plan) {
        return strict ? StrictPlans.copied(plan) : plan;
    }

    @Override
    public SourceFiles files() {
        conversation.checkOpen();
        return files;
    }

    /// Runs a plan to its end.
    ///
    /// @return the outputs of the last stage, which are the caller's
    private List<TaskOutput> run(StagePlan plan) {
        try (QueryRun run = QueryRun.start(conversation, plan);
                Progress shown = progress.get()) {
            run.await(shown);
            return run.takeAll();
        } finally {
            plan.graph().stages().forEach(stage -> backend.forgetCounts(stage.id()));
        }
    }

    @Override
    public Table collect(LogicalPlan plan) {
        StagePlan planned = planned(plan);
        return table(planned.schema(), run(planned), plan.order());
    }

    private LocalTable table(Schema schema, List<TaskOutput> outputs, RowOrder order) {
        var frames = new TableFrames(held, schema, order);
        LocalTable table =
                tables.open(
                        schema,
                        outputs,
                        (made, content) -> Frames.frame(frames.frame(made, content), this),
                        frames::release);
        if (conversation.isClosed()) table.close();
        return table;
    }

    @Override
    public Rows rows(LogicalPlan plan) {
        StagePlan planned = planned(plan);
        return new StreamedRows(RowStream.start(conversation, planned), planned.schema());
    }

    @Override
    public Chunks chunks(LogicalPlan plan, ChunkSize size) {
        ChunkLimits limits = ChunkSizes.limits(size);
        StagePlan planned = planned(plan);
        Schema schema = planned.schema();
        return new StreamedChunks(
                RowStream.start(conversation, planned),
                schema,
                limits,
                pool.account(new Owner("chunks", "Chunks", -1)),
                output -> table(schema, List.of(output), plan.order()));
    }

    @Override
    public long count(LogicalPlan plan) {
        try (Table table = collect(Planner.counting(plan))) {
            return table.row(0).getLong("count");
        }
    }

    @Override
    public String explain(LogicalPlan plan) {
        conversation.checkOpen();
        try {
            return planner.explain(plan);
        } finally {
            Reference.reachabilityFence(plan);
        }
    }

    @Override
    public PlanGraph visualize(LogicalPlan plan) {
        conversation.checkOpen();
        try {
            return planner.visualize(plan);
        } finally {
            Reference.reachabilityFence(plan);
        }
    }

    @Override
    public Analysis analyze(LogicalPlan plan) {
        StagePlan planned = planned(plan);
        planned.graph().stages().forEach(stage -> backend.wantsCounts(stage.id()));
        pool.resetPeak();
        long from = System.nanoTime();
        try (QueryRun run = QueryRun.start(conversation, planned);
                Progress shown = progress.get()) {
            run.await(shown);
            Duration elapsed = Duration.ofNanos(System.nanoTime() - from);
            long rows = 0;
            for (TaskOutput output : run.takeAll()) {
                rows += output.rows();
                output.close();
            }
            return Planner.analysis(run.plan(), this::actual, elapsed, rows, pool.peakBytes());
        } finally {
            planned.graph().stages().forEach(stage -> backend.forgetCounts(stage.id()));
        }
    }

    private Optional<Planner.Actual> actual(int stage, int step) {
        Optional<PipelineCounts> counts = backend.counts(stage);
        if (counts.isEmpty()) return Optional.empty();
        PipelineCounts.Part part = counts.get().parts().get(step);
        return Optional.of(new Planner.Actual(part.rows(), part.bytes(), part.nanos()));
    }

    /// The frames that were published under names.
    HeldFrames held() {
        conversation.checkOpen();
        return held;
    }

    @Override
    public LogicalPlan.Held publish(LogicalPlan plan, String name) {
        boolean isThere = plan instanceof LogicalPlan.Held there && held().isKept(there.id());
        LogicalPlan.Held frame = isThere ? (LogicalPlan.Held) plan : persist(plan);
        boolean done = false;
        try {
            held().publish(frame, name);
            done = true;
            return frame;
        } finally {
            if (!done && frame != plan) held.release(frame.id());
            Reference.reachabilityFence(frame);
        }
    }

    /// What was published under a name.
    LogicalPlan.Held published(String name) {
        LogicalPlan.Held frame = held().published(name);
        return backend.isRemote() ? released(frame) : frame; // here the name has it, too
    }

    @Override
    public LogicalPlan.Held persist(LogicalPlan plan) {
        StagePlan planned = planned(plan);
        String label = "Persisted[%s]".formatted(plan.place());
        LogicalPlan.Held frame = released(held.persist(planned, label, progress.get()));
        if (backend.isRemote())
            reclamation.holdsAway(held.held(frame.id()).bytes(), backend.workerBytes());
        return frame;
    }

    /// A frame that is released when no frame, no query and no name has it any more.
    private LogicalPlan.Held released(LogicalPlan.Held frame) {
        String id = frame.id();
        var _ = reclamation.track(frame.holding(), () -> held.release(id));
        return frame;
    }

    @Override
    public void release(LogicalPlan.Held frame) {
        conversation.checkOpen();
        held.release(frame.id());
    }

    /// A frame of the user's records.
    <R extends Record> DataFrame of(Class<R> type, Collection<R> rows) {
        conversation.checkOpen();
        RecordShape<R> shape = RecordShape.of(type);
        Schema schema = shape.schema();
        var chunks = new ArrayList<Chunk>();
        var owner = new Owner("of(%s)".formatted(type.getSimpleName()), "Rows", -1);
        try (MemoryAccount account = pool.account(owner)) {
            var batch = new ArrayList<List<? extends @Nullable Object>>();
            for (R row : rows) {
                var values = new ArrayList<@Nullable Object>();
                for (int i = 0; i < schema.size(); i++) values.add(shape.value(row, i));
                batch.add(values);
                if (batch.size() < Chunk.ROWS) continue;
                chunks.add(ColumnBuilder.chunk(schema, account, batch));
                batch.clear();
            }
            if (!batch.isEmpty()) chunks.add(ColumnBuilder.chunk(schema, account, batch));
        } catch (RuntimeException e) {
            chunks.forEach(Chunk::close);
            throw e;
        }
        var outputs = new ArrayList<TaskOutput>();
        for (Chunk chunk : chunks) outputs.add(TaskOutput.ofChunks(List.of(chunk)));
        String label = "Rows[%s]".formatted(type.getSimpleName());
        String id = held.hold("rows", outputs);
        return Frames.frame(
                released(new LogicalPlan.Held(id, label, schema, RowOrder.SOURCE, Origin.here())),
                this);
    }

    @Override
    public HeldSize heldSize(LogicalPlan.Held frame) {
        conversation.checkOpen();
        try {
            SourceCatalog.HeldChunks chunks = held.held(frame.id());
            return new HeldSize(chunks.rows(), chunks.bytes());
        } finally {
            Reference.reachabilityFence(frame);
        }
    }

    @Override
    public MemoryReport memory(LogicalPlan plan) {
        conversation.checkOpen();
        if (plan instanceof LogicalPlan.Held frame
                && held.held(frame.id()) instanceof SourceCatalog.SessionChunks) {
            List<Chunk> chunks = store.heldChunks(frame.id(), 0, 1);
            if (chunks == null) throw StoredFrames.gone(frame.id());
            try {
                return ColumnMeter.measure(frame.schema(), chunks);
            } finally {
                chunks.forEach(Chunk::close);
                Reference.reachabilityFence(frame);
            }
        }
        StagePlan planned = planned(plan);
        List<TaskOutput> outputs = run(planned);
        try {
            List<Chunk> chunks = outputs.stream().flatMap(o -> o.chunks().stream()).toList();
            return ColumnMeter.measure(planned.schema(), chunks);
        } finally {
            outputs.forEach(TaskOutput::close);
        }
    }

    @Override
    public Written write(LogicalPlan plan, WriteOptions options) {
        conversation.checkOpen();
        return write(plan, Publications.of(options, plan));
    }

    @Override
    public Written write(LogicalPlan plan, TableWrite options) {
        conversation.checkOpen();
        return write(plan, Publications.of(options, plan));
    }

    private Written write(LogicalPlan plan, Publications publication) {
        StagePlan planned =
                held.placed(
                        planner.planWrite(
                                travelling(plan),
                                publication.target(),
                                publication.quarantines(),
                                numbers()));
        publication.prepare();
        boolean published = false;
        QueryRun run = QueryRun.start(conversation, planned);
        try (run;
                Progress shown = progress.get()) {
            run.await(shown);
            try (Table manifest = table(planned.schema(), run.takeAll(), RowOrder.SOURCE)) {
                Written written = publication.publish(manifest);
                published = true;
                publication.abandon();
                return written;
            }
        } finally {
            if (!published) {
                run.close();
                run.awaitQuiet();
                publication.abandon();
            }
            planned.graph().stages().forEach(stage -> backend.forgetCounts(stage.id()));
        }
    }

    /// The stages of a write that streams.
    ///
    /// @param look whether the plan is only looked at
    StagePlan plannedWrite(UnitLoads.Load load, boolean look) {
        conversation.checkOpen();
        return look
                ? planner.lookAtStreamed(load.plan(), load.target(), load.quarantines())
                : held.placed(
                        planner.planStreamed(
                                travelling(load.plan()),
                                load.target(),
                                load.quarantines(),
                                numbers()));
    }

    ChunkStore store() {
        return store;
    }

    MemoryPool pool() {
        return pool;
    }

    /// Runs a write and tells of its partitions as they come.
    ///
    /// @param units what the listener is told instead of the numbers of the partitions
    void runUnits(StagePlan planned, List<Integer> units, UnitLoads.Listener listener)
            throws UnitLoads.UnitFailed {
        boolean done = false;
        backend.wantsCounts(planned.result());
        QueryRun run = QueryRun.start(conversation, planned);
        try (run;
                Progress shown = progress.get()) {
            while (true) {
                QueryRun.Taken taken = arrived(run, shown, units);
                if (taken == null) break;
                try (Table manifest =
                        table(planned.schema(), List.of(taken.output()), RowOrder.SOURCE)) {
                    listener.done(units.get(taken.partition()), rowsOf(manifest));
                }
            }
            done = true;
        } finally {
            if (!done) {
                run.close();
                run.awaitQuiet();
            }
            backend.counts(planned.result())
                    .ifPresent(counts -> listener.read(counts.parts().getFirst().rows()));
            planned.graph().stages().forEach(stage -> backend.forgetCounts(stage.id()));
        }
    }

    private static QueryRun.@Nullable Taken arrived(
            QueryRun run, Progress shown, List<Integer> units) throws UnitLoads.UnitFailed {
        try {
            return run.takeArrived(shown);
        } catch (Cancelled e) {
            throw e;
        } catch (QuiverException e) {
            int failed = run.failedPartition();
            throw new UnitLoads.UnitFailed(failed < 0 ? -1 : units.get(failed), e);
        }
    }

    private static List<Row> rowsOf(Table manifest) {
        var rows = new ArrayList<Row>();
        for (Row row : manifest.rows()) rows.add(row);
        return rows;
    }

    /// Frees what the queries left; after the runtime was closed.
    void close() {
        tables.close();
        held.close();
    }
}
