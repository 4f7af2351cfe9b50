package dev.quiver.client;

import dev.quiver.dataframe.Written;
import dev.quiver.operator.Target;
import dev.quiver.worker.store.FileNote;
import java.util.List;

/// What a write makes: filled by tasks where nobody sees it, then published as a whole.
sealed interface Output permits Publication, TableOutput {
    /// What the tasks are told.
    Target target();

    /// Makes room for what the tasks write.
    void prepare();

    /// Makes what a manifest speaks of appear.
    Written publish(List<FileNote> manifest);

    /// Removes what the tasks made and the output doesn't need any more.
    void abandon();
}
