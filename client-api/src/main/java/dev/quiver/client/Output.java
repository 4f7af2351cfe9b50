package dev.quiver.client;

import dev.quiver.dataframe.Written;
import dev.quiver.operator.Target;
import dev.quiver.worker.store.FileNote;
import java.util.List;

/// What a write makes: filled by tasks where nobody sees it, then published as a whole.
///
/// The order of calls: prepare, send, publish, finish when all that belongs together is published,
/// and abandon at the end in any case.
sealed interface Output permits Publication, TableOutput {
    /// What the tasks are told.
    Target target();

    /// Makes room for what the tasks write.
    void prepare();

    /// Does what takes long of publishing what a manifest speaks of, and nobody sees.
    default void send(List<FileNote> manifest) {}

    /// Makes what a manifest speaks of appear.
    Written publish(List<FileNote> manifest);

    /// Removes what was replaced.
    default void finish() {}

    /// Removes what the tasks made and the output doesn't need any more.
    void abandon();
}
