package dev.quiver.protocol;

/// What travels on a link that may lose, repeat and reorder.
///
/// @param <M> the messages
public sealed interface Frame<M> {
    /// The connection it belongs to; frames of another one are ignored.
    long session();

    /// All frames with a smaller sequence number have arrived at the sender of this one.
    long received();

    /// A message.
    ///
    /// @param sequence counts from 0
    record Carrying<M>(long session, long received, long sequence, M message) implements Frame<M> {}

    /// Nothing but a sign of life.
    record Acknowledging<M>(long session, long received) implements Frame<M> {}
}
