package dev.quiver.client;

import dev.quiver.dataframe.QFuture;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.error.UserLine;
import dev.quiver.graph.Dependency;
import dev.quiver.graph.Edges;
import dev.quiver.graph.Purity;
import dev.quiver.graph.Stage;
import dev.quiver.graph.TaskGraph;
import dev.quiver.graph.TaskKey;
import dev.quiver.graph.TaskLimits;
import dev.quiver.operator.Bytes;
import dev.quiver.operator.Closures;
import dev.quiver.protocol.ClientMessage;
import dev.quiver.protocol.ClientNotice;
import dev.quiver.protocol.Failure;
import java.lang.ref.Cleaner;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The user's tasks of a session: takes them in from any thread, tells the scheduler of them in
/// batches, and brings their results to the futures.
///
/// A task is the next partition of a growing stage. It waits in `pending` until the scheduler asks
/// what the client has to say, which happens at once while a slot is free and else at the end of
/// the next task.
final class TaskBook {
    private static final Cleaner CLEANER = Cleaner.create();

    /// The last place that [Priority] has room for.
    private static final int PLACE_MAX = (1 << 24) - 1;

    /// One message appends tasks of not much more code.
    private static final long CODE_BYTES = 1L << 20;

    private final Conversation conversation;
    private final long job;
    private final boolean strict;
    private final Map<Optional<ClassLoader>, Packing> packings = new ConcurrentHashMap<>();
    private final Gather gather = new Gather();
    private final Object lock = new Object();
    private final Map<Kind, TaskStage> filling = new HashMap<>();
    private ArrayList<TaskFuture<?>> pending = new ArrayList<>();
    private ArrayList<TaskFuture<?>> spoken = new ArrayList<>();

    /// Values that tasks may read: the scheduler hears of them first.
    private final ArrayList<ClientMessage> values = new ArrayList<>();

    /// Runs of partitions whose results were taken; touched only by the scheduler's turn.
    private final ArrayList<ClientMessage.TasksReleased> released = new ArrayList<>();

    private int releasedStage = -1;
    private int releasedFrom;
    private int releasedTo;
    private boolean announced;

    /// How many stages there were; under the lock.
    private int stageCount;

    /// What tasks of one stage have in common.
    private record Kind(
            TaskLimits limits, Purity purity, int priority, TaskStage.Audience audience) {}

    TaskBook(Conversation conversation, boolean strict) {
        this.conversation = conversation;
        this.job = conversation.newJob();
        this.strict = strict;
    }

    Conversation conversation() {
        return conversation;
    }

    Gather gather() {
        return gather;
    }

    /// Adds a task.
    ///
    /// @param code may be [#mapped]
    /// @param argument what a function is called with; null for other code
    /// @param inputs what it is called with behind that: what isn't done yet it waits for
    <R> TaskFuture<R> submit(
            TaskOptions options, Object code, @Nullable Object argument, TaskInput... inputs) {
        conversation.checkOpen();
        for (TaskInput input : inputs) requireOwn(input);
        Object travelling = travelling(code, argument);
        Object rest = travelling == code ? argument : null;
        TaskFuture<R> future;
        synchronized (lock) {
            future =
                    inputs.length == 0
                            ? add(options, travelling, rest, null)
                            : behind(options, travelling, rest, inputs);
        }
        if (!future.isDone()) tellOf(future);
        return future;
    }

    /// What a task is called with.
    ///
    /// @throws QuiverException PLAN_INVALID for a future that no session made
    static TaskInput input(QFuture<?> future) {
        if (future instanceof TaskInput input) return input;
        throw new QuiverException(
                ErrorCode.PLAN_INVALID,
                "a task needs a future that isn't one of Quiver's: " + future,
                UserLine.here().map(line -> List.of("at: " + line)).orElse(List.of()),
                "give it one that submit, map or scatter gave");
    }

    private void requireOwn(TaskInput input) {
        if (input.book() != this)
            throw new QuiverException(
                    ErrorCode.PLAN_INVALID,
                    "a task needs %s of another session".formatted(input),
                    UserLine.here().map(line -> List.of("at: " + line)).orElse(List.of()),
                    "make both with one session, or give the task the value itself");
    }

    /// A task behind others: an edge while one hasn't ended, its result afterwards. Under the lock:
    /// an end that isn't seen here is released after what is pending was said.
    private <R> TaskFuture<R> behind(
            TaskOptions options, Object code, @Nullable Object argument, TaskInput[] inputs) {
        var present = new ArrayList<>();
        var open = new ArrayList<TaskInput>();
        for (TaskInput input : inputs) {
            boolean done = input.isDone();
            Failed failed = input.failed();
            if (failed != null && input instanceof TaskFuture<?> of) {
                var future = new TaskFuture<R>(of.stage(), of.partition(), code, argument, inputs);
                future.fail(failed);
                return future;
            }
            Object held = done ? input.held() : null;
            if (held == null) open.add(input);
            present.add(held != null ? held : TaskCall.Open.of(input));
        }
        boolean plain = present.stream().allMatch(held -> held == TaskCall.Open.OWN);
        return add(
                options,
                plain ? code : new TaskCall(code, present),
                argument,
                open.isEmpty() ? null : open.toArray(TaskInput[]::new));
    }

    /// Gives tasks a value of this process's.
    <R> ScatteredValue<R> scatter(@Nullable Object value, ScatteredValue.Reach reach) {
        conversation.checkOpen();
        Object held = strict ? packed(value) : TaskFuture.held(value);
        ScatteredValue<R> scattered = ScatteredValue.of(this, reach, held);
        if (!conversation.backend().isRemote()) return scattered;
        synchronized (lock) {
            values.add(scattered.submission());
        }
        conversation.nudge();
        return scattered;
    }

    private Packed packed(@Nullable Object value) {
        Packing packing = value == null ? packing() : packing(value.getClass().getClassLoader());
        return Packed.value(packing, value, "the scattered value");
    }

    private void tellOf(TaskFuture<?> future) {
        if (!conversation.backend().isBusy()) conversation.nudge();
        if (!conversation.isClosed()) return;
        // the session closed meanwhile and may not have seen it
        future.fail(failed(future, StageListener.closed(), future.key()));
    }

    /// Counts what a task returned.
    ///
    /// @return what stands for it
    Object count(Object result, TaskFuture<?> task) {
        TaskStage stage = task.stage();
        return conversation
                .results()
                .count(result, stage.id(), task.partition(), stage.smallResults());
    }

    /// A function that will be submitted several times, each time with another argument.
    Object mapped(Object function) {
        return mapped(function, function.getClass().getClassLoader());
    }

    /// @param loader of the user's classes in it
    Object mapped(Object function, @Nullable ClassLoader loader) {
        return conversation.backend().isRemote()
                ? new SharedFunction(packing(loader), function)
                : function;
    }

    /// What is kept of the code until it is called: in a strict session its bytes.
    private Object travelling(Object code, @Nullable Object argument) {
        if (code instanceof SharedFunction shared) return shared.appliedTo(argument);
        if (!strict || code instanceof TaskFuture.Gathering) return code;
        return Packed.closure(packing(code.getClass().getClassLoader()), code, argument);
    }

    /// How values of a loader's classes travel.
    Packing packing(@Nullable ClassLoader loader) {
        return packings.computeIfAbsent(
                Optional.ofNullable(loader),
                known -> conversation.backend().packing(known.orElse(null)));
    }

    /// How the results of a task travel whose code says nothing about it.
    Packing packing() {
        return packing(Thread.currentThread().getContextClassLoader());
    }

    /// Under the lock.
    private <R> TaskFuture<R> add(
            TaskOptions options,
            Object code,
            @Nullable Object argument,
            TaskInput @Nullable [] inputs) {
        return add(stage(options, TaskStage.Audience.CLIENT), code, argument, inputs);
    }

    /// Under the lock.
    private <R> TaskFuture<R> add(
            TaskStage stage,
            Object code,
            @Nullable Object argument,
            TaskInput @Nullable [] inputs) {
        int partition = stage.size++;
        var future = new TaskFuture<R>(stage, partition, code, argument, inputs);
        stage.pages().put(partition, future);
        pending.add(future);
        return future;
    }

    private TaskStage stage(TaskOptions options, TaskStage.Audience audience) {
        var kind = new Kind(options.limits(), options.purity(), options.priority(), audience);
        TaskStage current = filling.get(kind);
        if (current != null && !current.isFull()) return current;
        int id = conversation.newStage();
        var pages = new TaskPages();
        ResultMemory.Charge small = conversation.results().small(id);
        int place = Math.min(stageCount++, PLACE_MAX);
        var stage = new TaskStage(id, this, pages, options, audience, place, small);
        conversation.listen(id, new Ears(pages));
        Conversation told = conversation;
        CLEANER.register(
                stage,
                () -> {
                    small.close();
                    if (!told.isClosed()) told.say(new ClientMessage.StageSealed(id));
                });
        filling.put(kind, stage);
        return stage;
    }

    /// Adds all tasks of a graph, inputs before those that read them.
    List<TaskFuture<?>> submitAll(List<DelayedTask<?>> tasks) {
        conversation.checkOpen();
        List<Object> codes = travelling(tasks);
        var futures = new HashMap<DelayedTask<?>, TaskFuture<?>>();
        var inOrder = new ArrayList<TaskFuture<?>>();
        synchronized (lock) {
            for (int i = 0; i < tasks.size(); i++) {
                DelayedTask<?> task = tasks.get(i);
                TaskStage stage = stage(task.options(), audience(i == tasks.size() - 1));
                TaskFuture<?> future = add(stage, codes.get(i), null, inputs(task, futures));
                futures.put(task, future);
                inOrder.add(future);
            }
        }
        tellOf(inOrder.getLast());
        if (conversation.isClosed()) inOrder.forEach(this::tellOf);
        return inOrder;
    }

    /// Code that several tasks call is packed once.
    private List<Object> travelling(List<DelayedTask<?>> tasks) {
        var made = new IdentityHashMap<Object, Object>();
        var repeated = new IdentityHashMap<Object, SharedFunction.Repeated>();
        for (DelayedTask<?> task : tasks) {
            Object known = made.get(task.code());
            if (known == null) made.put(task.code(), travelling(task.code(), null));
            else if (known instanceof Packed packed && conversation.backend().isRemote())
                repeated.computeIfAbsent(task.code(), _ -> new SharedFunction.Repeated(packed));
        }
        var codes = new ArrayList<>();
        made.putAll(repeated);
        for (DelayedTask<?> task : tasks) codes.add(made.get(task.code()));
        return codes;
    }

    /// Who reads what a task of a graph returns: only its last one has a future that anybody holds.
    /// In this process all are told of, which costs nothing.
    private TaskStage.Audience audience(boolean isLast) {
        return isLast || !conversation.backend().isRemote()
                ? TaskStage.Audience.CLIENT
                : TaskStage.Audience.TASKS;
    }

    private static TaskInput @Nullable [] inputs(
            DelayedTask<?> task, Map<DelayedTask<?>, TaskFuture<?>> futures) {
        List<DelayedTask<?>> needed = task.inputs();
        if (needed.isEmpty()) return null;
        var inputs = new TaskInput[needed.size()];
        for (int i = 0; i < inputs.length; i++) {
            TaskFuture<?> input = futures.get(needed.get(i));
            if (input == null) throw new IllegalStateException("a task comes before its input");
            inputs[i] = input;
        }
        return inputs;
    }

    List<String> story(TaskKey task) {
        return conversation.backend().story(task);
    }

    // ---- called by the scheduler's turn, one thread at a time

    /// Tells of tasks that came, then of results that were taken.
    void speak(Consumer<ClientMessage> ears) {
        ArrayList<TaskFuture<?>> batch;
        List<ClientMessage> before;
        synchronized (lock) {
            batch = pending;
            pending = spoken;
            before = values.isEmpty() ? List.of() : List.copyOf(values);
            values.clear();
        }
        before.forEach(ears);
        for (int from = 0; from < batch.size(); ) {
            TaskStage stage = batch.get(from).stage();
            long bytes = batch.get(from).codeBytes();
            int to = from + 1;
            while (to < batch.size() && batch.get(to).stage() == stage && bytes < CODE_BYTES)
                bytes += batch.get(to++).codeBytes();
            if (!stage.announced) announce(stage, ears);
            Edges edges = edges(batch, from, to);
            ears.accept(new ClientMessage.TasksAppended(stage.id(), to - from, edges));
            if (stage.audience() == TaskStage.Audience.TASKS) letGo(stage, batch.subList(from, to));
            from = to;
        }
        batch.clear();
        spoken = batch;
        endRun();
        for (int i = 0; i < released.size(); i++) ears.accept(released.get(i));
        released.clear();
    }

    /// Nothing will be heard of these tasks.
    private static void letGo(TaskStage stage, List<TaskFuture<?>> tasks) {
        for (TaskFuture<?> task : tasks) {
            stage.pages().take(task.partition());
            task.goUnheard();
        }
    }

    private void announce(TaskStage stage, Consumer<ClientMessage> ears) {
        Stage.Builder told =
                Stage.builder(stage.id(), "tasks", new Closures(stage.pages()))
                        .growing(0)
                        .input(new Dependency.Listed(Edges.NONE))
                        .purity(stage.options().purity())
                        .limits(stage.options().limits())
                        .priority(stage.priority());
        if (stage.audience() == TaskStage.Audience.CLIENT) told = told.wanted();
        TaskGraph graph = TaskGraph.of(told.build());
        ears.accept(
                announced
                        ? new ClientMessage.StagesAppended(job, graph)
                        : new ClientMessage.GraphSubmitted(job, graph, false));
        announced = true;
        stage.announced = true;
    }

    private static Edges edges(List<TaskFuture<?>> batch, int from, int to) {
        Edges.Builder edges = null;
        for (int i = from; i < to; i++) {
            TaskInput[] inputs = batch.get(i).inputs();
            if (inputs != null && edges == null) {
                edges = Edges.builder();
                for (int before = from; before < i; before++) edges.endRow();
            }
            if (edges == null) continue;
            if (inputs != null) {
                for (TaskInput input : inputs) {
                    TaskKey key = input.key();
                    edges.input(key.stage(), key.partition());
                }
            }
            edges.endRow();
        }
        return edges == null ? Edges.NONE : edges.build();
    }

    private void release(int stage, int partition) {
        if (stage == releasedStage && partition == releasedTo) {
            releasedTo++;
            return;
        }
        endRun();
        releasedStage = stage;
        releasedFrom = partition;
        releasedTo = partition + 1;
    }

    private void endRun() {
        if (releasedStage >= 0)
            released.add(new ClientMessage.TasksReleased(releasedStage, releasedFrom, releasedTo));
        releasedStage = -1;
    }

    /// Brings what is told of a stage to its futures.
    private final class Ears implements StageListener {
        private final TaskPages pages;

        Ears(TaskPages pages) {
            this.pages = pages;
        }

        @Override
        public void hear(ClientNotice notice) {
            switch (notice) {
                case ClientNotice.TaskFinished(int stage, int partition, _, _, _, _) -> {
                    TaskFuture<?> future = pages.take(partition);
                    if (future == null) return;
                    Object result = conversation.backend().result(stage, partition);
                    future.complete(
                            result instanceof Bytes bytes
                                    ? Packed.of(future.packing(), bytes.array())
                                    : result);
                    release(stage, partition);
                }
                case ClientNotice.TaskFailed(int stage, int partition, var failure, var origin) -> {
                    TaskFuture<?> future = pages.take(partition);
                    if (future == null) return;
                    future.fail(failed(future, failure, origin));
                    gather.failed();
                    release(stage, partition);
                }
                // the job was released, since nobody seals a stage that has futures
                case ClientNotice.StageForgotten _ -> abandon(StageListener.closed());
                case ClientNotice.StageFinished _,
                        ClientNotice.JobFailed _,
                        ClientNotice.Refused _,
                        ClientNotice.Answered _,
                        ClientNotice.Accepted _ -> {}
            }
        }

        @Override
        public void abandon(Failure failure) {
            for (int partition = 0; partition < TaskPages.SIZE; partition++) {
                TaskFuture<?> future = pages.take(partition);
                if (future != null) future.fail(failed(future, failure, future.key()));
            }
        }
    }

    private Failed failed(TaskFuture<?> future, Failure failure, TaskKey origin) {
        Optional<Throwable> thrown =
                failure.kind() == Failure.Kind.CANCELLED
                        ? Optional.empty()
                        : conversation.backend().thrown(origin.stage(), origin.partition());
        return new Failed(future.key(), failure, origin, thrown);
    }
}
