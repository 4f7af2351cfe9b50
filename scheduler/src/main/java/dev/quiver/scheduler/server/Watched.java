package dev.quiver.scheduler.server;

import dev.quiver.protocol.ResourceUsage;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// A scheduler as others look at it.
///
/// @param name for people
/// @param workers how much each of its workers does now; cheap, from any thread
/// @param figures what each part of a stage's pipeline did so far; cheap, from any thread
/// @param registry who comes and goes, and what is kept; cheap, from any thread
public record Watched(
        String name,
        SchedulerShell scheduler,
        Supplier<List<WorkerUsage>> workers,
        StageFigures figures,
        Registry registry) {
    /// Knows nobody, and nothing that is kept.
    public static class Nobody implements Registry {
        @Override
        public String client(long client) {
            return "";
        }

        @Override
        public Optional<Departure> departure(int worker) {
            return Optional.empty();
        }

        @Override
        public List<KeptFrame> frames() {
            return List.of();
        }

        @Override
        public List<CatalogEntry> published() {
            return List.of();
        }

        @Override
        public WorkerLogs logs() {
            return new WorkerLogs();
        }
    }

    /// Knows those who come and go by name, and what is kept beside the outputs of tasks.
    public interface Registry {
        /// A client's name for people; empty when it isn't known, or not any more.
        String client(long client);

        /// How a worker went; empty when it didn't, when that isn't known, or not any more.
        Optional<Departure> departure(int worker);

        /// Frames that are kept in this process, beside the outputs of tasks.
        List<KeptFrame> frames();

        /// What was published, by name.
        List<CatalogEntry> published();

        /// The first rows of a published frame. Reads them, where they are in other processes waits
        /// for these for some seconds at most, so it isn't as cheap as the others.
        default FirstRows head(String name) {
            return new FirstRows.Missing("Its rows can’t be had here: show() prints them.");
        }

        /// What workers logged last.
        WorkerLogs logs();

        /// The pipelines that clients in other processes run, as they told.
        default List<ClientPipelines.Told> pipelines() {
            return List.of();
        }

        /// What tasks are found doing on workers of other processes; empty where they run in this
        /// one.
        default Optional<WorkerProfiles> profiles() {
            return Optional.empty();
        }
    }

    /// A frame that was persisted, or made of rows of this process.
    ///
    /// @param bytes as it was in memory
    /// @param spilledBytes those of them that are in files
    public record KeptFrame(
            String name, int partitions, long rows, long bytes, long spilledBytes) {}

    /// How a worker went.
    ///
    /// @param name the worker's, for people
    /// @param why in a few words
    public record Departure(String name, String why) {}

    /// Looks up what stages did.
    public interface StageFigures {
        /// Nothing is known.
        StageFigures NONE = _ -> List.of();

        /// Rows, bytes and nanoseconds of the source, of each operator and of the sink, one behind
        /// the other; empty when it isn't known, or not any more.
        List<Long> of(int stage);
    }

    /// What a worker does now.
    ///
    /// @param place host and port where others fetch what it holds; empty in one process
    /// @param slots how many tasks it runs at a time
    /// @param running how many it runs now
    /// @param usedBytes of counted memory
    /// @param limitBytes of counted memory
    /// @param spilledBytes in files
    /// @param resources of its machine
    public record WorkerUsage(
            int worker,
            String name,
            String place,
            int slots,
            int running,
            long usedBytes,
            long limitBytes,
            long spilledBytes,
            ResourceUsage resources) {}
}
