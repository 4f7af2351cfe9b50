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

    /// The same result for code that wants the JDK's type. Cancelling it cancels the task.
    CompletableFuture<R> toCompletableFuture();
}
