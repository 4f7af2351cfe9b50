package dev.quiver.client;

import dev.quiver.dataframe.Fn;
import dev.quiver.dataframe.QFuture;
import dev.quiver.dataframe.Status;
import dev.quiver.graph.TaskKey;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// A value that was found in the catalog: tasks read it where it is, and so does who asks for a
/// copy here.
///
/// @param stage whose only output it is where it isn't in this process
/// @param held as it is held in this process; null where it isn't
record PublishedValue<R>(TaskBook book, int stage, @Nullable Object held)
        implements QFuture<R>, TaskInput {
    @Override
    public TaskKey key() {
        return new TaskKey(stage, 0);
    }

    @Override
    public boolean isDone() {
        return held != null;
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
        return true;
    }

    /// A task whose result is a copy.
    private QFuture<R> copy() {
        Fn<R, R> same = value -> value;
        return book.submit(TaskOptions.options(), same, null, this);
    }

    @Override
    @SuppressWarnings("unchecked") // all who name it mean the same
    public R result() {
        Object here = held;
        if (here == null) return copy().result();
        Object opened = TaskFuture.opened(here);
        if (opened == null) throw new IllegalStateException("nothing was published");
        return (R) opened;
    }

    @Override
    public R result(Duration timeout) {
        return held == null ? copy().result(timeout) : result();
    }

    @Override
    public R debugLocally() {
        return result();
    }

    @Override
    public Status status() {
        return Status.FINISHED;
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
        return held == null ? String.join("\n", book.story(key())) : "a value of this process";
    }

    @Override
    public CompletableFuture<R> toCompletableFuture() {
        return held == null
                ? copy().toCompletableFuture()
                : CompletableFuture.completedFuture(result());
    }

    @Override
    public String toString() {
        return "QFuture[published, %s]".formatted(key());
    }
}
