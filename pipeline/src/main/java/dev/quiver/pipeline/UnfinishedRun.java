package dev.quiver.pipeline;

import java.nio.file.Path;

/// A run that began and neither ended nor was given up.
///
/// @param run its id, such as `flights-1`
/// @param ledger the directory of the pipeline's ledger
/// @param units the parts that its loads were cut in
/// @param unitsDone those that are written and stay
/// @param isPublishing whether rows of it may be visible already
public record UnfinishedRun(
        String run, String pipeline, Path ledger, int units, int unitsDone, boolean isPublishing) {
    static UnfinishedRun of(String pipeline, Path ledger, Ledger.Run run) {
        return new UnfinishedRun(
                PipelineExecution.runId(pipeline, run.number()),
                pipeline,
                ledger,
                run.key().units().size(),
                run.doneCount(),
                run.phase() != Ledger.Phase.LOADING);
    }
}
