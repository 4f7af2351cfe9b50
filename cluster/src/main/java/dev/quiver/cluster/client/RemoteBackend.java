package dev.quiver.cluster.client;

import dev.quiver.client.Backend;
import dev.quiver.client.Packing;
import dev.quiver.client.SessionStore;
import dev.quiver.client.TravellingTasks;
import dev.quiver.client.Usage;
import dev.quiver.cluster.control.Answer;
import dev.quiver.cluster.control.Notices.Notice;
import dev.quiver.cluster.control.PeerBook;
import dev.quiver.cluster.control.Programs;
import dev.quiver.cluster.control.Question;
import dev.quiver.cluster.control.SchedulerAddress;
import dev.quiver.cluster.control.StageCounts;
import dev.quiver.cluster.control.Wishes.Wish;
import dev.quiver.cluster.control.WorkerAddress;
import dev.quiver.cluster.data.DataClient;
import dev.quiver.cluster.data.DataSettings;
import dev.quiver.cluster.data.FlightEndpoints;
import dev.quiver.cluster.data.OutputOffers;
import dev.quiver.cluster.data.SliceRows;
import dev.quiver.cluster.node.SchedulerDoors;
import dev.quiver.cluster.security.Credentials;
import dev.quiver.cluster.security.SessionProof;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.columnar.memory.Owner;
import dev.quiver.error.Unavailable;
import dev.quiver.graph.Stage;
import dev.quiver.graph.TaskGraph;
import dev.quiver.graph.TaskKey;
import dev.quiver.operator.Bytes;
import dev.quiver.operator.Closures;
import dev.quiver.operator.EncodedProgram;
import dev.quiver.operator.Pipeline;
import dev.quiver.operator.Program;
import dev.quiver.protocol.ClientMessage;
import dev.quiver.protocol.ClientNotice;
import dev.quiver.protocol.CodeBatch;
import dev.quiver.protocol.Inbox;
import dev.quiver.scheduler.server.PipelineNews;
import dev.quiver.scheduler.server.SchedulerClient;
import dev.quiver.scheduler.state.PublishedJob;
import dev.quiver.scheduler.state.StageStatus;
import dev.quiver.worker.exec.PipelineCounts;
import dev.quiver.worker.server.WorkerShell;
import dev.quiver.worker.store.ChunkStore;
import dev.quiver.worker.store.CopyStore;
import dev.quiver.worker.store.ObjectBytes;
import dev.quiver.worker.user.UserCode;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/// A cluster, reached through its scheduler's client port.
final class RemoteBackend implements Backend {
    private static final int CLIENT_SHIFT = 32;

    /// What the smallest worker has changes seldom, and decides only how queries are planned.
    private static final long SMALLEST_NANOS = 2_000_000_000L;

    private static final Duration PIPELINES_PATIENCE = Duration.ofSeconds(1);

    private record Smallest(long bytes, long askedNanos) {}

    private sealed interface Entry {
        /// The client has something to say.
        record Nudge(CompletableFuture<Void> heard) implements Entry {}

        record Line(SchedulerLine.News news) implements Entry {}

        /// An output that a notice spoke of is here.
        record Brought(ClientNotice.TaskFinished notice) implements Entry {}

        /// What a failure was about is known.
        record Explained(ClientNotice notice) implements Entry {}
    }

    private static final Entry NUDGE = new Entry.Nudge(new CompletableFuture<>());

    private final SchedulerClient client;
    private final SessionStore store;
    private final UserCode userCode = new UserCode(Thread.currentThread().getContextClassLoader());
    private final Shipping shipping;
    private final ClientSettings settings;
    private final Programs programs;
    private final SchedulerDoors doors;
    private final int number;
    private final AtomicLong jobs = new AtomicLong();
    private final StageNumbers stages;
    private final Map<Integer, GrowingTasks> growing = new ConcurrentHashMap<>();
    private final Set<Integer> listing = ConcurrentHashMap.newKeySet();
    private final Map<Long, Bytes> results = new ConcurrentHashMap<>();
    private final Map<Long, Bytes> thrown = new ConcurrentHashMap<>();
    private final Inbox<Entry> inbox = new Inbox<>(this::take, Inbox.Relief.NONE);
    private final Set<Integer> counting = ConcurrentHashMap.newKeySet();
    private final Map<Integer, PipelineCounts> counts = new ConcurrentHashMap<>();
    private final Set<Integer> staying = ConcurrentHashMap.newKeySet();
    private final Set<Integer> measured = ConcurrentHashMap.newKeySet();
    private final PeerBook peers = new PeerBook();
    private final Map<Integer, IntFunction<CopyStore.@Nullable Copy>> offered =
            new ConcurrentHashMap<>();
    private final Map<Integer, ObjectBytes> objects = new ConcurrentHashMap<>();
    private final OutputOffers offers;
    private final MemoryAccount fetchMemory;
    private final DataClient data;
    private final LossReasons reasons =
            new LossReasons(notice -> inbox.put(new Entry.Explained(notice)));
    private final Bringing bringing;
    private final SchedulerLine line;
    private volatile @Nullable Smallest smallest;

    /// Of the scheduler that is there; null while it wasn't asked.
    private volatile Answer.@Nullable Dashboard dashboard;

    private volatile boolean closed;

    /// @param places where a scheduler may be
    /// @param credentials what is shown there
    /// @param shipping of code; taken over
    /// @throws Unavailable when no scheduler answers there
    RemoteBackend(
            List<SchedulerAddress> places,
            Credentials credentials,
            ClientSettings settings,
            Shipping shipping,
            SessionStore store,
            SchedulerClient client) {
        this.shipping = shipping;
        this.settings = settings;
        this.programs = new Programs(shipping.functions());
        this.client = client;
        this.store = store;
        this.doors = new SchedulerDoors(places, credentials);
        this.fetchMemory = store.pool().account(new Owner("session", "Fetched", -1));
        var proof = new AtomicReference<Optional<SessionProof>>(Optional.empty());
        FlightEndpoints endpoints =
                FlightEndpoints.of(DataSettings.DEFAULTS, credentials).showing(proof::get);
        this.data = new DataClient(endpoints, fetchMemory);
        this.bringing =
                new Bringing(
                        peers,
                        data,
                        store.chunks(),
                        results,
                        notice -> inbox.put(new Entry.Brought(notice)),
                        client::hear);
        try {
            Answer.Connected connected =
                    doors.ask(
                            new Question.Connect(
                                    SchedulerLine.handshake(),
                                    "pid " + ProcessHandle.current().pid(),
                                    settings.lease().toMillis(),
                                    settings.worker()),
                            Answer.Connected.class,
                            Duration.ZERO);
            this.number = connected.client();
            proof.set(Optional.of(SessionProof.of(number, connected.token())));
            this.stages = new StageNumbers(connected.stages());
            this.offers =
                    new OutputOffers(
                            endpoints, number, (stage, partition, _, _) -> find(stage, partition));
            this.line = new SchedulerLine(doors, connected, this::news);
        } catch (RuntimeException | Error e) {
            data.close();
            fetchMemory.close();
            doors.close();
            throw e;
        }
    }

    private void met(WorkerAddress worker) {
        peers.add(worker);
        offers.add(worker.worker(), new InetSocketAddress(worker.host(), worker.port()));
    }

    private void news(SchedulerLine.News news) {
        if (news instanceof SchedulerLine.News.Came(_, var notices)) {
            notices.peers().forEach(this::met);
            notices.counts().forEach(this::add);
            notices.printed().forEach(settings.prints()::show);
            if (!notices.wanted().isEmpty()) shipping.upload(notices.wanted(), number, line);
        }
        inbox.put(new Entry.Line(news));
    }

    /// Numbers for stages, as the scheduler gives them.
    private final class StageNumbers {
        private int first;
        private int used;

        private StageNumbers(int first) {
            this.first = first;
        }

        private synchronized int next() {
            if (used == Answer.STAGES) {
                first = line.ask(new Question.MoreStages(number), Answer.Stages.class).first();
                used = 0;
            }
            return first + used++;
        }
    }

    @Override
    public void start() {
        shipping.start();
        if (settings.share() != 1)
            line.say(List.of(wish(new ClientMessage.ShareWanted(settings.share()))));
        if (settings.speculates()) line.say(List.of(wish(new ClientMessage.SpeculationWanted())));
        line.start();
    }

    @Override
    public void nudge() {
        inbox.put(NUDGE);
    }

    @Override
    public void settle() {
        var heard = new CompletableFuture<Void>();
        inbox.put(new Entry.Nudge(heard));
        heard.join();
    }

    private void take(List<Entry> batch) {
        try {
            takeAll(batch);
        } catch (RuntimeException | Error e) {
            client.broken(e);
        } finally {
            // Nobody may wait for ever for a broken exchange.
            for (Entry entry : batch)
                if (entry instanceof Entry.Nudge(var heard)) heard.complete(null);
        }
    }

    private void takeAll(List<Entry> batch) {
        boolean settling =
                batch.stream().anyMatch(entry -> entry instanceof Entry.Nudge && entry != NUDGE);
        if (settling) speak();
        else speakUnlessBusy();
        for (Entry entry : batch) {
            switch (entry) {
                case Entry.Nudge _ -> {}
                case Entry.Line(var news) -> {
                    if (news instanceof SchedulerLine.News.Found) dashboard = null;
                    line.hear(news).forEach(this::hear);
                    if (news instanceof SchedulerLine.News.Lost(var cause) && !closed)
                        client.broken(cause);
                }
                case Entry.Brought(var notice) -> bringing.brought(notice);
                case Entry.Explained(var notice) -> client.hear(notice);
            }
        }
        speakUnlessBusy();
    }

    /// What the client says meanwhile goes as one, once the scheduler has accepted what it was told
    /// before.
    private void speakUnlessBusy() {
        if (!line.isBusy()) speak();
    }

    private void speak() {
        var wishes = new ArrayList<Wish>();
        client.speak(message -> wishes.add(wish(message)));
        if (!wishes.isEmpty()) line.say(wishes);
    }

    private Wish wish(ClientMessage message) {
        return switch (message) {
            case ClientMessage.GraphSubmitted(long job, var graph, boolean failFast) ->
                    new Wish(new ClientMessage.GraphSubmitted(job, encoded(job, graph), failFast));
            case ClientMessage.StagesAppended(long job, var graph) ->
                    new Wish(new ClientMessage.StagesAppended(job, encoded(job, graph)));
            case ClientMessage.TasksAppended(int stage, int count, _) ->
                    new Wish(
                            message,
                            Optional.ofNullable(growing.get(stage))
                                    .map(tasks -> tasks.next(count))
                                    .orElse(CodeBatch.NONE));
            case ClientMessage.StageSealed(int stage) -> {
                growing.remove(stage);
                yield new Wish(message);
            }
            case ClientMessage.TasksReleased(int stage, int from, int to) -> {
                for (int partition = from; partition < to; partition++) {
                    bringing.release(stage, partition);
                    results.remove(TaskKey.pack(stage, partition));
                }
                yield new Wish(message);
            }
            case ClientMessage.JobReleased(long job) -> {
                bringing.releaseJob(job);
                yield new Wish(message);
            }
            case ClientMessage.JobDescribed _,
                    ClientMessage.JobPublished _,
                    ClientMessage.NameWithdrawn _,
                    ClientMessage.ShareWanted _,
                    ClientMessage.SpeculationWanted _,
                    ClientMessage.Asked _,
                    ClientMessage.AnswersTaken _,
                    ClientMessage.RequestWithdrawn _,
                    ClientMessage.RequestAbandoned _,
                    ClientMessage.StageSatisfied _,
                    ClientMessage.TasksCancelled _,
                    ClientMessage.JobCancelled _ ->
                    new Wish(message);
        };
    }

    private TaskGraph encoded(long job, TaskGraph graph) {
        for (Stage stage : graph.stages()) {
            if (!(stage.program() instanceof Pipeline) || !stage.wanted()) continue;
            if (measured.remove(stage.id())) bringing.openMeasured(job, stage.id());
            else if (!staying.remove(stage.id())) bringing.open(job, stage.id());
        }
        return new TaskGraph(graph.stages().stream().map(this::encoded).toList());
    }

    private Stage encoded(Stage stage) {
        Program program = stage.program();
        return stage.withProgram(
                switch (program) {
                    case Closures(var source) -> {
                        growing.put(stage.id(), new GrowingTasks((TravellingTasks) source));
                        yield Programs.tasks(shipping.owner(number));
                    }
                    case Pipeline pipeline -> encoded(stage.id(), pipeline);
                    case EncodedProgram encoded -> encoded;
                });
    }

    private EncodedProgram encoded(int stage, Pipeline pipeline) {
        StagingDirectories.make(pipeline);
        if (counting.remove(stage)) counts.put(stage, new PipelineCounts(pipeline));
        return programs.encode(shipping.owner(number), pipeline, listing.remove(stage));
    }

    private void hear(Notice notice) {
        switch (notice.notice()) {
            case ClientNotice.TaskFinished finished -> {
                int stage = finished.stage();
                if (bringing.hasBrought(finished)) return;
                if (growing.containsKey(stage) && !notice.attachment().isEmpty()) {
                    bringing.came(finished);
                    results.put(TaskKey.pack(stage, finished.partition()), notice.attachment());
                } else if (growing.containsKey(stage) || bringing.brings(stage)) {
                    bringing.bring(finished);
                    return;
                }
            }
            case ClientNotice.Failing failing -> {
                keepThrown(failing.origin(), notice);
                if (LossReasons.concerns(failing.failure())) {
                    // The client hears of it when more is known.
                    reasons.explain(failing, line);
                    return;
                }
            }
            case ClientNotice.StageForgotten(int stage) -> {
                growing.remove(stage);
                bringing.forget(stage);
                thrown.keySet().removeIf(key -> TaskKey.unpack(key).stage() == stage);
            }
            case ClientNotice.StageFinished finished -> {
                if (bringing.isBehind(finished)) return;
            }
            case ClientNotice.Refused _, ClientNotice.Accepted _, ClientNotice.Answered _ -> {}
        }
        client.hear(notice.notice());
    }

    private void keepThrown(TaskKey origin, Notice notice) {
        if (!notice.attachment().isEmpty())
            thrown.put(TaskKey.pack(origin.stage(), origin.partition()), notice.attachment());
    }

    @Override
    public boolean isBusy() {
        return false;
    }

    @Override
    public void tell(PipelineNews news) {
        var _ =
                doors.ask(
                        new Question.PipelineTold(number, news),
                        Answer.Done.class,
                        PIPELINES_PATIENCE);
    }

    /// The scheduler's, which shows what all clients do.
    @Override
    public Optional<URI> dashboard() {
        Answer.Dashboard told = dashboard;
        if (told == null) {
            told = line.ask(new Question.Dashboard(), Answer.Dashboard.class);
            dashboard = told;
        }
        return told.address().isEmpty()
                ? Optional.empty()
                : Optional.of(URI.create(told.address()));
    }

    @Override
    public void tellAddress() {} // the scheduler's, which it keeps itself

    @Override
    public boolean isWatched() {
        return true;
    }

    /// What the scheduler has seen of this client's jobs.
    @Override
    public Optional<String> report() {
        String html = line.ask(new Question.Report(number), Answer.Report.class).html();
        return html.isEmpty() ? Optional.empty() : Optional.of(html);
    }

    @Override
    public Optional<WorkerShell> worker() {
        return Optional.empty();
    }

    @Override
    public int newStage() {
        return stages.next();
    }

    @Override
    public long newJob() {
        return (long) number << CLIENT_SHIFT | jobs.getAndIncrement();
    }

    @Override
    public boolean isRemote() {
        return true;
    }

    @Override
    public Packing packing(@Nullable ClassLoader loader) {
        return shipping.packing(loader);
    }

    @Override
    public ChunkStore outputs() {
        return store.chunks();
    }

    @Override
    public Object result(int stage, int partition) {
        Bytes bytes = results.remove(TaskKey.pack(stage, partition));
        if (bytes == null)
            throw new IllegalStateException("no result of task %d/%d".formatted(stage, partition));
        return bytes;
    }

    @Override
    public Optional<Throwable> thrown(int stage, int partition) {
        Bytes bytes = thrown.get(TaskKey.pack(stage, partition));
        if (bytes == null) return Optional.empty();
        return userCode.unpack(bytes.array()) instanceof Throwable problem
                ? Optional.of(problem)
                : Optional.empty();
    }

    @Override
    public void keepsOutputs(int stage) {
        staying.add(stage);
    }

    @Override
    public void measuresSlices(int stage) {
        measured.add(stage);
    }

    @Override
    public long[] sliceRows(int stage, int partition) {
        return SliceRows.decode(((Bytes) result(stage, partition)).array());
    }

    @Override
    public void listsInputs(int stage) {
        listing.add(stage);
    }

    @Override
    public Program offer(int stage, IntFunction<CopyStore.@Nullable Copy> outputs) {
        offered.put(stage, outputs);
        offers.begin();
        return Programs.offered(number);
    }

    @Override
    public Program offer(int stage, byte[] object) {
        ObjectBytes bytes = ObjectBytes.counted(object, fetchMemory);
        objects.put(stage, bytes);
        return offer(stage, _ -> shared(stage));
    }

    /// A share of an object that is offered; null when it isn't any more.
    private @Nullable ObjectBytes shared(int stage) {
        var found = new @Nullable ObjectBytes[1];
        // the share is taken under the map's lock, before anyone drops it
        objects.computeIfPresent(
                stage,
                (_, bytes) -> {
                    found[0] = bytes.retain();
                    return bytes;
                });
        return found[0];
    }

    @Override
    public void withdraw(int stage) {
        offered.remove(stage);
        ObjectBytes object = objects.remove(stage);
        if (object != null) object.close();
    }

    private CopyStore.@Nullable Copy find(int stage, int partition) {
        IntFunction<CopyStore.@Nullable Copy> outputs = offered.get(stage);
        return outputs == null ? null : outputs.apply(partition);
    }

    @Override
    public void wantsCounts(int stage) {
        counting.add(stage);
    }

    private void add(StageCounts more) {
        PipelineCounts known = counts.get(more.stage());
        if (known != null) known.addAll(more.figures());
    }

    @Override
    public Optional<PipelineCounts> counts(int stage) {
        return Optional.ofNullable(counts.get(stage));
    }

    @Override
    public void forgetCounts(int stage) {
        listing.remove(stage);
        counting.remove(stage);
        counts.remove(stage);
    }

    @Override
    public List<StageStatus> statuses(List<Integer> wanted) {
        return line.ask(new Question.Statuses(wanted), Answer.Statuses.class).statuses();
    }

    @Override
    public List<String> story(TaskKey task) {
        return line.ask(new Question.Story(task), Answer.Story.class).lines();
    }

    @Override
    public long workerBytes() {
        Smallest known = smallest;
        long now = System.nanoTime();
        if (known != null && now - known.askedNanos() < SMALLEST_NANOS) return known.bytes();
        long bytes =
                line.ask(new Question.Members(), Answer.Members.class).workers().stream()
                        .mapToLong(Answer.Member::memoryBytesMax)
                        .min()
                        .orElse(Long.MAX_VALUE);
        smallest = new Smallest(bytes, now);
        return bytes;
    }

    @Override
    public List<PublishedJob> catalog() {
        return line.ask(new Question.Catalog(), Answer.Catalog.class).published();
    }

    @Override
    public Usage usage() {
        Answer.Usage usage = line.ask(new Question.Usage(), Answer.Usage.class);
        return new Usage(
                usage.slots(),
                usage.slotsBusy(),
                usage.memoryBytes(),
                usage.memoryBytesMax(),
                usage.spilledBytes());
    }

    @Override
    public void close() {
        closed = true;
        shipping.close();
        line.close();
        data.close();
        offers.close();
        bringing.close();
        List.copyOf(objects.keySet()).forEach(this::withdraw);
        fetchMemory.close();
        doors.close();
    }
}
