package dev.quiver.scheduler.state;

import dev.quiver.graph.Dependency;
import dev.quiver.graph.TaskKey;

/// Who reads whom, task by task. Inputs that every task of a stage reads are not visited here but
/// counted at the stage.
final class Wiring {
    /// What is done for each task visited.
    interface Visitor {
        void visit(StageState stage, int partition);
    }

    private final StageTable stages;

    Wiring(StageTable stages) {
        this.stages = stages;
    }

    /// Visits the tasks that read `p` of `stage` by name.
    void forEachDependent(StageState stage, int p, Visitor visitor) {
        for (int i = 0; i < stage.readers.size(); i++) {
            StageState.Link link = stage.readers.get(i);
            switch (link.dependency()) {
                case Dependency.Narrow _ -> visitor.visit(link.reader(), p);
                case Dependency.FanIn(_, int width) -> visitor.visit(link.reader(), p / width);
                case Dependency.FanOut(_, int width, _) -> {
                    for (int q = p * width; q < (p + 1) * width; q++)
                        visitor.visit(link.reader(), q);
                }
                case Dependency.Broadcast _, Dependency.Shuffle _, Dependency.Regions _ -> {}
            }
        }
        ReaderLists lists = stage.listedReaders;
        if (lists == null) {
            return;
        }
        for (int e = lists.first(p); e != ReaderLists.END; e = lists.next(e)) {
            StageState reader = stages.get(lists.stage(e));
            if (reader != null) {
                visitor.visit(reader, lists.partition(e));
            }
        }
    }

    /// Visits the tasks that `p` of `stage` reads by name.
    void forEachInput(StageState stage, int p, Visitor visitor) {
        for (int i = 0; i < stage.inputs.size(); i++) {
            StageState.Link link = stage.inputs.get(i);
            if (link.readsAll()) {
                continue;
            }
            StageState input = link.input();
            int last = StageState.lastInput(link.dependency(), p, input.tasks.size());
            for (int q = StageState.firstInput(link.dependency(), p); q <= last; q++) {
                visitor.visit(input, q);
            }
        }
        EdgeTable edges = stage.edges;
        if (edges == null) {
            return;
        }
        int end = edges.end(p);
        for (int e = edges.begin(p); e < end; e++) {
            long target = edges.target(e);
            StageState input = stages.get(TaskKey.stageOf(target));
            if (input == null) {
                throw new IllegalStateException(
                        "%s task %d reads %s, which was forgotten"
                                .formatted(stage, p, TaskKey.unpack(target)));
            }
            visitor.visit(input, TaskKey.partitionOf(target));
        }
    }

    /// True when a task from `from` up to, not including, `to` reads others by name.
    static boolean readsByName(StageState stage, int from, int to) {
        EdgeTable edges = stage.edges;
        if (edges != null && edges.any(from, to)) {
            return true;
        }
        for (int i = 0; i < stage.inputs.size(); i++) {
            if (!stage.inputs.get(i).readsAll()) {
                return true;
            }
        }
        return false;
    }
}
