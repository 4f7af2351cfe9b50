package dev.quiver.cluster.log.state;

/// @param heartbeatNanos a leader is heard of so often
/// @param electionNanos a leader that isn't heard of for so long may be replaced, and one that
///   isn't answered by a majority for so long steps down; members wait up to twice as long
/// @param answerNanos what isn't answered in this time is sent again
public record RaftSettings(long heartbeatNanos, long electionNanos, long answerNanos) {
    /// Long enough for a busy machine with slow disks.
    public static final RaftSettings DEFAULTS =
            new RaftSettings(200_000_000L, 1_500_000_000L, 1_000_000_000L);
}
