package dev.quiver.cluster.control;

import dev.quiver.operator.Bytes;
import java.util.List;

/// What a client says at the beginning of an exchange.
///
/// @param stages those that were accepted and of which it doesn't know that they were forgotten
public record Greeting(int client, Bytes token, List<Integer> stages) {
    public Greeting {
        stages = List.copyOf(stages);
    }
}
