package dev.quiver.scheduler.state;

import dev.quiver.graph.Stage;
import dev.quiver.graph.TaskGraph;
import dev.quiver.protocol.ClientMessage;
import dev.quiver.protocol.LogRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Which part of the log the next scheduler needs.
final class Retention {
    private final Board board;

    Retention(Board board) {
        this.board = board;
    }

    /// What replaces the numbers of messages that were left out: one record a client.
    List<LogRecord> heard() {
        var records = new ArrayList<LogRecord>();
        board.heard.forEach(
                (client, sequence) -> records.add(new LogRecord.Heard(client, sequence)));
        return records;
    }

    /// What is still needed of a record that was written before now; empty = nothing.
    Optional<LogRecord> needed(LogRecord entry) {
        return switch (entry) {
            case LogRecord.Said(long client, long sequence, var message) ->
                    needed(message).map(m -> new LogRecord.Said(client, sequence, m));
            case LogRecord.Heard _ -> Optional.empty();
            case LogRecord.TasksFailed m -> ofStage(m.stage(), entry);
            case LogRecord.Restarted m -> ofStage(m.stage(), entry);
            case LogRecord.StageFinished m -> ofStage(m.stage(), entry);
            case LogRecord.JobFailed m -> isThere(m.job()) ? Optional.of(entry) : Optional.empty();
        };
    }

    private <T> Optional<T> ofStage(int stage, T entry) {
        return board.stages.get(stage) == null ? Optional.empty() : Optional.of(entry);
    }

    private boolean isThere(long job) {
        return board.jobs.containsKey(job) || board.released.containsKey(job);
    }

    private Optional<ClientMessage> needed(ClientMessage message) {
        return switch (message) {
            case ClientMessage.GraphSubmitted m ->
                    isThere(m.job())
                            ? Optional.of(
                                    new ClientMessage.GraphSubmitted(
                                            m.job(), left(m.graph()), m.failFast()))
                            : Optional.empty();
            case ClientMessage.StagesAppended m -> {
                TaskGraph left = left(m.graph());
                yield left.stages().isEmpty()
                        ? Optional.empty()
                        : Optional.of(new ClientMessage.StagesAppended(m.job(), left));
            }
            case ClientMessage.TasksAppended m -> ofStage(m.stage(), message);
            case ClientMessage.StageSealed m -> ofStage(m.stage(), message);
            case ClientMessage.StageSatisfied m -> ofStage(m.stage(), message);
            case ClientMessage.TasksReleased m -> ofStage(m.stage(), message);
            case ClientMessage.TasksCancelled _, ClientMessage.JobCancelled _ -> Optional.empty();
            case ClientMessage.JobReleased m ->
                    board.released.containsKey(m.job()) ? Optional.of(m) : Optional.empty();
        };
    }

    private TaskGraph left(TaskGraph graph) {
        var stages = new ArrayList<Stage>();
        for (Stage stage : graph.stages()) {
            if (board.stages.get(stage.id()) != null) {
                stages.add(stage);
            }
        }
        return new TaskGraph(stages);
    }
}
