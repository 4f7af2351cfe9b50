package dev.quiver.client;

/// What a session uses at a moment.
///
/// @param slots how many tasks can run at a time
/// @param slotsBusy how many run now
/// @param memoryBytes counted now: columns, hash tables, buffers, and the dictionaries that the
///   session keeps. Sessions without a budget of their own count together
/// @param memoryBytesMax the budget
public record Usage(int slots, int slotsBusy, long memoryBytes, long memoryBytesMax) {}
