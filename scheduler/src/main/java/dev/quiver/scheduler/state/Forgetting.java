package dev.quiver.scheduler.state;

import dev.quiver.protocol.ClientNotice;
import dev.quiver.protocol.SchedulerMessage;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;

/// Gives back the memory of stages that can't be needed any more.
///
/// A stage is quiet when its client has closed it, none of its tasks is pending or in memory, and
/// no attempt is at a worker. It is forgotten when it is quiet and so are all stages that read it,
/// directly or not: until then a lost output of theirs could ask for it again. Stages that list
/// each other's tasks go together.
final class Forgetting {
    private final Board board;
    private final Placement placement;

    Forgetting(Board board, Placement placement) {
        this.board = board;
        this.placement = placement;
    }

    /// Looks at the stages that may have become quiet.
    void forget() {
        for (StageState stage = board.forgettable.poll();
                stage != null;
                stage = board.forgettable.poll()) {
            if (!stage.forgotten && isQuiet(stage)) {
                readersOf(stage).forEach(this::forget);
            }
        }
    }

    private static boolean isQuiet(StageState stage) {
        return stage.closed
                && stage.outstanding == 0
                && stage.tasks.pendingCount() + stage.tasks.count(Phase.IN_MEMORY) == 0;
    }

    /// The stage and all that read it, directly or not; empty when one of them isn't quiet.
    private static List<StageState> readersOf(StageState stage) {
        var found = new LinkedHashSet<StageState>();
        var open = new ArrayList<StageState>();
        open.add(stage);
        while (!open.isEmpty()) {
            StageState next = open.removeLast();
            if (!found.add(next)) {
                continue;
            }
            if (!isQuiet(next)) {
                return List.of();
            }
            for (StageState.Link link : next.readers) {
                open.add(link.reader());
            }
            open.addAll(next.listingStages);
        }
        return List.copyOf(found);
    }

    private void forget(StageState stage) {
        stage.forgotten = true;
        stage.tasks.clear(); // queues may still hold the stage
        board.stages.remove(stage);
        stage.job.stages.remove(stage);
        placement.limited().remove(stage);
        for (StageState.Link link : stage.inputs) {
            link.input().readers.remove(link);
            board.forgettable.add(link.input());
        }
        for (StageState input : stage.listedStages) {
            input.listingStages.remove(stage);
            board.forgettable.add(input);
        }
        for (int w = stage.openedOn.nextSetBit(0); w >= 0; w = stage.openedOn.nextSetBit(w + 1)) {
            board.tell(w, new SchedulerMessage.StageClosed(stage.id()));
        }
        if (stage.job.stages.isEmpty()) {
            board.released.remove(stage.job.id);
        }
        board.notify(stage.job.client, new ClientNotice.StageForgotten(stage.id()));
    }
}
