package dev.quiver.scheduler.server;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What is known of pipelines in this process, for dashboards. Found by [java.util.ServiceLoader];
/// a process without one knows of none. Cheap enough to be asked each second, from any thread.
public interface PipelineBook {
    /// The one on the class path; empty when there is none.
    static Optional<PipelineBook> ofProcess() {
        return FoundPipelineBook.FOUND;
    }

    /// A pipeline's last run.
    ///
    /// @param began when the process did that works on it or did so last
    /// @param json an object of JSON: in a line of a list its fields are texts, numbers and truth
    ///   values alone
    record Told(String pipeline, Instant began, String json) {}

    /// All pipelines, in no order, each as a line of a list.
    List<Told> all();

    /// A pipeline, with its last run and those before.
    ///
    /// @return empty when none of that name is known
    Optional<Told> one(String pipeline);
}
