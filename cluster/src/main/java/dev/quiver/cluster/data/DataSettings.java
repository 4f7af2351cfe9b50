package dev.quiver.cluster.data;

import java.time.Duration;

/// Limits of the ways on which outputs travel.
///
/// @param frameBytes bodies in one frame, about
/// @param windowBytes what a peer may send before it was taken in here
/// @param connectPatience for a peer to answer at all
/// @param silenceMax for a peer that owes something to send nothing, or to answer no ping
/// @param memoryPatience for room for an output to be found here
/// @param dictionaryBytesMax words of dictionaries that a stream remembers before it ends and
///   another begins
public record DataSettings(
        int frameBytes,
        int windowBytes,
        Duration connectPatience,
        Duration silenceMax,
        Duration memoryPatience,
        long dictionaryBytesMax) {
    public static final DataSettings DEFAULTS =
            new DataSettings(
                    1 << 20,
                    4 << 20,
                    Duration.ofSeconds(3),
                    Duration.ofSeconds(15),
                    Duration.ofSeconds(20),
                    64L << 20);
}
