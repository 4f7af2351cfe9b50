package dev.quiver.scheduler.state;

import dev.quiver.graph.TaskKey;
import dev.quiver.protocol.WorkerMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// All that the scheduler knows and decides, as a function of the events that it was given.
///
/// Cost: some hundred nanoseconds and at most 64 bytes a task, whatever their number. Not
/// thread-safe.
public final class SchedulerState {
    /// So many tasks are looked at to answer one question about who has what.
    static final int LOOKED_AT_MAX = 20_000;

    private final Board board;
    private final Placement placement;
    private final Lineage lineage;
    private final Reports reports;
    private final Submission submission;
    private final Forgetting forgetting;
    private final Narration narration;
    private final Inventory inventory;
    private final Invariants invariants;
    private final Recovery recovery;
    private final Retelling retelling;
    private final Retirement retirement;
    private final Speculation speculation;
    private final Rebalancing rebalancing;
    private final Replication replication;

    /// Something may have changed since the invariants were checked.
    private boolean changed = true;

    /// A scheduler that replaces nobody.
    public SchedulerState(SchedulerSettings settings) {
        this(settings, 0);
    }

    /// @param epoch greater than that of every scheduler before, whose log comes as
    ///   [SchedulerEvent.Logged]; at most [dev.quiver.protocol.AttemptNumber#EPOCH_MAX]
    public SchedulerState(SchedulerSettings settings, int epoch) {
        this.board = new Board(settings, epoch);
        var wiring = new Wiring(board.stages);
        this.placement = new Placement(board, wiring);
        this.lineage = new Lineage(board, wiring, placement);
        this.retirement = new Retirement(board, lineage, placement);
        this.speculation = new Speculation(board, placement);
        this.rebalancing = new Rebalancing(board, lineage);
        this.replication = new Replication(board);
        this.reports =
                new Reports(
                        board,
                        lineage,
                        placement,
                        new Announcements(board, lineage, speculation, replication),
                        retirement,
                        speculation,
                        rebalancing,
                        replication);
        this.submission = new Submission(board, lineage, placement);
        this.recovery = new Recovery(board, lineage, submission);
        this.retelling = new Retelling(board);
        this.forgetting = new Forgetting(board, placement);
        this.narration = new Narration(board, wiring, speculation);
        this.inventory = new Inventory(board, wiring);
        this.invariants = new Invariants(board, wiring, placement);
    }

    /// Takes in `event` and hands every command that follows to `commands`, in order.
    public void on(SchedulerEvent event, Consumer<SchedulerCommand> commands) {
        board.commandsGoTo(commands);
        changed |= !(event instanceof SchedulerEvent.WorkerHeard);
        switch (event) {
            case SchedulerEvent.ClientSaid(long client, long sequence, var message) ->
                    submission.said(client, sequence, message);
            case SchedulerEvent.ClientAttached(long client, var stages) ->
                    retelling.attached(client, stages);
            case SchedulerEvent.ClientLost(long client) -> submission.lost(client);
            case SchedulerEvent.Logged(var entry) -> recovery.replay(entry);
            case SchedulerEvent.TookOver(var workers) -> recovery.tookOver(workers);
            case SchedulerEvent.WorkerSaid(int id, var messages) -> said(id, messages);
            case SchedulerEvent.WorkerJoined(int id, int slots, long memoryBytes) ->
                    reports.joined(id, slots, memoryBytes);
            case SchedulerEvent.WorkerLost(int id) -> lost(id);
            case SchedulerEvent.WorkerHeard(int id) -> reports.heard(id);
            case SchedulerEvent.RebalanceAsked() -> rebalancing.begin();
            case SchedulerEvent.Ticked(long nanos) -> ticked(nanos);
        }
        follow();
    }

    private void said(int id, List<WorkerMessage> messages) {
        WorkerRecord worker = board.worker(id);
        if (worker == null) {
            return; // said before it was lost
        }
        board.workers.heard(worker, board.now);
        for (int i = 0; i < messages.size(); i++) {
            reports.said(worker, messages.get(i));
            lineage.settle();
        }
        if (board.recovering && !worker.announcing) {
            recovery.isDone(id);
        }
    }

    private void lost(int id) {
        WorkerRecord worker = board.worker(id);
        if (worker != null) {
            reports.lost(worker);
        }
        recovery.isDone(id);
    }

    private void ticked(long nanos) {
        if (nanos < board.now) {
            throw new IllegalArgumentException(
                    "time went back from %d to %d".formatted(board.now, nanos));
        }
        board.now = nanos;
        reports.ticked();
    }

    /// What follows from any event: worklists are done, limits looked at, ready tasks given out.
    private void follow() {
        lineage.settle();
        recovery.look();
        retirement.look();
        rebalancing.look();
        replication.look();
        for (int i = 0; i < placement.limited().size(); i++) {
            advance(placement.limited().get(i));
        }
        speculation.settle();
        board.flush();
        if (!board.forgettable.isEmpty()) {
            forgetting.forget();
        }
        if (!board.recovering) {
            placement.dispatch();
            speculation.look();
        }
    }

    /// Looks how many partitions at the front of a limited stage have finished.
    private void advance(StageState stage) {
        TaskTable tasks = stage.tasks;
        while (stage.prefix < tasks.size()) {
            while (stage.prefix < tasks.size() && !tasks.phase(stage.prefix).pending()) {
                stage.prefixRows += tasks.rows(stage.prefix++);
                if (stage.prefixRows >= stage.stage.rowsMax()) {
                    submission.satisfied(stage, stage.prefix);
                    lineage.settle();
                }
            }
            if (stage.prefix < stage.windowEnd || stage.windowEnd == tasks.size()) {
                break;
            }
            placement.openWindow(stage);
        }
    }

    /// When the next [SchedulerEvent.Ticked] is due at the latest; `Long.MAX_VALUE` when nothing
    /// waits for time.
    public long wakeNanos() {
        long wake = Math.min(reports.wakeNanos(), recovery.wakeNanos());
        wake = Math.min(wake, replication.wakeNanos());
        return Math.min(wake, speculation.wakeNanos());
    }

    /// True while workers are waited for after a fail-over.
    public boolean isRecovering() {
        return board.recovering;
    }

    /// What of the log that was written until now is still needed. Cost: some ten nanoseconds a
    /// stage and job.
    public Retained retained() {
        return new Retained(board);
    }

    /// How far `stage` is; empty when it isn't there or was forgotten.
    public Optional<StageStatus> status(int stage) {
        return narration.status(stage);
    }

    /// How far all stages are that are there, in the order of their ids. Cost: some ten nanoseconds
    /// a stage.
    public List<StageStatus> stages() {
        var statuses = new ArrayList<StageStatus>();
        board.stages.forEach(stage -> narration.status(stage.id()).ifPresent(statuses::add));
        return statuses;
    }

    /// Where the output of a task is; empty when it isn't in memory.
    public Optional<OutputStatus> output(TaskKey task) {
        return narration.output(task);
    }

    /// What has happened to a task, a line each, with times in milliseconds since its submission.
    public List<String> story(TaskKey task) {
        return narration.story(task);
    }

    /// What a task is waiting for, in a sentence.
    public String why(TaskKey task) {
        return narration.why(task);
    }

    /// What each worker has to do, in the order in which they joined. Cost: some nanoseconds each.
    public List<WorkerStatus> workers() {
        return inventory.workers();
    }

    /// Tasks that a worker was given and that haven't ended, in the order in which it takes them;
    /// at most `max`. Cost: at most some hundred microseconds.
    public List<AssignedTask> assigned(int worker, int max) {
        return inventory.assigned(worker, max);
    }

    /// What workers hold from a task on, by stage and worker. A part answers at most some hundred
    /// microseconds long; a stage whose tasks are in two parts is in both.
    public HeldOutputs.Part held(TaskKey from) {
        return inventory.held(from);
    }

    /// What a task reads, and where that is; at most `max` of what it reads one by one. Empty when
    /// the task or what it read isn't known any more.
    public List<TaskInput> inputs(TaskKey task, int max) {
        return inventory.inputs(task, max);
    }

    /// What was published, by name.
    public List<PublishedJob> catalog() {
        return board.catalog.all();
    }

    /// How far workers are that are to leave.
    public List<RetirementStatus> retirements() {
        return retirement.statuses();
    }

    /// What is still to move from fuller workers to emptier ones.
    public RebalancingStatus rebalancing() {
        return rebalancing.status();
    }

    /// What there is to do. Cost: some nanoseconds a stage.
    public Workload workload() {
        return Workload.of(board);
    }

    /// How many tasks were given to a second worker while the first ran them.
    public int secondAttempts() {
        return speculation.begun();
    }

    /// Whether workers are needed: a task is pending or an output is held.
    public boolean needsWorkers() {
        boolean[] found = {false};
        board.stages.forEach(stage -> {
            TaskTable tasks = stage.tasks;
            found[0] |= tasks.pendingCount() + tasks.count(Phase.IN_MEMORY) > 0;
        });
        return found[0];
    }

    /// How many stages are known; zero when every job was released and nothing runs.
    public int stageCount() {
        return board.stages.count();
    }

    /// How many outputs workers hold, replicas left out.
    public long outputCount() {
        return board.outputCount();
    }

    /// How many of these a second worker holds, too.
    public int replicaCount() {
        return board.replicas.count();
    }

    /// How many replicas have taken the place of outputs that were lost.
    public int replicasUsed() {
        return board.replicas.useCount();
    }

    /// Checks everything that must always hold; for tests and simulation. Cost: some ten
    /// nanoseconds a task and input.
    ///
    /// @throws IllegalStateException when something doesn't
    public void checkInvariants() {
        if (changed) {
            invariants.check();
            board.coordination.checkInvariants();
            speculation.checkInvariants();
            board.replicas.checkInvariants(board);
            changed = false;
        }
    }
}
