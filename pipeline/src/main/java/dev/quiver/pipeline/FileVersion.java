package dev.quiver.pipeline;

import dev.quiver.dataframe.plan.InputFile;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/// An input as it was when a run began.
///
/// @param modifiedNanos time of the last change, since 1970
record FileVersion(String path, long size, long modifiedNanos) {
    static FileVersion of(InputFile file) {
        return new FileVersion(file.path(), file.size(), file.modifiedNanos());
    }

    /// What people are told when two versions differ.
    String text() {
        return "%d bytes, changed at %s".formatted(size, changed());
    }

    Instant changed() {
        long second = TimeUnit.SECONDS.toNanos(1);
        return Instant.ofEpochSecond(
                Math.floorDiv(modifiedNanos, second), Math.floorMod(modifiedNanos, second));
    }
}
