package dev.quiver.client;

import dev.quiver.scheduler.state.StageStatus;
import java.util.List;
import java.util.function.Supplier;

/// Shows how far a run is. Not for users.
public interface Progress extends AutoCloseable {
    /// Nobody looks.
    Progress NONE =
            new Progress() {
                @Override
                public long pauseNanos() {
                    return 1_000_000_000L;
                }

                @Override
                public void show(Supplier<Snapshot> run) {}

                @Override
                public void close() {}
            };

    /// The stages of a run as they stand, in the order of its graph.
    record Snapshot(List<StageStatus> stages) {
        public Snapshot {
            stages = List.copyOf(stages);
        }
    }

    /// How long until something is to be shown.
    long pauseNanos();

    /// Shows a run, or doesn't yet.
    void show(Supplier<Snapshot> run);

    /// The run has ended.
    @Override
    void close();
}
