package dev.quiver.client;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What is packed in the envelopes of an actor's.
sealed interface ActorMessage {
    /// @param types of the parameters, by their names
    record Call(String method, List<String> types, List<@Nullable Object> arguments)
            implements ActorMessage {}

    /// @param value empty for null
    record Returned(Optional<Object> value) implements ActorMessage {}

    record Threw(Throwable thrown) implements ActorMessage {}
}
