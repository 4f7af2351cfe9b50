package dev.quiver.scheduler.server;

import java.nio.file.Path;
import java.time.Duration;

/// Where what runs did is kept after their process has ended, and how much of it.
///
/// @param directory for a directory a run; needn't be there
/// @param age older runs go
/// @param bytes of all runs together; the oldest go first
public record RunHistory(Path directory, Duration age, long bytes) {
    /// As much and as long, elsewhere.
    public RunHistory in(Path other) {
        return new RunHistory(other, age, bytes);
    }
}
