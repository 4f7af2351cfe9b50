package dev.quiver.scheduler.state;

import dev.quiver.protocol.ClientNotice;
import dev.quiver.protocol.SchedulerMessage;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What all parts of the scheduler's state look at: stages, jobs, workers, the time, and the way
/// out for commands.
final class Board {
    final SchedulerSettings settings;
    final StageTable stages = new StageTable();
    final TreeMap<Long, JobState> jobs = new TreeMap<>();

    /// In the order in which they joined.
    final List<WorkerRecord> workers = new ArrayList<>();

    private final TreeMap<Integer, WorkerRecord> workersById = new TreeMap<>();

    /// Stages that may have become forgettable.
    final ArrayDeque<StageState> forgettable = new ArrayDeque<>();

    long now;
    private Consumer<SchedulerCommand> commands = command -> {};

    private final Pending frees = new Pending();
    private final Pending cancels = new Pending();

    Board(SchedulerSettings settings) {
        this.settings = settings;
    }

    void commandsGoTo(Consumer<SchedulerCommand> consumer) {
        commands = consumer;
    }

    @Nullable WorkerRecord worker(int id) {
        return workersById.get(id);
    }

    void addWorker(WorkerRecord worker) {
        workers.add(worker);
        workersById.put(worker.id, worker);
    }

    void removeWorker(WorkerRecord worker) {
        workers.remove(worker);
        workersById.remove(worker.id);
    }

    long outputCount() {
        long[] count = {0};
        stages.forEach(stage -> count[0] += stage.tasks.count(Phase.IN_MEMORY));
        return count[0];
    }

    void tell(int worker, SchedulerMessage message) {
        commands.accept(new SchedulerCommand.Tell(worker, message));
    }

    void notify(ClientNotice notice) {
        commands.accept(new SchedulerCommand.Notify(notice));
    }

    void dismiss(int worker) {
        commands.accept(new SchedulerCommand.Dismiss(worker));
    }

    /// The output of this attempt isn't needed on `worker`; told with others in one message.
    void free(int worker, StageState stage, int p, int attempt) {
        if (!frees.extend(worker, stage, p, attempt)) {
            flushFrees();
            frees.begin(worker, stage, p, attempt);
        }
    }

    /// The attempt that runs or waits on `worker` isn't needed; told with others in one message.
    void cancel(int worker, StageState stage, int p, int attempt) {
        if (!cancels.extend(worker, stage, p, attempt)) {
            flushCancels();
            cancels.begin(worker, stage, p, attempt);
        }
    }

    /// Tells what was held back to be told in one message.
    void flush() {
        flushCancels();
        flushFrees();
    }

    private void flushFrees() {
        if (frees.to > frees.from && workersById.containsKey(frees.worker)) {
            tell(
                    frees.worker,
                    new SchedulerMessage.OutputsFreed(
                            frees.stage, frees.from, frees.to, frees.attempt));
        }
        frees.to = frees.from;
    }

    private void flushCancels() {
        if (cancels.to > cancels.from && workersById.containsKey(cancels.worker)) {
            tell(
                    cancels.worker,
                    new SchedulerMessage.TasksCancelled(
                            cancels.stage, cancels.from, cancels.to, cancels.attempt));
        }
        cancels.to = cancels.from;
    }

    /// A run of tasks that grows as long as the next one fits.
    private static final class Pending {
        int worker;
        int stage;
        int from;
        int to;
        int attempt;

        boolean extend(int worker, StageState stage, int p, int attempt) {
            if (to == from
                    || this.worker != worker
                    || this.stage != stage.id()
                    || this.attempt != attempt
                    || to != p) {
                return false;
            }
            to++;
            return true;
        }

        void begin(int worker, StageState stage, int p, int attempt) {
            this.worker = worker;
            this.stage = stage.id();
            this.from = p;
            this.to = p + 1;
            this.attempt = attempt;
        }
    }
}
