package dev.quiver.client;

import dev.quiver.dataframe.Fn;
import dev.quiver.dataframe.QFuture;
import java.util.Collection;
import java.util.List;

/// A task that isn't submitted yet, and those that it needs: a graph under construction.
///
/// ```java
/// Delayed<Integer> a = q.delayed(() -> load("a"));
/// Delayed<Integer> b = q.delayed(() -> load("b"));
/// int sum = a.with(b, (x, y) -> x + y).compute();
/// ```
///
/// `java.util.concurrent` has an interface of this name, for pools that run things later. It keeps
/// its name because `q.delayed` makes it and Dask's users know it; a program that imports both
/// packages by `*` and names the type adds `import dev.quiver.client.Delayed;`.
///
/// Immutable and without a thread; a part that several others need runs once in each [#compute].
public interface Delayed<R> {
    /// A task that calls `fn` with this one's result.
    <S> Delayed<S> then(Fn<R, S> fn);

    /// A task that calls `fn` with this one's result and the other's.
    <B, S> Delayed<S> with(Delayed<B> other, Fn2<R, B, S> fn);

    /// Submits the task and all that it needs.
    QFuture<R> submit();

    /// Submits the task and all that it needs, and waits for its result.
    ///
    /// @throws dev.quiver.error.TaskFailed when one of them threw
    R compute();

    /// A task whose result is the list of the results of `parts`, in their order.
    ///
    /// @param parts at least one, all of one session
    static <R> Delayed<List<R>> all(Collection<Delayed<R>> parts) {
        return DelayedTask.all(parts);
    }
}
