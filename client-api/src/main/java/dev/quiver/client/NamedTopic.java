package dev.quiver.client;

import dev.quiver.error.QuiverException;
import dev.quiver.protocol.CoordinationRequest;
import dev.quiver.protocol.CoordinationRequest.Kind;

/// What is published under it reaches all who have subscribed, in any session or task.
///
/// ```java
/// NamedTopic<String> news = q.topic("news");
/// try (Subscription<String> subscription = news.subscribe()) {
///     news.publish("a file has come");
///     System.out.println(subscription.next());
/// }
/// ```
///
/// Values are small: copies travel through the scheduler, which keeps them until all who have
/// subscribed have taken them in. Who is 4096 of them or 4 MB behind misses the oldest.
///
/// @param <T> the values; who takes them in must know their class
public final class NamedTopic<T> {
    private final Coordination coordination;
    private final String name;

    NamedTopic(Coordination coordination, String name) {
        this.coordination = coordination;
        this.name = Coordination.requireName(Kind.TOPIC, name);
    }

    /// Tells all who have subscribed. When nobody has, nobody is told.
    ///
    /// @throws QuiverException NOT_SERIALIZABLE when the value can't travel; ARGUMENT_INVALID when
    ///   it is large; MEMORY_REFUSED when the scheduler keeps too much
    public void publish(T value) {
        var packed = coordination.packed(Kind.TOPIC, name, value);
        var _ = coordination.ask(new CoordinationRequest.Publish(name, packed));
    }

    /// Begins to listen: to all that is published from now on.
    ///
    /// @return to be closed
    public Subscription<T> subscribe() {
        long number = coordination.number(new CoordinationRequest.Subscribe(name));
        return new Subscription<>(coordination, name, number);
    }

    @Override
    public String toString() {
        return "NamedTopic['%s']".formatted(name);
    }
}
