package dev.quiver.worker.state;

import java.util.List;

/// What must hold between any two events.
record Invariants(
        WorkerSettings settings,
        TaskQueue queue,
        List<Attempt> fetching,
        List<Attempt> executing,
        InputCopies copies) {
    void check(long memorySetAside, int yielded) {
        int waiting = (int) executing.stream().filter(a -> a.yielded).count();
        require(waiting == yielded, "attempts without a slot");
        int taken = executing.size() - yielded;
        require(taken <= settings.slots(), "more tasks run than there are slots");
        long setAside = 0;
        for (Attempt attempt : executing) {
            setAside += attempt.memoryBytes();
        }
        require(setAside == memorySetAside, "memory set aside");
        for (Attempt attempt : fetching) {
            int missing = 0;
            for (InputCopies.Copy copy : attempt.copies) {
                require(copies.find(copy.key) == copy, "a copy in use is gone");
                missing += copy.arrived ? 0 : 1;
            }
            require(missing == attempt.missing, "missing inputs");
        }
        require(
                taken > 0 || fetching.stream().noneMatch(a -> a.missing == 0),
                "a task could run and doesn't");
        require(taken > 0 || !fetching.isEmpty() || queue.isEmpty(), "tasks wait and nothing runs");
    }

    private void require(boolean holds, String what) {
        if (!holds) {
            throw new IllegalStateException("worker %d: %s".formatted(settings.worker(), what));
        }
    }
}
