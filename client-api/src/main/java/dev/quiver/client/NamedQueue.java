package dev.quiver.client;

import dev.quiver.error.QuiverException;
import dev.quiver.error.Unavailable;
import dev.quiver.protocol.CoordinationRequest;
import dev.quiver.protocol.CoordinationRequest.Kind;
import dev.quiver.protocol.CoordinationRequest.Patience;
import java.time.Duration;
import java.util.Optional;

/// Values that leave in the order in which they came, each to one of all sessions and tasks that
/// name the queue.
///
/// ```java
/// NamedQueue<String> pages = q.queue("pages", 100);
/// pages.put("https://example.org");
/// String next = pages.take();
/// ```
///
/// Values are small: copies travel through the scheduler, which keeps them. Who takes one gets a
/// copy of its own; who dies afterwards has taken it along. Values stay when the session ends that
/// has put them. As long as there are some, or somebody waits, all must name the same capacity.
///
/// @param <T> the values; who takes them out must know their class
public final class NamedQueue<T> {
    private final Coordination coordination;
    private final String name;
    private final int capacity;

    NamedQueue(Coordination coordination, String name, int capacity) {
        this.coordination = coordination;
        this.name = Coordination.requireName(Kind.QUEUE, name);
        this.capacity =
                Coordination.requirePositive("the capacity of the queue '" + name + "'", capacity);
    }

    /// Waits until there is room.
    ///
    /// @throws QuiverException NOT_SERIALIZABLE when the value can't travel; ARGUMENT_INVALID when
    ///   it is large, or others have named another capacity; MEMORY_REFUSED when the scheduler
    ///   keeps too much; CANCELLED when the thread is interrupted: it may be in the queue then
    /// @throws Unavailable when the session ends, or the queue is deleted
    public void put(T value) {
        var packed = coordination.packed(Kind.QUEUE, name, value);
        var _ =
                coordination.ask(
                        new CoordinationRequest.Put(name, capacity, packed, Patience.ENDLESS));
    }

    /// @param patience how long to wait for room at most
    /// @return false when there was none in that time: the value isn't in the queue
    /// @throws QuiverException as [#put]
    public boolean offer(T value, Duration patience) {
        var packed = coordination.packed(Kind.QUEUE, name, value);
        return coordination
                .ask(
                        patience,
                        waiting -> new CoordinationRequest.Put(name, capacity, packed, waiting))
                .isPresent();
    }

    /// Waits until there is a value, and takes it out.
    ///
    /// @throws QuiverException CANCELLED when the thread is interrupted: nothing is taken then;
    ///   ARGUMENT_INVALID when others have named another capacity
    /// @throws Unavailable when the session ends, or the queue is deleted
    public T take() {
        return value(
                coordination.value(
                        coordination.ask(
                                new CoordinationRequest.Take(name, capacity, Patience.ENDLESS))));
    }

    /// @param patience how long to wait for a value at most
    /// @return empty when there was none in that time
    /// @throws QuiverException as [#take]
    public Optional<T> poll(Duration patience) {
        return coordination
                .ask(patience, waiting -> new CoordinationRequest.Take(name, capacity, waiting))
                .map(answer -> value(coordination.value(answer)));
    }

    @SuppressWarnings("unchecked") // all who name the queue mean the same
    private T value(Object value) {
        return (T) value;
    }

    /// How many values are in it now.
    public int size() {
        return (int) coordination.number(new CoordinationRequest.CountQueued(name, capacity));
    }

    /// Forgets it with its values; who waits is told by [Unavailable].
    public void delete() {
        var _ = coordination.ask(new CoordinationRequest.Delete(Kind.QUEUE, name));
    }

    @Override
    public String toString() {
        return "NamedQueue['%s']".formatted(name);
    }
}
