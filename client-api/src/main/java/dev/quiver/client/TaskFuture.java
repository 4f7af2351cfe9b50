package dev.quiver.client;

import dev.quiver.dataframe.Action;
import dev.quiver.dataframe.Call;
import dev.quiver.dataframe.Fn;
import dev.quiver.dataframe.QFuture;
import dev.quiver.dataframe.Status;
import dev.quiver.error.Cancelled;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.error.TaskFailed;
import dev.quiver.error.UserLine;
import dev.quiver.graph.TaskKey;
import dev.quiver.operator.Bytes;
import dev.quiver.operator.Closures;
import dev.quiver.protocol.ClientMessage;
import dev.quiver.protocol.Failure;
import dev.quiver.worker.server.Slot;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/// A task of the user's and its result. One object does for future, closure and result, since there
/// may be millions.
final class TaskFuture<R> implements QFuture<R>, TaskInput, Closures.Closure {
    /// Stands in for a task that has ended and whose code was let go.
    static final Closures.Closure ENDED =
            _ -> {
                throw new Cancelled("the task has ended already", List.of(), "");
            };

    private static final Object NULL = new Object();
    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(TaskFuture.class, "state", Object.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /// A thread that waits, a future of the JDK's that wants to know, or something to be done.
    private static final class Waiter {
        private final @Nullable CompletableFuture<?> future;
        private final @Nullable Runnable hook;
        private volatile @Nullable Thread thread;
        private @Nullable Waiter next;

        private Waiter(
                @Nullable Thread thread,
                @Nullable CompletableFuture<?> future,
                @Nullable Runnable hook) {
            this.thread = thread;
            this.future = future;
            this.hook = hook;
        }

        Waiter(Thread thread) {
            this(thread, null, null);
        }

        Waiter(CompletableFuture<?> future) {
            this(null, future, null);
        }

        Waiter(Runnable hook) {
            this(null, null, hook);
        }
    }

    private final TaskStage stage;
    private final int partition;

    /// [Call], [Action], [Fn], [Fn2], [Gathering], [Packed], [SharedFunction.Applied] or
    /// [SharedFunction.Repeated], or a [TaskCall] of one of them; null when it has ended.
    private @Nullable Object code;

    /// What a function is called with that needs no other task.
    private @Nullable Object argument;

    /// What it reads from where it is; null when there is nothing.
    private TaskInput @Nullable [] inputs;

    /// Null or the last of a chain of [Waiter]s while the task hasn't ended; then the result,
    /// [#NULL], or [Failed].
    private volatile @Nullable Object state;

    private volatile boolean running;

    private volatile boolean unheard;

    TaskFuture(
            TaskStage stage,
            int partition,
            Object code,
            @Nullable Object argument,
            TaskInput @Nullable [] inputs) {
        this.stage = stage;
        this.partition = partition;
        this.code = code;
        this.argument = argument;
        this.inputs = inputs;
    }

    /// Makes a list of the results of its inputs.
    enum Gathering {
        LIST
    }

    TaskStage stage() {
        return stage;
    }

    int partition() {
        return partition;
    }

    TaskInput @Nullable [] inputs() {
        return inputs;
    }

    @Override
    public TaskKey key() {
        return new TaskKey(stage.id(), partition);
    }

    @Override
    public TaskBook book() {
        return stage.book();
    }

    @Override
    public boolean isShared() {
        return false;
    }

    private static boolean isFinal(@Nullable Object state) {
        return state != null && !(state instanceof Waiter);
    }

    @Override
    public boolean isDone() {
        return isFinal(state);
    }

    // ---- the worker's side

    @Override
    public Object call(List<Object> inputs) throws Exception {
        running = true;
        try {
            Object called = code;
            if (called == null) return ENDED.call(inputs);
            List<Object> given = inputs;
            if (called instanceof TaskCall(Object fn, var present)) {
                called = fn;
                given = TaskCall.filled(present, inputs);
            }
            Object result =
                    called instanceof Packed packed
                            ? packed.call(given)
                            : called == Gathering.LIST && isPacked(given)
                                    ? Packed.list(given)
                                    : invoke(called, argument, given);
            return result == null ? NULL : stage.book().count(result, this);
        } finally {
            running = false;
        }
    }

    /// What another process needs to run it.
    ///
    /// @param shared gives functions that several tasks call their numbers
    Bytes encoded(ToIntFunction<Packed> shared) {
        Object called = code;
        if (called == null) return Bytes.NONE;
        if (called == Gathering.LIST) return TaskCode.gathering();
        if (called instanceof TaskCall(Object fn, var present))
            return TaskCode.withInputs(fn, present, shared);
        return TaskCode.of(called, shared);
    }

    /// How large its code is where it travels.
    long codeBytes() {
        return switch (code) {
            case TaskCall(Object fn, var present) -> {
                long bytes = codeBytes(fn);
                for (Object value : present)
                    if (value instanceof Packed packed) bytes += packed.size();
                yield bytes;
            }
            case null -> 0;
            default -> codeBytes(code);
        };
    }

    private static long codeBytes(Object code) {
        return switch (code) {
            case Packed packed -> packed.size();
            case SharedFunction.Applied(_, var argument) -> argument.size();
            default -> 0;
        };
    }

    /// How its result travels.
    @Override
    public Packing packing() {
        Object called = code instanceof TaskCall(Object fn, _) ? fn : code;
        if (called instanceof Packed packed) return packed.packing();
        if (called instanceof SharedFunction.Applied(var function, _)) return function.packing();
        if (called instanceof SharedFunction.Repeated(var function)) return function.packing();
        TaskInput[] read = inputs;
        if (read == null || read.length == 0) return stage.book().packing();
        return read[0].held() instanceof Packed packed ? packed.packing() : read[0].packing();
    }

    private static boolean isPacked(List<Object> inputs) {
        return !inputs.isEmpty() && Packed.isIn(inputs.getFirst());
    }

    @SuppressWarnings({
        "unchecked",
        "rawtypes",
        "NullAway"
    }) // types were checked where it was submitted; whether null is welcome is the user's matter
    static @Nullable Object invoke(Object code, @Nullable Object argument, List<Object> inputs)
            throws Exception {
        return switch (code) {
            case Call call -> call.call();
            case Action action -> {
                action.run();
                yield null;
            }
            case Fn fn -> fn.apply(inputs.isEmpty() ? argument : opened(inputs.get(0)));
            case Fn2 fn when inputs.size() == 1 -> fn.apply(argument, opened(inputs.get(0)));
            case Fn2 fn -> fn.apply(opened(inputs.get(0)), opened(inputs.get(1)));
            case Gathering _ -> inputs.stream().map(TaskFuture::opened).toList();
            default -> throw new IllegalStateException("can't call " + code.getClass());
        };
    }

    /// What stands for a value among the inputs of a call.
    static Object held(@Nullable Object value) {
        return value == null ? NULL : value;
    }

    /// The value itself of what [#call] returned.
    static @Nullable Object opened(Object held) {
        if (held == NULL) return null;
        if (held instanceof ResultMemory.Counted(var inside)) return opened(inside);
        return held instanceof Packed packed ? packed.open() : held;
    }

    // ---- the session's side

    void complete(Object result) {
        end(result);
    }

    /// Nobody has the future, and nothing will be heard of the task.
    void goUnheard() {
        unheard = true;
    }

    void fail(Failed failed) {
        end(failed);
    }

    private void end(Object end) {
        Object before;
        do {
            before = state;
            if (isFinal(before)) return;
        } while (!STATE.compareAndSet(this, before, end));
        if (!(end instanceof Failed failed && isDebuggable(failed))) {
            code = null;
            argument = null;
            if (!(end instanceof Failed)) inputs = null;
        }
        for (Waiter waiter = (Waiter) before; waiter != null; waiter = waiter.next) {
            CompletableFuture<?> future = waiter.future;
            if (future != null) tell(future);
            Runnable hook = waiter.hook;
            if (hook != null) hook.run();
            LockSupport.unpark(waiter.thread);
        }
    }

    /// Whether its code is kept for [#debugLocally].
    private static boolean isDebuggable(Failed failed) {
        return failed.failure().kind() != Failure.Kind.CANCELLED;
    }

    @Override
    @SuppressWarnings({"unchecked", "NullAway"}) // R may be nullable, as the user's code decides
    public R debugLocally() {
        Object end = await(Long.MAX_VALUE);
        if (!(end instanceof Failed failed)) return value(end);
        Object called = code;
        if (called == null) throw failed.exception();
        try {
            for (TaskFuture<?> before : unheardBefore()) before.complete(held(before.runHere()));
            return (R) runHere();
        } catch (Exception e) {
            throw new TaskFailed(
                    "task %s threw %s, when it ran here".formatted(key(), e),
                    UserLine.of(e).map(line -> List.of("thrown at: " + line)).orElse(List.of()),
                    "mend the task; the cause has the stack",
                    e);
        }
    }

    private @Nullable Object runHere() throws Exception {
        Object called = code;
        if (called == null) return ENDED.call(List.of());
        var read = new ArrayList<>();
        TaskInput[] needed = inputs;
        if (needed != null) for (TaskInput input : needed) read.add(heldHere(input));
        return TaskSession.within(stage.book(), () -> calledHere(called, read));
    }

    /// The tasks of its graph that it needs and of which nothing was heard, inputs first. Not
    /// recursive: chains may be long.
    private List<TaskFuture<?>> unheardBefore() {
        var order = new LinkedHashSet<TaskFuture<?>>();
        var stack = new ArrayDeque<TaskFuture<?>>();
        stack.push(this);
        while (!stack.isEmpty()) {
            TaskFuture<?> top = stack.getFirst();
            boolean waits = false;
            TaskInput[] needed = top.inputs;
            if (needed != null)
                for (TaskInput input : needed) {
                    if (!(input instanceof TaskFuture<?> before) || !before.unheard) continue;
                    if (before.isDone() || order.contains(before)) continue;
                    stack.push(before);
                    waits = true;
                }
            if (waits) continue;
            stack.pop();
            if (top != this) order.add(top);
        }
        return List.copyOf(order);
    }

    private static Object heldHere(TaskInput input) {
        Object held = input.held();
        if (held != null) return held;
        return switch (input) {
            case TaskFuture<?> future -> held(future.debugLocally());
            case ScatteredValue<?> value -> held(value.result());
            case PublishedValue<?> value -> held(value.result());
        };
    }

    private @Nullable Object calledHere(Object called, List<Object> read) throws Exception {
        return switch (called) {
            case TaskCall(Object fn, var present) -> calledHere(fn, TaskCall.filled(present, read));
            case Packed packed -> packed.invoke(read);
            case SharedFunction.Repeated(var function) -> function.invoke(read);
            case SharedFunction.Applied(var function, var with) -> {
                Object opened = function.open();
                if (opened == null) throw new IllegalStateException("an empty closure");
                yield invoke(opened, with.open(), read);
            }
            default -> invoke(called, argument, read);
        };
    }

    /// Users hang code on the JDK's futures, which mustn't hold up the scheduler.
    private static <T> void completeApart(CompletableFuture<T> future, TaskFuture<T> from) {
        Thread.startVirtualThread(() -> {
            try {
                future.complete(from.result());
            } catch (QuiverException e) {
                future.completeExceptionally(e);
            }
        });
    }

    @SuppressWarnings("unchecked") // made by toCompletableFuture of this
    private void tell(CompletableFuture<?> future) {
        completeApart((CompletableFuture<R>) future, this);
    }

    @SuppressWarnings({"unchecked", "NullAway"}) // R may be nullable, as the user's code decides
    private R value(Object end) {
        if (end instanceof Failed failed) throw failed.exception();
        return (R) opened(end);
    }

    @Override
    public R result() {
        return value(await(Long.MAX_VALUE));
    }

    @Override
    public R result(Duration timeout) {
        Object end = await(Math.max(0, timeout.toNanos()));
        if (isFinal(end)) return value(end);
        throw new QuiverException(
                ErrorCode.TIMEOUT,
                "task %s hasn't ended within %s".formatted(key(), timeout),
                List.of("status: " + status()),
                "wait longer, or cancel() it; story() tells what it waits for");
    }

    /// Waits for the end.
    ///
    /// @return the last state seen; not final when the time is over
    private Object await(long nanos) {
        Object seen = state;
        if (seen != null && isFinal(seen)) return seen;
        if (nanos == 0) return NOT_YET;
        if (Slot.worker().isEmpty()) {
            seen = spin();
            if (seen != null) return seen;
        }
        try (var _ = Slot.yielded()) {
            return park(nanos, () -> false);
        }
    }

    /// Waits for the end, of whatever kind, or until `stop` says so, which is asked after each
    /// wake-up.
    ///
    /// @return whether it has ended
    boolean awaitUnless(BooleanSupplier stop) {
        if (isDone()) return true;
        try (var _ = Slot.yielded()) {
            return isFinal(park(Long.MAX_VALUE, stop));
        }
    }

    private static final Object NOT_YET = new Waiter(() -> {});

    /// So long a thread looks for the end before it sleeps: a sleeping slot wakes up, runs a small
    /// task and tells of it in less, and to be woken up would take as long again.
    private static final long SPIN_NANOS =
            Runtime.getRuntime().availableProcessors() > 1 ? 100_000 : 0;

    private @Nullable Object spin() {
        long deadline = System.nanoTime() + SPIN_NANOS;
        do {
            for (int i = 0; i < 32; i++) {
                Object seen = state;
                if (isFinal(seen)) return seen;
                Thread.onSpinWait();
            }
        } while (System.nanoTime() - deadline < 0);
        return null;
    }

    private Object park(long nanos, BooleanSupplier stop) {
        long from = System.nanoTime();
        var waiter = new Waiter(Thread.currentThread());
        Object end = hang(waiter);
        while (end == null) {
            Object seen = state;
            if (seen != null && isFinal(seen)) return seen;
            if (Thread.interrupted()) {
                waiter.thread = null;
                throw interrupted();
            }
            long left = nanos - (System.nanoTime() - from);
            if (left <= 0 || stop.getAsBoolean()) {
                waiter.thread = null;
                return NOT_YET;
            }
            if (nanos == Long.MAX_VALUE) LockSupport.park(this);
            else LockSupport.parkNanos(this, left);
        }
        return end;
    }

    /// Adds a waiter to the chain.
    ///
    /// @return the end, when there is one already
    private @Nullable Object hang(Waiter waiter) {
        while (true) {
            Object before = state;
            if (before != null && isFinal(before)) return before;
            waiter.next = (Waiter) before;
            if (STATE.compareAndSet(this, before, waiter)) return null;
        }
    }

    /// Has something done at the end, or now where it has ended. It must neither block nor throw.
    void onEnd(Runnable hook) {
        if (hang(new Waiter(hook)) != null) hook.run();
    }

    private Cancelled interrupted() {
        Thread.currentThread().interrupt();
        if (FrontEnd.interruptsCancel()) {
            cancel();
            return new Cancelled(
                    "task %s was cancelled, because the cell that waited for it was interrupted"
                            .formatted(key()),
                    List.of(),
                    "run the cell again when it is wanted");
        }
        return new Cancelled(
                "the thread was interrupted while it waited for task " + key(),
                List.of("the task goes on; its status: " + status()),
                "cancel() the task too, if its result isn't wanted");
    }

    @Override
    public Status status() {
        Object seen = state;
        if (!isFinal(seen)) return running ? Status.RUNNING : Status.WAITING;
        if (!(seen instanceof Failed failed)) return Status.FINISHED;
        return failed.failure().kind() == Failure.Kind.CANCELLED ? Status.CANCELLED : Status.FAILED;
    }

    @Override
    public Optional<Throwable> exception() {
        if (!(state instanceof Failed failed)) return Optional.empty();
        return failed.thrown().isPresent() ? failed.thrown() : Optional.of(failed.exception());
    }

    @Override
    public @Nullable Failed failed() {
        return state instanceof Failed failed ? failed : null;
    }

    @Override
    public @Nullable Object held() {
        Object seen = state;
        return isFinal(seen) && !(seen instanceof Failed) ? seen : null;
    }

    @Override
    public boolean cancel() {
        if (isDone()) return false;
        stage.book()
                .conversation()
                .say(new ClientMessage.TasksCancelled(stage.id(), partition, partition + 1));
        return true;
    }

    @Override
    public <S> QFuture<S> then(Fn<R, S> fn) {
        return stage.book().submit(stage.options(), fn, null, this);
    }

    @Override
    public String story() {
        return String.join("\n", stage.book().story(key()));
    }

    @Override
    public CompletableFuture<R> toCompletableFuture() {
        var future = new CompletableFuture<R>();
        var waiter = new Waiter(future);
        if (hang(waiter) != null) tell(future);
        var _ =
                future.whenComplete((_, _) -> {
                    if (future.isCancelled()) cancel();
                });
        return future;
    }

    @Override
    public String toString() {
        return "QFuture[%s, %s]".formatted(key(), status());
    }
}
