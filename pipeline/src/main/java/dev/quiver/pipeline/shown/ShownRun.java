package dev.quiver.pipeline.shown;

import dev.quiver.pipeline.RunEnd;
import dev.quiver.pipeline.RunProgress;
import dev.quiver.pipeline.RunStart;
import java.time.Instant;
import java.util.Optional;

/// A run of this process, as far as it was told of.
///
/// @param progress empty at its very beginning
/// @param kept when a unit was entered in the ledger last; empty before the first
/// @param end empty while it runs
record ShownRun(
        RunStart start,
        Optional<RunProgress> progress,
        Optional<Instant> kept,
        Optional<RunEnd> end) {
    static ShownRun begun(RunStart start) {
        return new ShownRun(start, Optional.empty(), Optional.empty(), Optional.empty());
    }

    ShownRun progressed(RunProgress now, Instant at) {
        int before = progress.map(RunProgress::unitsDone).orElse(now.unitsDone());
        Optional<Instant> last = now.unitsDone() > before ? Optional.of(at) : kept;
        return new ShownRun(start, Optional.of(now), last, end);
    }

    ShownRun ended(RunEnd how) {
        return new ShownRun(start, progress, kept, Optional.of(how));
    }

    boolean runs() {
        return end.isEmpty();
    }
}
