package dev.quiver.scheduler.state;

/// What a task reads of one stage.
///
/// @param name of the stage
/// @param partition which of its tasks; −1 = all of them
/// @param tasks how many that are
/// @param there how many of them have an output that can be read, or count as empty
/// @param worker who holds it; −1 when nobody does, or when it is all of them
/// @param rows of what is there
/// @param bytes of what is there
public record TaskInput(
        int stage,
        String name,
        int partition,
        int tasks,
        int there,
        int worker,
        long rows,
        long bytes) {}
