package dev.quiver.protocol;

/// What a worker's process uses of its machine. What was moved is counted since the process began.
///
/// @param cpuPercent of the last moment; 100 is one core
/// @param heapBytes of the Java heap, with what hasn't been collected yet
/// @param residentBytes of the machine's memory; 0 when the operating system doesn't tell
/// @param sentBytes to other processes: what tasks gave and asked for
/// @param receivedBytes from other processes
/// @param spillWrittenBytes into spill files
/// @param spillReadBytes out of spill files
public record ResourceUsage(
        int cpuPercent,
        long heapBytes,
        long residentBytes,
        long sentBytes,
        long receivedBytes,
        long spillWrittenBytes,
        long spillReadBytes) {
    /// Nothing is known.
    public static final ResourceUsage NONE = new ResourceUsage(0, 0, 0, 0, 0, 0, 0);
}
