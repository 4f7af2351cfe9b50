package dev.quiver.worker.state;

import dev.quiver.graph.Dependency;
import dev.quiver.graph.Region;
import dev.quiver.graph.Stage;
import dev.quiver.protocol.InputRun;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a worker knows of a stage.
final class StageView {
    final Stage stage;

    /// What every task reads; outputs that aren't listed are empty.
    List<InputRun> located = List.of();

    /// Tasks that wait, fetch or run here.
    int taskCount;

    /// Is to be forgotten when no task of it is left.
    boolean closing;

    /// Copies of what every task reads whole, kept while there are tasks.
    final List<InputCopies.Copy> kept = new ArrayList<>(0);

    /// Copies of this stage's own outputs, kept until they are freed where it is one to broadcast.
    final List<InputCopies.Copy> broadcast = new ArrayList<>(0);

    private final boolean readsOnlyAll;

    StageView(Stage stage) {
        this.stage = stage;
        this.readsOnlyAll =
                !stage.growing() && stage.inputs().stream().allMatch(StageView::readsAllAlike);
    }

    private static boolean readsAllAlike(Dependency dependency) {
        return dependency instanceof Dependency.Broadcast
                || dependency instanceof Dependency.Shuffle;
    }

    /// What `p` reads, by dependency, within one by partition.
    List<InputRun> inputsOf(Queued queued, int p) {
        if (readsOnlyAll) {
            return located;
        }
        if (queued.inputs.isEmpty() && located.isEmpty()) {
            return List.of();
        }
        var inputs = new ArrayList<InputRun>();
        for (int i = 0; i < stage.inputs().size(); i++) {
            switch (stage.inputs().get(i)) {
                case Dependency.Broadcast _, Dependency.Shuffle _ ->
                        addLocated(inputs, i, 0, Integer.MAX_VALUE);
                case Dependency.Regions(_, var regions) ->
                        addLocated(
                                inputs,
                                i,
                                regions.get(p).fromPartition(),
                                regions.get(p).toPartition());
                case Dependency.Narrow _ -> queued.addRange(inputs, i, p, p + 1L);
                case Dependency.FanIn(_, int width) ->
                        queued.addRange(inputs, i, (long) p * width, (p + 1L) * width);
                case Dependency.FanOut(_, int width, _) ->
                        queued.addRange(inputs, i, p / width, p / width + 1L);
                case Dependency.Listed _ -> queued.addListed(inputs, p);
            }
        }
        if (stage.growing() && stage.inputs().isEmpty()) {
            queued.addListed(inputs, p);
        }
        return inputs;
    }

    private void addLocated(List<InputRun> inputs, int dependency, int from, int to) {
        for (InputRun run : located) {
            if (run.dependency() == dependency) {
                run.within(from, to).ifPresent(inputs::add);
            }
        }
    }

    /// The first slice that `p` reads of what it reads by a dependency, or [WorkerCommand#WHOLE].
    int firstSlice(int dependency, int p) {
        return region(dependency, p).map(Region::fromSlice).orElse(WorkerCommand.WHOLE);
    }

    /// The slice behind the last one that `p` reads.
    int endSlice(int dependency, int p) {
        return region(dependency, p).map(Region::toSlice).orElse(WorkerCommand.WHOLE + 1);
    }

    private Optional<Region> region(int dependency, int p) {
        return dependency < stage.inputs().size()
                ? stage.inputs().get(dependency).region(p)
                : Optional.empty();
    }

    /// Keeps a copy of what every task reads whole, while there are tasks.
    void keepIfBroadcast(int dependency, InputCopies.Copy copy) {
        if (isBroadcast(dependency) && !kept.contains(copy)) {
            kept.add(copy);
            copy.users++;
        }
    }

    private boolean isBroadcast(int dependency) {
        return dependency < stage.inputs().size()
                && stage.inputs().get(dependency) instanceof Dependency.Broadcast;
    }
}
