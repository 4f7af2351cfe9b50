package dev.quiver.pipeline.serve;

/// What becomes of a firing that comes while the pipeline still runs.
public enum Overlap {
    /// It is left out.
    SKIP,
    /// It waits until the run has ended; of several only one does.
    QUEUE
}
