package dev.quiver.pipeline.serve;

import java.time.Duration;
import java.time.InstantSource;

/// What a server takes from outside.
///
/// @param clock the time of day, which may go back
/// @param tick how often it looks at it
record Surroundings(InstantSource clock, Duration tick) {
    static Surroundings real() {
        return new Surroundings(InstantSource.system(), Duration.ofMillis(250));
    }
}
