package dev.quiver.dashboard;

import java.time.Instant;

/// What is known of a run that has ended, beside its report.
///
/// @param id that of its directory
/// @param program where its first query stands, or its main class; empty when neither is known
/// @param micros how long it was watched
/// @param bytes that it takes up
record KeptRun(
        String id,
        String name,
        String program,
        Instant began,
        long micros,
        int queries,
        long tasksEnded,
        long tasksFailed,
        long bytes) {}
