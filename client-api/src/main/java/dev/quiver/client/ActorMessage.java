package dev.quiver.client;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What an actor and who calls it say to each other.
sealed interface ActorMessage {
    /// @param number of the call among those of its caller
    /// @param types of the parameters, by their names
    record Call(long number, String method, List<String> types, List<@Nullable Object> arguments)
            implements ActorMessage {}

    /// There are no more calls, or no more replies.
    record Last() implements ActorMessage {}

    /// @param value empty for null
    record Returned(long number, Optional<Object> value) implements ActorMessage {}

    record Threw(long number, Throwable thrown) implements ActorMessage {}
}
