package dev.quiver.cluster.node;

import java.time.Duration;
import java.util.Optional;

/// When a worker leaves by itself.
///
/// @param life after which it is to be replaced; none = never
/// @param idle after which it leaves when it runs nothing and holds nothing; none = never
/// @param drain how long it may take to leave
public record Lifespan(Optional<Duration> life, Optional<Duration> idle, Duration drain) {
    /// It stays until it is told to leave.
    public static final Lifespan ENDLESS =
            new Lifespan(Optional.empty(), Optional.empty(), Duration.ofSeconds(60));

    /// Whether its time is over.
    ///
    /// @param livedNanos since it began
    boolean isOver(long livedNanos) {
        return life.isPresent() && livedNanos >= life.get().toNanos();
    }

    /// Whether it was of no use for too long.
    ///
    /// @param idleNanos since it was used last
    boolean isUnused(long idleNanos) {
        return idle.isPresent() && idleNanos >= idle.get().toNanos();
    }
}
