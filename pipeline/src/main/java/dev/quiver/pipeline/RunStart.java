package dev.quiver.pipeline;

import java.nio.file.Path;
import java.time.Instant;
import java.util.SortedMap;
import java.util.TreeMap;

/// A run that began, or goes on.
///
/// @param run its id: the pipeline's name and the run's number, such as `flights-1`
/// @param ledger the directory of the pipeline's ledger, which the history is beside
/// @param trigger what started it, for people: `by hand` unless told otherwise
/// @param resumes whether an earlier process began it
public record RunStart(
        String run,
        String pipeline,
        Path ledger,
        String trigger,
        SortedMap<String, String> parameters,
        Instant began,
        boolean resumes) {
    public RunStart {
        parameters = new TreeMap<>(parameters);
    }
}
