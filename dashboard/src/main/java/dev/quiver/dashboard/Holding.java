package dev.quiver.dashboard;

import dev.quiver.scheduler.server.Watched;
import dev.quiver.scheduler.state.HeldOutputs;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;

/// What is held for somebody: the outputs of a stage on all workers, or a frame that is kept beside
/// them.
///
/// @param what the stage or the frame
/// @param stage −1 for a frame
/// @param job of the stage, when it was described
/// @param owner the client whose it is; empty for that of a session
/// @param published under which name all clients find it; empty when they don't
/// @param outputs how many, or how many partitions
/// @param workers who hold it; none for a frame
/// @param bytes as they are in memory
/// @param spilledBytes those of them that are in files; −1 when workers don't tell
record Holding(
        String what,
        int stage,
        Optional<JobLine> job,
        String owner,
        String published,
        long outputs,
        List<Integer> workers,
        long bytes,
        long spilledBytes) {
    /// All that is held, the largest first.
    static List<Holding> all(
            List<HeldOutputs> outputs,
            Watched.Registry registry,
            IntFunction<Optional<JobLine>> jobs) {
        var all = new ArrayList<Holding>();
        for (Watched.KeptFrame frame : registry.frames()) all.add(of(frame));
        Map<Integer, List<HeldOutputs>> stages = new LinkedHashMap<>();
        for (HeldOutputs held : outputs)
            stages.computeIfAbsent(held.stage(), _ -> new ArrayList<>()).add(held);
        for (List<HeldOutputs> stage : stages.values()) all.add(of(stage, registry, jobs));
        all.sort(Comparator.comparingLong(Holding::bytes).reversed());
        return all;
    }

    private static Holding of(Watched.KeptFrame frame) {
        return new Holding(
                frame.name(),
                -1,
                Optional.empty(),
                "",
                "",
                frame.partitions(),
                List.of(),
                frame.bytes(),
                frame.spilledBytes());
    }

    /// @param parts of one stage
    private static Holding of(
            List<HeldOutputs> parts,
            Watched.Registry registry,
            IntFunction<Optional<JobLine>> jobs) {
        HeldOutputs first = parts.getFirst();
        return new Holding(
                first.name(),
                first.stage(),
                jobs.apply(first.stage()),
                registry.client(first.client()),
                first.published(),
                parts.stream().mapToLong(HeldOutputs::outputs).sum(),
                parts.stream().map(HeldOutputs::worker).distinct().toList(),
                parts.stream().mapToLong(HeldOutputs::bytes).sum(),
                -1);
    }

    /// How its memory comes back, in a sentence.
    String release() {
        if (!published.isEmpty())
            return "catalog().unpublish(\"%s\") takes its name away.".formatted(published);
        if (stage < 0) return "release() of the frame, or its last variable.";
        if (job.isEmpty()) return "Goes with the last variable of its future.";
        return job.get().hasEnded()
                ? "Kept after its query: release() of the frame, or its last variable."
                : "Goes when its query has ended.";
    }
}
