package dev.quiver.worker.exec;

import dev.quiver.worker.store.TaskOutput;
import java.util.ArrayList;
import java.util.List;

/// The outputs that a task reads.
@FunctionalInterface
public interface TaskInputs {
    /// A task that reads no other.
    TaskInputs NONE =
            input -> {
                throw new IllegalStateException("input %d of a task without".formatted(input));
            };

    /// The outputs of the stage's input `input` that this task reads, in the order of their
    /// partitions; partitions that were dropped are left out. Where the task reads slices, it has
    /// them once for each slice, all of one slice before those of the next. They stay whoever's
    /// they are, at least until the task has ended.
    List<TaskOutput> outputs(int input);

    /// All outputs that this task reads, input by input.
    ///
    /// @param inputs how many inputs the stage has; a task of a stage whose tasks list what they
    ///   read may have more or fewer
    default List<TaskOutput> all(int inputs) {
        var all = new ArrayList<TaskOutput>();
        for (int i = 0; i < inputs; i++) all.addAll(outputs(i));
        return all;
    }
}
