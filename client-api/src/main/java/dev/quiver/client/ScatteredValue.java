package dev.quiver.client;

import dev.quiver.dataframe.Fn;
import dev.quiver.dataframe.QFuture;
import dev.quiver.dataframe.Status;
import dev.quiver.error.Unavailable;
import dev.quiver.error.UserLine;
import dev.quiver.graph.Stage;
import dev.quiver.graph.TaskGraph;
import dev.quiver.graph.TaskKey;
import dev.quiver.graph.TaskLimits;
import dev.quiver.operator.Program;
import dev.quiver.protocol.ClientMessage;
import java.lang.ref.Cleaner;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// A value that tasks read. On a cluster it is the output of a stage of one task, which takes it
/// from this process: where its worker is lost, the task runs again, and so it is sent again.
final class ScatteredValue<R> implements Scattered<R>, TaskInput {
    private static final Cleaner CLEANER = Cleaner.create();
    private static final int RETRIES = 3;
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /// Where tasks find the value.
    enum Reach {
        /// On one worker; who reads it elsewhere fetches it each time.
        ONE,
        /// On each worker that has read it, whose tasks share one object.
        ALL
    }

    private final TaskBook book;
    private final Reach reach;
    private final int stage;
    private final Object held;
    private final Lease lease;
    private final Cleaner.Cleanable cleanable;

    /// What it costs as long as it lives; knows nothing of the value.
    private static final class Lease implements Runnable {
        private final Conversation conversation;
        private final ResultMemory.Charge charge;
        private final int stage;
        private final long job;
        private final boolean remote;
        private final AtomicBoolean ended = new AtomicBoolean();

        Lease(Conversation conversation, ResultMemory.Charge charge, int stage) {
            this.conversation = conversation;
            this.charge = charge;
            this.stage = stage;
            this.remote = conversation.backend().isRemote();
            this.job = remote ? conversation.newJob() : -1;
        }

        @Override
        public void run() {
            if (!ended.compareAndSet(false, true)) return;
            charge.close();
            if (!remote || conversation.isClosed()) return;
            conversation.release(job);
            conversation.backend().withdraw(stage);
        }
    }

    private ScatteredValue(
            TaskBook book, Reach reach, int stage, Object held, ResultMemory.Charge charge) {
        this.book = book;
        this.reach = reach;
        this.stage = stage;
        this.held = held;
        this.lease = new Lease(book.conversation(), charge, stage);
        this.cleanable = CLEANER.register(this, lease);
    }

    /// Counts the value, and offers it to the workers of a cluster.
    ///
    /// @param held the value as tasks are given it
    /// @throws dev.quiver.error.MemoryRefused when the session's memory has no room for it
    static <R> ScatteredValue<R> of(TaskBook book, Reach reach, Object held) {
        int stage = book.conversation().newStage();
        ResultMemory.Charge charge = book.conversation().results().scattered(held, stage);
        return new ScatteredValue<>(book, reach, stage, held, charge);
    }

    /// What the scheduler is told of it, before any task that reads it.
    ClientMessage submission() {
        Packed packed = (Packed) held;
        Program program = book.conversation().backend().offer(stage, packed.bytes());
        Stage.Builder made =
                Stage.builder(stage, reach == Reach.ALL ? "broadcast" : "scatter", program)
                        .limits(new TaskLimits(RETRIES, PAUSE_NANOS, 0, packed.size()))
                        .priority(TaskOptions.PRIORITY_OF_VALUES)
                        .wanted();
        if (reach == Reach.ALL) made.broadcast();
        return new ClientMessage.GraphSubmitted(lease.job, TaskGraph.of(made.build()), true);
    }

    /// The job whose only stage it is, on a cluster.
    long job() {
        return lease.job;
    }

    @Override
    public TaskBook book() {
        return book;
    }

    @Override
    public TaskKey key() {
        return new TaskKey(stage, 0);
    }

    @Override
    public boolean isDone() {
        checkOpen();
        return !lease.remote;
    }

    @Override
    public @Nullable Object held() {
        return held;
    }

    @Override
    public @Nullable Failed failed() {
        return null;
    }

    @Override
    public Packing packing() {
        return held instanceof Packed packed ? packed.packing() : book.packing();
    }

    @Override
    public boolean isShared() {
        return reach == Reach.ALL;
    }

    private void checkOpen() {
        if (lease.ended.get())
            throw new Unavailable(
                    "the scattered value was closed",
                    UserLine.here().map(line -> List.of("at: " + line)).orElse(List.of()),
                    "use it inside its try block, or scatter the value again");
    }

    @Override
    @SuppressWarnings({"unchecked", "NullAway"}) // it may be null, as the user's code decides
    public R result() {
        checkOpen();
        return (R) TaskFuture.opened(held);
    }

    @Override
    public R result(Duration timeout) {
        return result();
    }

    @Override
    public R debugLocally() {
        return result();
    }

    @Override
    public Status status() {
        return lease.ended.get() ? Status.CANCELLED : Status.FINISHED;
    }

    @Override
    public Optional<Throwable> exception() {
        return Optional.empty();
    }

    @Override
    public boolean cancel() {
        return false;
    }

    @Override
    public <S> QFuture<S> then(Fn<R, S> fn) {
        return book.submit(TaskOptions.options(), fn, null, this);
    }

    @Override
    public String story() {
        if (!lease.remote) return "a value of this process";
        return String.join("\n", book.story(key()));
    }

    @Override
    public CompletableFuture<R> toCompletableFuture() {
        return CompletableFuture.completedFuture(result());
    }

    @Override
    public void close() {
        cleanable.clean();
    }

    @Override
    public String toString() {
        return "Scattered[%s]".formatted(key());
    }
}
