package dev.quiver.client;

import dev.quiver.graph.Priority;

/// A growing stage of tasks that share limits, purity and audience. As long as it is reachable from
/// a future or is being filled, the scheduler remembers its tasks' stories.
final class TaskStage {
    /// Who reads what the tasks return.
    enum Audience {
        /// The client, and perhaps tasks.
        CLIENT,
        /// Tasks alone: the client hears nothing of them.
        TASKS
    }

    private final int id;
    private final TaskBook book;
    private final TaskPages pages;
    private final TaskOptions options;
    private final Audience audience;
    private final int place;
    private final ResultMemory.Charge smallResults;

    /// How many tasks it has; changed under the book's lock.
    int size;

    /// Whether the scheduler knows it; touched only where the book speaks.
    boolean announced;

    TaskStage(
            int id,
            TaskBook book,
            TaskPages pages,
            TaskOptions options,
            Audience audience,
            int place,
            ResultMemory.Charge smallResults) {
        this.id = id;
        this.book = book;
        this.pages = pages;
        this.options = options;
        this.audience = audience;
        this.place = place;
        this.smallResults = smallResults;
    }

    /// Before the queries of the session with the same priority, and behind the stages before.
    long priority() {
        return Priority.of(TaskOptions.rank(options.priority()), 0, place);
    }

    int id() {
        return id;
    }

    TaskBook book() {
        return book;
    }

    TaskPages pages() {
        return pages;
    }

    TaskOptions options() {
        return options;
    }

    Audience audience() {
        return audience;
    }

    /// What its small results count for.
    ResultMemory.Charge smallResults() {
        return smallResults;
    }

    boolean isFull() {
        return size == TaskPages.SIZE;
    }
}
