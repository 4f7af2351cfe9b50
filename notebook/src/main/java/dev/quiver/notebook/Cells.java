package dev.quiver.notebook;

import java.util.Map;
import java.util.Optional;

/// The notebook that this process runs cells of. What a kernel gives to [NotebookFrontEnd].
public interface Cells {
    /// Whether a cell runs.
    boolean isRunning();

    /// Shows something under the cell that runs; empty when none does.
    Optional<LiveDisplay> show(Map<String, String> bundle);
}
