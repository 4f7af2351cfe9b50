package dev.quiver.scheduler.state;

import dev.quiver.graph.Stage;
import dev.quiver.graph.TaskGraph;
import dev.quiver.protocol.ClientMessage;
import dev.quiver.protocol.CoordinationFact;
import dev.quiver.protocol.LogRecord;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// Which part of the log the next scheduler needs: a view of one moment, for a log that is written
/// anew without what was released. It concerns the records that were written before that moment and
/// may be used in any thread.
public final class Retained {
    private final Set<Integer> stages = new TreeSet<>();
    private final Set<Long> jobs;
    private final Set<Long> released;
    private final Map<Long, Long> heard;
    private final Set<PublishedJob> published;
    private final Set<Long> disowned = new TreeSet<>();
    private final Set<Long> weighed;
    private final Set<Long> speculating;
    private final List<CoordinationFact> shared;

    Retained(Board board) {
        board.stages.forEach(stage -> stages.add(stage.id()));
        this.jobs = new TreeSet<>(board.jobs.keySet());
        this.released = new TreeSet<>(board.released.keySet());
        this.heard = new TreeMap<>(board.heard);
        this.shared = board.coordination.facts();
        this.weighed = board.shares.weighed();
        this.speculating = board.shares.speculating();
        this.published = new LinkedHashSet<>(board.catalog.all());
        for (JobState job : board.jobs.values()) {
            if (job.disowned) {
                disowned.add(job.id);
            }
        }
    }

    /// Records that stand for all that is left out: one a client. They come last.
    public List<LogRecord> heard() {
        var records = new ArrayList<LogRecord>();
        heard.forEach((client, sequence) -> records.add(new LogRecord.Heard(client, sequence)));
        return records;
    }

    /// Records that stand for all that clients asked of what they share. They come last, too.
    public List<LogRecord> shared() {
        var records = new ArrayList<LogRecord>();
        for (CoordinationFact fact : shared) {
            records.add(new LogRecord.Shared(fact));
        }
        return records;
    }

    /// Whether the stage is there.
    public boolean has(int stage) {
        return stages.contains(stage);
    }

    /// What is still needed of a record; empty = nothing. The order of the records stays.
    public Optional<LogRecord> needed(LogRecord entry) {
        return switch (entry) {
            case LogRecord.Said(long client, long sequence, var message) ->
                    needed(client, message).map(m -> new LogRecord.Said(client, sequence, m));
            case LogRecord.Heard _, LogRecord.Left _, LogRecord.Shared _ -> Optional.empty();
            case LogRecord.TasksFailed m -> ofStage(m.stage(), entry);
            case LogRecord.Restarted m -> ofStage(m.stage(), entry);
            case LogRecord.StageFinished m -> ofStage(m.stage(), entry);
            case LogRecord.JobFailed m -> isThere(m.job()) ? Optional.of(entry) : Optional.empty();
        };
    }

    private <T> Optional<T> ofStage(int stage, T entry) {
        return has(stage) ? Optional.of(entry) : Optional.empty();
    }

    private boolean isThere(long job) {
        return jobs.contains(job) || released.contains(job);
    }

    private Optional<ClientMessage> needed(long client, ClientMessage message) {
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
                    released.contains(m.job()) || disowned.contains(m.job())
                            ? Optional.of(m)
                            : Optional.empty();
            case ClientMessage.JobPublished(long job, var name, var content) ->
                    published.contains(new PublishedJob(name, job, content))
                            ? Optional.of(message)
                            : Optional.empty();
            case ClientMessage.ShareWanted _ ->
                    weighed.contains(client) ? Optional.of(message) : Optional.empty();
            case ClientMessage.SpeculationWanted _ ->
                    speculating.contains(client) ? Optional.of(message) : Optional.empty();
            case ClientMessage.NameWithdrawn _,
                    ClientMessage.JobDescribed _,
                    ClientMessage.Asked _,
                    ClientMessage.AnswersTaken _,
                    ClientMessage.RequestWithdrawn _,
                    ClientMessage.RequestAbandoned _ ->
                    Optional.empty();
        };
    }

    private TaskGraph left(TaskGraph graph) {
        var left = new ArrayList<Stage>();
        for (Stage stage : graph.stages()) {
            if (has(stage.id())) {
                left.add(stage);
            }
        }
        return new TaskGraph(left);
    }
}
