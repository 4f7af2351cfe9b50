package dev.quiver.scheduler.server;

import dev.quiver.protocol.TaskSamples;
import java.util.List;
import java.util.Optional;

/// What tasks of some workers were found doing.
///
/// @param book has what was found, of others, too
/// @param workers whose samples are looked at; none when they aren't there
/// @param of how many workers there are
/// @param sinceMillis when the first of them was asked, since 1970
/// @param readingMicros of processors' time that went into reading samples, of all of them
/// @param means what samples stand for; empty while no worker has said so
public record TaskProfile(
        ProfileBook book,
        List<Integer> workers,
        int of,
        long sinceMillis,
        long readingMicros,
        Optional<TaskSamples.Means> means) {
    public TaskProfile {
        workers = List.copyOf(workers);
    }
}
