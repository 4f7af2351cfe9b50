package dev.quiver.client;

/// What a session uses at a moment.
///
/// @param slots how many tasks can run at a time
/// @param slotsBusy how many run now
/// @param memoryBytes counted now: columns, hash tables, buffers, and the dictionaries that the
///   session keeps. Sessions without a budget of their own count together
/// @param memoryBytesMax the budget
/// @param spilledBytes of what is in files because memory was short, as it was in memory
public record Usage(
        int slots, int slotsBusy, long memoryBytes, long memoryBytesMax, long spilledBytes) {}
