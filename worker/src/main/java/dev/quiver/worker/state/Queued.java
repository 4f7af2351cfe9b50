package dev.quiver.worker.state;

import dev.quiver.protocol.InputRun;
import dev.quiver.protocol.SchedulerMessage;
import java.util.List;

/// Tasks of one assignment that haven't started, from `from` up to, not including, `to`.
final class Queued {
    final StageView view;
    final int attempt;
    final List<InputRun> inputs;
    int from;
    int to;

    private final int first;
    private final int[] edgeEnds;

    /// How many of the inputs aren't listed ones.
    private final int plainCount;

    Queued(StageView view, SchedulerMessage.TasksAssigned message) {
        this.view = view;
        this.attempt = message.attempt();
        this.inputs = message.inputs();
        this.from = message.from();
        this.to = message.to();
        this.first = from;
        this.edgeEnds = new int[message.edges().size()];
        int listed = 0;
        for (int count : message.edges()) {
            listed += count;
        }
        this.plainCount = inputs.size() - listed;
        int end = plainCount;
        for (int i = 0; i < edgeEnds.length; i++) {
            end += message.edges().get(i);
            edgeEnds[i] = end;
        }
    }

    /// The tasks from `from` up to, not including, `to` of another.
    Queued(Queued other, int from, int to) {
        this.view = other.view;
        this.attempt = other.attempt;
        this.inputs = other.inputs;
        this.first = other.first;
        this.edgeEnds = other.edgeEnds;
        this.plainCount = other.plainCount;
        this.from = from;
        this.to = to;
    }

    /// Takes up its next task.
    ///
    /// @param readyNanos since when that waited to be, should it need nothing from elsewhere
    Attempt next(long nanos, long readyNanos) {
        int p = from++;
        return new Attempt(view, p, attempt, view.inputsOf(this, p), nanos, readyNanos);
    }

    /// Inputs may be fetched while all slots are busy.
    boolean mayFetch() {
        return !inputs.isEmpty() || !view.located.isEmpty();
    }

    /// Adds where the partitions from `low` up to, not including, `high` of an input are.
    void addRange(List<InputRun> out, int dependency, long low, long high) {
        for (int i = 0; i < plainCount; i++) {
            InputRun run = inputs.get(i);
            if (run.dependency() == dependency) {
                run.within(low, high).ifPresent(out::add);
            }
        }
    }

    /// Adds where the outputs are that `p` lists.
    void addListed(List<InputRun> out, int p) {
        int row = p - first;
        if (row >= edgeEnds.length) {
            return;
        }
        for (int i = row == 0 ? plainCount : edgeEnds[row - 1]; i < edgeEnds[row]; i++) {
            out.add(inputs.get(i));
        }
    }
}
