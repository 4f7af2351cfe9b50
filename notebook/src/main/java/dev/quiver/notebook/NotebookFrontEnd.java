package dev.quiver.notebook;

import dev.quiver.client.FrontEnd;
import dev.quiver.client.Progress;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Runs and tasks as the notebook of this process shows them; as long as there is none, it shows
/// nothing.
public final class NotebookFrontEnd implements FrontEnd {
    private static volatile @Nullable Cells cells;

    /// From now on this process is a notebook's.
    public static void open(Cells opened) {
        cells = opened;
    }

    /// The notebook has ended.
    public static void close() {
        cells = null;
    }

    static Optional<LiveDisplay> show(Map<String, String> bundle) {
        Cells here = cells;
        return here == null ? Optional.empty() : here.show(bundle);
    }

    @Override
    public boolean isOpen() {
        return cells != null;
    }

    @Override
    public Optional<Progress> progress(LongSupplier memoryBytes, Supplier<String> dashboard) {
        Cells here = cells;
        return here != null && here.isRunning()
                ? Optional.of(new RunDisplay(System::nanoTime, memoryBytes, dashboard))
                : Optional.empty();
    }
}
