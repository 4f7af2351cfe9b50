package dev.quiver.dataframe;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/// A result that is being computed.
///
/// ```java
/// QFuture<Integer> six = q.submit(() -> 2 * 3);
/// QFuture<String> text = six.then(n -> "six is " + n);
/// System.out.println(text.result());
/// ```
///
/// Safe for use by several threads.
public interface QFuture<R> {
    /// Waits for the result.
    ///
    /// @throws TaskFailed when the task threw; its exception is the cause
    /// @throws Cancelled when the task was cancelled, or this thread was interrupted
    R result();

    /// Waits at most that long.
    ///
    /// @throws QuiverException with the code `TIMEOUT`; the task goes on
    R result(Duration timeout);

    Status status();

    /// What the task threw, once it has failed; empty before and otherwise. Doesn't wait.
    Optional<Throwable> exception();

    /// Asks the task to stop, and whatever depends on it.
    ///
    /// @return false when it had ended already
    boolean cancel();

    /// A task that calls `fn` with this one's result, where that result is.
    <S> QFuture<S> then(Fn<R, S> fn);

    /// What happened to the task, a line each: when, where, why.
    String story();

    /// Runs a task that has failed once more, here: in this process and this thread, so that a
    /// debugger stops in it, wherever it ran before. What it reads is brought here; where a task
    /// that it needs has failed that one runs here before it.
    ///
    /// Waits until the task has ended. One that didn't fail isn't run: its result is returned.
    ///
    /// @return what it returns this time; the future stays as it is
    /// @throws TaskFailed when it throws here, too; its exception is the cause
    /// @throws Cancelled when it was cancelled: its code was let go
    R debugLocally();

    /// The same result for code that wants the JDK's type. Cancelling it cancels the task.
    CompletableFuture<R> toCompletableFuture();
}
