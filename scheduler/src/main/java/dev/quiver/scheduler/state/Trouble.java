package dev.quiver.scheduler.state;

/// What is counted for each task, with a limit of its own each.
enum Trouble {
    USER_ERROR(0),
    WORKER_LOST(1),
    OUT_OF_MEMORY(2);

    static final int COUNT = 3;

    final int index;

    Trouble(int index) {
        this.index = index;
    }
}
