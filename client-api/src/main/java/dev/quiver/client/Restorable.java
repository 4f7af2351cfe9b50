package dev.quiver.client;

/// What the class of an [Actor] implements so that the object goes on elsewhere when its worker is
/// lost or leaves.
///
/// ```java
/// final class Shelf implements Stock, Restorable<Map<String, Integer>> {
///     private final Map<String, Integer> counts = new HashMap<>();
///
///     public Map<String, Integer> snapshot() { return counts; }
///     public void restore(Map<String, Integer> state) { counts.putAll(state); }
/// }
/// ```
///
/// What a call has changed is in a snapshot that outlives the worker before the call ends with a
/// value: such a change is never lost. A call that the lost worker had begun and not ended ends
/// with [Unavailable]; it isn't in the state, and isn't made again by itself. Calls that the worker
/// hadn't begun wait for the object that goes on.
///
/// @param <S> the state, which can travel; at most 1 MB of it as it travels, since the scheduler
///   keeps it. What is larger belongs into files, whose names the state can hold
public interface Restorable<S> {
    /// What the object knows now. Copied at once, so it may be what the object itself works with.
    /// Called after each call, by the same thread, and once before the first.
    ///
    /// An exception, or a state that can't travel, is what that call ends with; the object goes on
    /// as it was before it.
    S snapshot();

    /// Takes a state over. Called once, before any other call, on an object that was just made in
    /// place of another. An exception ends the actor.
    void restore(S state);
}
