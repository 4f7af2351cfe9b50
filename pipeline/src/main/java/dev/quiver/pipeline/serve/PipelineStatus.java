package dev.quiver.pipeline.serve;

import dev.quiver.pipeline.RunEnd;
import java.time.Instant;
import java.util.Optional;

/// How a pipeline stands that is served.
///
/// @param when it runs, for people
/// @param run the id of the run that goes on; empty when none does
/// @param step that it is in
/// @param unitsDone of the run
/// @param units of the run; 0 as long as it isn't known
/// @param last how the last run ended that this server began
/// @param next when it runs next, where the clock tells
/// @param waiting how many runs wait
/// @param skipped how many firings were left out, because they were missed or came while it ran
public record PipelineStatus(
        String pipeline,
        String when,
        Optional<String> run,
        Optional<Instant> began,
        String step,
        int unitsDone,
        int units,
        Optional<RunEnd> last,
        Optional<Instant> next,
        int waiting,
        long skipped) {}
