package dev.quiver.planner;

import dev.quiver.graph.Priority;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import java.util.function.IntToLongFunction;

/// Where a plan's stages get their numbers and priorities from.
///
/// @param ids the next unused stage id, each time it is asked
/// @param priorities the priority of the stage that stands at a position in the order of a graph;
///   see [Priority#of]
public record StageNumbers(IntSupplier ids, IntToLongFunction priorities) {
    /// Ids from 0 and priorities of the first submission.
    public static StageNumbers fromZero() {
        return from(0);
    }

    /// Ids from `first` and priorities of the first submission: for looking at plans that don't
    /// run.
    static StageNumbers from(int first) {
        var next = new AtomicInteger(first);
        return new StageNumbers(next::getAndIncrement, order -> Priority.of(0, 0, order));
    }
}
