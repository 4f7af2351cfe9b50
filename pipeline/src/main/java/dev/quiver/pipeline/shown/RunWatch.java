package dev.quiver.pipeline.shown;

import dev.quiver.pipeline.RunEnd;
import dev.quiver.pipeline.RunObserver;
import dev.quiver.pipeline.RunProgress;
import dev.quiver.pipeline.RunStart;
import dev.quiver.pipeline.UnfinishedRun;
import java.time.Instant;

/// Hears of all runs of this process, for its dashboard. Not for users.
public final class RunWatch implements RunObserver {
    /// Made by the service loader.
    public RunWatch() {}

    @Override
    public void began(RunStart run) {
        RunBook.OF_PROCESS.began(run);
    }

    @Override
    public void progressed(RunProgress run) {
        RunBook.OF_PROCESS.progressed(run, Instant.now());
    }

    @Override
    public void ended(RunEnd run) {
        RunBook.OF_PROCESS.ended(run);
    }

    @Override
    public void givenUp(UnfinishedRun run) {
        RunBook.OF_PROCESS.givenUp(run.run());
    }
}
