package dev.quiver.client;

/// An object that lives on a worker, called through an interface.
///
/// ```java
/// interface Counter {
///     CompletableFuture<Integer> add(int n);
///     int total();
/// }
/// try (Actor<Counter> counter = q.actor(Counter.class, () -> new CountingFromZero())) {
///     counter.get().add(2);
///     counter.get().add(3);
///     System.out.println(counter.get().total());
/// }
/// ```
///
/// Calls reach the object one at a time, in the order in which they were made here. Methods that
/// return a [java.util.concurrent.CompletableFuture], `CompletionStage` or `Future` return at once;
/// others wait. What an object throws its caller gets as [TaskFailed], with the exception as its
/// cause. Arguments and results are copies; small ones travel through the scheduler, others from
/// process to process.
///
/// A call takes a slot of its worker while it runs; an object that isn't called needs none. It
/// lives until it is closed or its session ends. When its worker is lost its state is, too: calls
/// fail from then on, with an error that says so.
///
/// Safe for use by several threads. It can't travel: only the process that made it calls it.
///
/// @param <T> the interface
public final class Actor<T> implements AutoCloseable {
    private final ActorCalls calls;
    private final T proxy;

    Actor(ActorCalls calls, T proxy) {
        this.calls = calls;
        this.proxy = proxy;
    }

    /// What is called. Its methods throw, or their futures end with,
    ///
    /// - [TaskFailed] when the object, or what was to make it, throws
    /// - [Unavailable] when it, or its session, was closed
    /// - [QuiverException] NOT_SERIALIZABLE when an argument or a result can't travel; CANCELLED
    ///   when the thread is interrupted: the call may be made then
    public T get() {
        return proxy;
    }

    /// Lets the object go once the calls that were made have ended. Closing again does nothing.
    @Override
    public void close() {
        calls.close();
    }

    @Override
    public String toString() {
        return calls.toString();
    }
}
