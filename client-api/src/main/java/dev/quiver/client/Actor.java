package dev.quiver.client;

import java.io.Serial;
import java.io.Serializable;

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
/// Calls reach the object one at a time, those of a process in the order in which they were made
/// there. Methods that return a [java.util.concurrent.CompletableFuture], `CompletionStage` or
/// `Future` return at once; others wait. What an object throws its caller gets as [TaskFailed],
/// with the exception as its cause. Arguments and results are copies; small ones travel through the
/// scheduler, others from process to process.
///
/// A call takes a slot of its worker while it runs; an object that isn't called needs none. It
/// lives until it is closed or its session ends. When its worker is lost, an object whose class is
/// [Restorable] goes on elsewhere, from its last snapshot; the state of any other is lost, too:
/// calls fail from then on, with an error that says so. No call is made twice, so that it may not
/// have been made at all when its worker was lost: then it ends with [Unavailable].
///
/// Safe for use by several threads. It, or what [#get] gives, may travel with the code of the
/// session's tasks, which call the same object.
///
/// @param <T> the interface
public final class Actor<T> implements AutoCloseable, Serializable {
    @Serial private static final long serialVersionUID = 1;

    private final ActorLink link;
    private final transient Runnable closing;
    private final transient T proxy;

    private Actor(ActorLink link, Runnable closing, T proxy) {
        this.link = link;
        this.closing = closing;
        this.proxy = proxy;
    }

    @SuppressWarnings("unchecked") // of the link's type
    static <T> Actor<T> made(ActorLink link, ActorOwner owner) {
        var handler = new ActorProxy(link, owner.calls());
        return new Actor<>(link, owner::close, (T) link.proxy(handler));
    }

    /// What has travelled closes nothing.
    @SuppressWarnings("unchecked") // of the link's type
    private static <T> Actor<T> arrived(ActorLink link) {
        return new Actor<>(link, () -> {}, (T) link.proxy(link));
    }

    /// What is called. Its methods throw, or their futures end with,
    ///
    /// - [TaskFailed] when the object, or what was to make it, throws
    /// - [Unavailable] when it, or its session, was closed; or when its worker was lost: of an
    ///   object that goes on elsewhere only by calls that may have been begun
    /// - [QuiverException] NOT_SERIALIZABLE when an argument or a result can't travel; CANCELLED
    ///   when the thread is interrupted: the call may be made then
    public T get() {
        return proxy;
    }

    /// Lets the object go once the calls that were made here have ended. Closing again does
    /// nothing, nor does closing it in a task to which it has travelled.
    @Override
    public void close() {
        closing.run();
    }

    @Serial
    private Object writeReplace() {
        return new Travelling(link);
    }

    /// As it travels.
    private record Travelling(ActorLink link) implements Serializable {
        @Serial
        private Object readResolve() {
            return arrived(link);
        }
    }

    @Override
    public String toString() {
        return "Actor[%s]".formatted(link.type().getName());
    }
}
