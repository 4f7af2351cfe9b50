package dev.quiver.client;

import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.error.Unavailable;
import dev.quiver.protocol.CoordinationRequest;
import dev.quiver.protocol.CoordinationRequest.Kind;
import dev.quiver.protocol.CoordinationRequest.Patience;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// A value that all sessions and tasks that name it read and replace.
///
/// ```java
/// NamedVariable<Double> rate = q.variable("learning rate");
/// rate.set(0.01);
/// double now = rate.get();
/// ```
///
/// Values are small: copies travel through the scheduler, which keeps the last. It stays when the
/// session ends that has set it.
///
/// @param <T> the value; who reads it must know its class
public final class NamedVariable<T> {
    private final Coordination coordination;
    private final String name;

    NamedVariable(Coordination coordination, String name) {
        this.coordination = coordination;
        this.name = Coordination.requireName(Kind.VARIABLE, name);
    }

    /// Replaces the value.
    ///
    /// @throws QuiverException NOT_SERIALIZABLE when it can't travel; ARGUMENT_INVALID when it is
    ///   large; MEMORY_REFUSED when the scheduler keeps too much
    public void set(T value) {
        var packed = coordination.packed(Kind.VARIABLE, name, value);
        var _ = coordination.ask(new CoordinationRequest.SetVariable(name, packed));
    }

    /// The value; waits until there is one.
    ///
    /// @return a copy
    /// @throws QuiverException CANCELLED when the thread is interrupted
    /// @throws Unavailable when the session ends, or the variable is deleted
    public T get() {
        return value(
                coordination.value(
                        coordination.ask(
                                new CoordinationRequest.GetVariable(name, Patience.ENDLESS))));
    }

    /// @param patience how long to wait for a value at most
    /// @throws QuiverException TIMEOUT when there is none in that time; else as [#get()]
    public T get(Duration patience) {
        return find(patience)
                .orElseThrow(() ->
                        new QuiverException(
                                ErrorCode.TIMEOUT,
                                "the variable '%s' wasn't set within %s".formatted(name, patience),
                                List.of(),
                                "wait longer, or see why nobody sets it"));
    }

    /// The value that there is now.
    public Optional<T> find() {
        return find(Duration.ZERO);
    }

    private Optional<T> find(Duration patience) {
        return coordination
                .ask(patience, waiting -> new CoordinationRequest.GetVariable(name, waiting))
                .map(answer -> value(coordination.value(answer)));
    }

    @SuppressWarnings("unchecked") // all who name the variable mean the same
    private T value(Object value) {
        return (T) value;
    }

    /// Forgets the value; who waits for one is told by [Unavailable].
    public void delete() {
        var _ = coordination.ask(new CoordinationRequest.Delete(Kind.VARIABLE, name));
    }

    @Override
    public String toString() {
        return "NamedVariable['%s']".formatted(name);
    }
}
