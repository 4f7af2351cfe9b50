package dev.quiver.simulation;

import dev.quiver.protocol.SchedulerMessage;
import dev.quiver.protocol.WorkerMessage;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/// A worker that keeps to the scheduler's rules at next to no cost: it runs what it is assigned in
/// order, as many tasks at a time as it has slots, each for a time that is made up, and has every
/// input at once.
final class ImitatedWorker {
    /// Consecutive tasks that wait.
    private static final class Waiting {
        final int stage;
        final int attempt;
        int from;
        int to;

        Waiting(int stage, int from, int to, int attempt) {
            this.stage = stage;
            this.from = from;
            this.to = to;
            this.attempt = attempt;
        }
    }

    /// A task that runs.
    static final class Running {
        int stage;
        int partition;
        int attempt;
        boolean cancelled;
    }

    final int id;
    final Running[] slots;
    private final ArrayDeque<Integer> free = new ArrayDeque<>();
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();

    /// What it has to say.
    private List<WorkerMessage> reports = new ArrayList<>(4);

    boolean lost;

    /// It was told to leave.
    boolean retiring;

    /// It may go.
    boolean retired;

    /// It is in the line of those that have something to say.
    boolean inLine;

    ImitatedWorker(int id, int slotCount) {
        this.id = id;
        this.slots = new Running[slotCount];
        for (int i = 0; i < slotCount; i++) {
            slots[i] = new Running();
            free.add(i);
        }
    }

    void say(WorkerMessage message) {
        reports.add(message);
    }

    boolean isSilent() {
        return reports.isEmpty();
    }

    List<WorkerMessage> takeReports() {
        List<WorkerMessage> said = reports;
        reports = new ArrayList<>(4);
        return said;
    }

    void hear(SchedulerMessage message) {
        switch (message) {
            case SchedulerMessage.TasksAssigned m ->
                    addWaiting(m.stage(), m.from(), m.to(), m.attempt());
            case SchedulerMessage.TasksStolen m -> {
                giveBack(m.stage(), m.from(), m.to(), m.attempt());
                say(new WorkerMessage.StealAnswered());
            }
            case SchedulerMessage.TasksCancelled m -> {
                giveBack(m.stage(), m.from(), m.to(), m.attempt());
                for (Running slot : slots) {
                    slot.cancelled |=
                            slot.stage == m.stage()
                                    && slot.attempt == m.attempt()
                                    && slot.partition >= m.from()
                                    && slot.partition < m.to();
                }
            }
            case SchedulerMessage.OutputsCopied m -> {
                for (int i = 0; i < m.rows().size(); i++) {
                    say(new WorkerMessage.Copied(m.stage(), m.from() + i, m.attempt()));
                }
            }
            case SchedulerMessage.Retired _ -> retired = true;
            case SchedulerMessage.StageOpened _,
                    SchedulerMessage.StageClosed _,
                    SchedulerMessage.InputsLocated _,
                    SchedulerMessage.OutputsFreed _ -> {}
        }
    }

    /// How many tasks it runs.
    int busy() {
        return slots.length - free.size();
    }

    private void giveBack(int stage, int from, int to, int attempt) {
        for (int rounds = waiting.size(); rounds > 0; rounds--) {
            Waiting run = waiting.remove();
            int low = Math.max(from, run.from);
            int high = Math.min(to, run.to);
            if (run.stage != stage || run.attempt != attempt || low >= high) {
                waiting.add(run);
                continue;
            }
            say(new WorkerMessage.Returned(stage, low, high, attempt));
            addWaiting(stage, run.from, low, attempt);
            addWaiting(stage, high, run.to, attempt);
        }
    }

    private void addWaiting(int stage, int from, int to, int attempt) {
        if (from < to) {
            waiting.add(new Waiting(stage, from, to, attempt));
        }
    }

    /// Starts the next task in a free slot; answers the slot, or -1 when nothing can start.
    int start() {
        Waiting run = waiting.peek();
        if (run == null || free.isEmpty()) {
            return -1;
        }
        int slot = free.remove();
        Running task = slots[slot];
        task.stage = run.stage;
        task.partition = run.from++;
        task.attempt = run.attempt;
        task.cancelled = false;
        if (run.from == run.to) {
            waiting.remove();
        }
        return slot;
    }

    /// The task in the slot has ended.
    Running end(int slot) {
        free.add(slot);
        return slots[slot];
    }
}
