package dev.quiver.scheduler.server;

import java.util.Optional;

/// What is known of pipelines in this process, for dashboards. Found by [java.util.ServiceLoader];
/// a process without one knows of none. Cheap enough to be asked each second, from any thread.
public interface PipelineBook {
    /// The one on the class path; empty when there is none.
    static Optional<PipelineBook> ofProcess() {
        return FoundPipelineBook.FOUND;
    }

    /// All pipelines, with their last runs, as JSON: `{"version":1,"pipelines":[…]}`.
    String json();

    /// A pipeline, with its last run and those before, as JSON.
    ///
    /// @return empty when none of that name is known
    Optional<String> json(String pipeline);
}
