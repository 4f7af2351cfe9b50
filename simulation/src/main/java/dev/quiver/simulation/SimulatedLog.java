package dev.quiver.simulation;

import dev.quiver.graph.Stage;
import dev.quiver.graph.TaskGraph;
import dev.quiver.protocol.ClientMessage;
import dev.quiver.protocol.LogRecord;
import dev.quiver.scheduler.state.Retained;
import dev.quiver.scheduler.state.SchedulerState;
import java.util.ArrayList;
import java.util.List;

/// What schedulers write down, and what is left when one of them dies. Only the scheduler that
/// opened it last can write.
final class SimulatedLog {
    private List<LogRecord> records = new ArrayList<>();
    private int epoch;

    /// Opens the log for a scheduler and answers what is in it.
    List<LogRecord> open(int number) {
        epoch = number;
        return List.copyOf(records);
    }

    /// Answers false when another scheduler has opened the log.
    boolean append(int writer, LogRecord entry) {
        if (writer != epoch) {
            return false;
        }
        records.add(entry);
        return true;
    }

    /// Leaves out what the scheduler, all of whose records are here, doesn't need.
    void compact(int writer, SchedulerState state) {
        if (writer != epoch) {
            return;
        }
        Retained retained = state.retained();
        var left = new ArrayList<LogRecord>();
        for (LogRecord entry : records) {
            retained.needed(entry).ifPresent(left::add);
        }
        left.addAll(retained.heard());
        left.addAll(retained.shared());
        records = left;
    }

    /// True when the submission of the task is written down.
    boolean knows(int stage, int partition) {
        int count = 0;
        for (LogRecord entry : records) {
            if (!(entry instanceof LogRecord.Said(_, _, var message))) {
                continue;
            }
            if (message instanceof ClientMessage.GraphSubmitted m) {
                count += partitions(m.graph(), stage);
            } else if (message instanceof ClientMessage.StagesAppended m) {
                count += partitions(m.graph(), stage);
            } else if (message instanceof ClientMessage.TasksAppended m && m.stage() == stage) {
                count += m.count();
            }
        }
        return partition < count;
    }

    private static int partitions(TaskGraph graph, int stage) {
        return graph.stages().stream()
                .filter(s -> s.id() == stage)
                .mapToInt(Stage::partitions)
                .sum();
    }
}
