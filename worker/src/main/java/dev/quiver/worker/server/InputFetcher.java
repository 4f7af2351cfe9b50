package dev.quiver.worker.server;

import dev.quiver.worker.state.WorkerCommand;
import java.util.List;

/// Brings outputs of other workers here. Nothing of it waits for another worker.
public interface InputFetcher {
    /// Hears of the end of each fetch, exactly once, from any thread, also during
    /// [InputFetcher#fetch].
    interface Arrivals {
        /// The copy is held here until [InputFetcher#drop].
        void arrived(WorkerCommand.Fetch fetch);

        /// The holder doesn't have it or can't be reached, or there is no room for it here.
        void unavailable(WorkerCommand.Fetch fetch);
    }

    /// Begins to fetch what is wanted at this moment. What is on its way already isn't asked for
    /// again.
    void fetch(List<WorkerCommand.Fetch> wanted, Arrivals arrivals);

    /// Lets a copy go, or stops fetching it.
    void drop(int stage, int partition, int attempt, int slice);

    /// For a worker without others.
    InputFetcher NONE =
            new InputFetcher() {
                @Override
                public void fetch(List<WorkerCommand.Fetch> wanted, Arrivals arrivals) {
                    throw new IllegalStateException("no other worker to ask: " + wanted);
                }

                @Override
                public void drop(int stage, int partition, int attempt, int slice) {}
            };
}
