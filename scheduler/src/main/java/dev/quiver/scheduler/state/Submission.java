package dev.quiver.scheduler.state;

import dev.quiver.graph.Dependency;
import dev.quiver.graph.Edges;
import dev.quiver.graph.Stage;
import dev.quiver.graph.TaskGraph;
import dev.quiver.graph.TaskKey;
import dev.quiver.protocol.ClientMessage;
import dev.quiver.protocol.ClientNotice;
import dev.quiver.protocol.Failure;
import dev.quiver.protocol.LogRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What follows from what clients say.
final class Submission {
    private final Board board;
    private final Lineage lineage;
    private final Placement placement;

    Submission(Board board, Lineage lineage, Placement placement) {
        this.board = board;
        this.lineage = lineage;
        this.placement = placement;
    }

    /// Takes in a message unless that was done before or one is missing before it.
    void said(long client, long sequence, ClientMessage message) {
        long heard = board.heard.getOrDefault(client, 0L);
        if (!isNext(heard, sequence)) {
            board.notify(client, new ClientNotice.Accepted(heard));
            return;
        }
        if (sequence > 0) {
            board.heard.put(client, sequence);
        }
        Optional<String> wrong = refusal(message);
        if (wrong.isPresent()) {
            board.record(new LogRecord.Heard(client, sequence), false);
            board.notify(client, new ClientNotice.Refused(message, wrong.get()));
        } else {
            board.record(new LogRecord.Said(client, sequence, message), takesAway(message));
            apply(client, message);
        }
        if (sequence > 0) {
            board.flushFailed();
            board.notify(client, new ClientNotice.Accepted(sequence));
        }
    }

    private static boolean isNext(long heard, long sequence) {
        return sequence == 0 || sequence == heard + 1;
    }

    /// True when outputs may go because of the message.
    private static boolean takesAway(ClientMessage message) {
        return switch (message) {
            case ClientMessage.GraphSubmitted _,
                    ClientMessage.JobDescribed _,
                    ClientMessage.StagesAppended _,
                    ClientMessage.TasksAppended _,
                    ClientMessage.StageSealed _,
                    ClientMessage.JobPublished _,
                    ClientMessage.ShareWanted _,
                    ClientMessage.SpeculationWanted _,
                    ClientMessage.Asked _,
                    ClientMessage.AnswersTaken _,
                    ClientMessage.RequestWithdrawn _,
                    ClientMessage.RequestAbandoned _ ->
                    false;
            case ClientMessage.StageSatisfied _,
                    ClientMessage.TasksCancelled _,
                    ClientMessage.JobCancelled _,
                    ClientMessage.TasksReleased _,
                    ClientMessage.JobReleased _,
                    ClientMessage.NameWithdrawn _ ->
                    true;
        };
    }

    /// Why the message makes no sense.
    private Optional<String> refusal(ClientMessage message) {
        return switch (message) {
            case ClientMessage.GraphSubmitted m ->
                    board.jobs.containsKey(m.job())
                            ? Optional.of("there is a job %d already".formatted(m.job()))
                            : check(m.graph());
            case ClientMessage.StagesAppended m -> {
                JobState job = board.jobs.get(m.job());
                yield job == null || job.released || job.failed()
                        ? Optional.of("job %d isn't there or has ended".formatted(m.job()))
                        : check(m.graph());
            }
            case ClientMessage.TasksAppended m -> refusal(m);
            case ClientMessage.JobPublished m ->
                    board.catalog.refusal(m.name(), board.jobs.get(m.job()));
            case ClientMessage.StageSealed _,
                    ClientMessage.JobDescribed _,
                    ClientMessage.StageSatisfied _,
                    ClientMessage.TasksCancelled _,
                    ClientMessage.JobCancelled _,
                    ClientMessage.TasksReleased _,
                    ClientMessage.JobReleased _,
                    ClientMessage.NameWithdrawn _,
                    ClientMessage.ShareWanted _,
                    ClientMessage.SpeculationWanted _,
                    ClientMessage.Asked _,
                    ClientMessage.AnswersTaken _,
                    ClientMessage.RequestWithdrawn _,
                    ClientMessage.RequestAbandoned _ ->
                    Optional.empty();
        };
    }

    private Optional<String> refusal(ClientMessage.TasksAppended m) {
        StageState stage = board.stages.get(m.stage());
        if (stage == null || stage.closed || !stage.stage.growing()) {
            return Optional.of("stage %d isn't there or doesn't grow".formatted(m.stage()));
        }
        return stage.tasks.size() + (long) m.count() > Stage.PARTITIONS_MAX
                ? Optional.of("%s is full: start another growing stage".formatted(stage))
                : Optional.empty();
    }

    /// A message that a scheduler before this one accepted. Which tasks failed because of it was
    /// written down apart.
    void replay(long client, ClientMessage message) {
        boolean failures =
                message instanceof ClientMessage.TasksCancelled
                        || message instanceof ClientMessage.JobCancelled;
        if (!failures && refusal(message).isEmpty()) {
            apply(client, message);
        }
    }

    private void apply(long client, ClientMessage message) {
        switch (message) {
            case ClientMessage.GraphSubmitted m -> {
                var job = new JobState(m.job(), board.shares.of(client), m.failFast());
                board.jobs.put(job.id, job);
                add(job, m.graph());
            }
            case ClientMessage.JobDescribed _ -> {} // those who look have seen it
            case ClientMessage.StagesAppended m -> {
                JobState job = board.jobs.get(m.job());
                if (job != null) {
                    add(job, m.graph());
                }
            }
            case ClientMessage.TasksAppended m -> {
                StageState stage = board.stages.get(m.stage());
                if (stage != null) {
                    appendTasks(stage, m);
                }
            }
            case ClientMessage.StageSealed(int stage) -> seal(stage);
            case ClientMessage.StageSatisfied(int stage, int from) -> satisfied(stage, from);
            case ClientMessage.TasksCancelled(int stage, int from, int to) ->
                    cancel(stage, from, to);
            case ClientMessage.JobCancelled(long job) -> cancelJob(job);
            case ClientMessage.TasksReleased(int stage, int from, int to) ->
                    release(stage, from, to);
            case ClientMessage.JobReleased(long job) -> releaseJob(job);
            case ClientMessage.JobPublished(long id, var name, var content) -> {
                JobState job = board.jobs.get(id);
                if (job != null) {
                    board.catalog.publish(name, job, content);
                }
            }
            case ClientMessage.NameWithdrawn(var name) -> withdraw(name);
            case ClientMessage.ShareWanted(int weight) -> board.shares.of(client).weigh(weight);
            case ClientMessage.SpeculationWanted() -> board.shares.speculate(client);
            case ClientMessage.Asked(long request, var what) ->
                    board.coordination.asked(client, request, what);
            case ClientMessage.AnswersTaken(var requests) ->
                    board.coordination.taken(client, requests);
            case ClientMessage.RequestWithdrawn(long request) ->
                    board.coordination.withdrawn(client, request);
            case ClientMessage.RequestAbandoned(long request) ->
                    board.coordination.abandoned(client, request);
        }
    }

    private void withdraw(String name) {
        JobState job = board.catalog.withdraw(name);
        if (job != null && job.disowned) {
            releaseJob(job.id);
        }
    }

    private Optional<String> check(TaskGraph graph) {
        Map<Integer, Stage> own = new TreeMap<>();
        for (Stage stage : graph.stages()) {
            if (board.stages.get(stage.id()) != null) {
                return Optional.of("there is a stage %d already".formatted(stage.id()));
            }
            for (Dependency input : stage.inputs()) {
                Optional<String> wrong = check(stage, input, own);
                if (wrong.isPresent()) {
                    return wrong;
                }
            }
            own.put(stage.id(), stage);
        }
        return Optional.empty();
    }

    private Optional<String> check(Stage stage, Dependency input, Map<Integer, Stage> own) {
        return switch (input) {
            case Dependency.OfStage dependency -> {
                Stage other = own.get(dependency.stage());
                StageState there = board.stages.get(dependency.stage());
                Stage target = other != null || there == null ? other : there.stage;
                if (target == null) {
                    yield Optional.of(
                            "stage '%s' reads stage %d, which isn't there"
                                    .formatted(stage.name(), dependency.stage()));
                }
                if (target.growing()) {
                    yield Optional.of(
                            "stage '%s' reads all of the growing stage '%s'; list its tasks"
                                    .formatted(stage.name(), target.name()));
                }
                yield checkPartitions(stage, dependency, target);
            }
            case Dependency.Listed(Edges edges) -> checkEdges(stage, edges, own);
        };
    }

    private static Optional<String> checkPartitions(
            Stage stage, Dependency.OfStage dependency, Stage target) {
        try {
            TaskGraph.checkPartitions(stage, dependency, target.partitions());
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    private Optional<String> checkEdges(Stage stage, Edges edges, Map<Integer, Stage> own) {
        for (int row = 0; row < edges.rowCount(); row++) {
            for (int i = 0; i < edges.inputCount(row); i++) {
                TaskKey input = TaskKey.unpack(edges.input(row, i));
                if (row >= stage.partitions() || !exists(stage, row, input, own)) {
                    return Optional.of(
                            "task %d of stage '%s' reads %s, which isn't there before it"
                                    .formatted(row, stage.name(), input));
                }
            }
        }
        return Optional.empty();
    }

    private boolean exists(Stage stage, int row, TaskKey input, Map<Integer, Stage> own) {
        if (input.stage() == stage.id()) {
            return input.partition() < row;
        }
        Stage other = own.get(input.stage());
        StageState there = board.stages.get(input.stage());
        int partitions =
                other != null ? other.partitions() : there == null ? 0 : there.tasks.size();
        return input.partition() < partitions;
    }

    private void add(JobState job, TaskGraph graph) {
        var added = new ArrayList<StageState>();
        for (Stage stage : graph.stages()) {
            var state = new StageState(stage, job, board.now);
            link(state);
            board.stages.put(state);
            job.stages.add(state);
            added.add(state);
            appendTasks(state, stage.partitions());
            for (Dependency input : stage.inputs()) {
                if (input instanceof Dependency.Listed(Edges edges)) {
                    list(state, 0, stage.partitions(), edges);
                }
            }
            if (state.limited()) {
                placement.addLimited(state);
            }
        }
        for (StageState stage : added) {
            if (stage.stage.wanted()) {
                request(stage, 0, stage.tasks.size());
            }
        }
    }

    private static void appendTasks(StageState stage, int count) {
        if (count > 0) {
            stage.tasks.append(count, stage.stage.wanted() ? TaskPage.WANTED : 0);
        }
    }

    private void link(StageState state) {
        List<Dependency> inputs = state.stage.inputs();
        for (int i = 0; i < inputs.size(); i++) {
            if (!(inputs.get(i) instanceof Dependency.OfStage dependency)) {
                continue;
            }
            StageState input = board.stages.get(dependency.stage());
            if (input == null) {
                throw new IllegalStateException("stage " + dependency.stage() + " isn't there");
            }
            var link = new StageState.Link(state, input, i, dependency);
            state.inputs.add(link);
            input.readers.add(link);
            state.readsImpure |= input.varies();
            if (link.readsAll()) {
                int available =
                        input.tasks.count(Phase.IN_MEMORY) + input.tasks.count(Phase.DROPPED);
                state.missingAll += input.tasks.size() - available;
            }
        }
    }

    /// Notes what tasks from `first` on list as their inputs.
    private void list(StageState stage, int first, int count, Edges edges) {
        EdgeTable table = stage.edges;
        if (table == null || edges.inputCount() == 0) {
            return;
        }
        table.append(first, count, edges);
        for (int row = 0; row < edges.rowCount(); row++) {
            for (int i = 0; i < edges.inputCount(row); i++) {
                long target = edges.input(row, i);
                StageState input = board.stages.get(TaskKey.stageOf(target));
                if (input == null) {
                    throw new IllegalStateException(TaskKey.unpack(target) + " isn't there");
                }
                input.listedReaders()
                        .add(TaskKey.partitionOf(target), TaskKey.pack(stage.id(), first + row));
                stage.readsImpure |= input.varies();
                if (input != stage && !stage.listedStages.contains(input)) {
                    stage.listedStages.add(input);
                    input.listingStages.add(stage);
                }
            }
        }
    }

    /// Asks for tasks of which the client wants the outputs, in order.
    private void request(StageState stage, int from, int to) {
        stage.story.submitted(from, board.now);
        lineage.request(stage, from, to);
    }

    private void appendTasks(StageState stage, ClientMessage.TasksAppended m) {
        int first = stage.tasks.size();
        appendTasks(stage, m.count());
        String wrong = firstWrong(stage, first, m.edges());
        if (wrong == null) {
            list(stage, first, m.count(), m.edges());
            if (stage.stage.wanted()) {
                request(stage, first, first + m.count());
            }
            TaskFailure ended = stage.job.failure;
            if (ended != null) {
                cancel(stage, first, first + m.count(), ended.failure(), ended.origin());
            }
            return;
        }
        var failure = new Failure(Failure.Kind.INPUT_FAILED, wrong);
        for (int p = first; p < first + m.count(); p++) {
            stage.tasks.phase(p, Phase.WAITING);
            lineage.fail(stage, p, failure, new TaskKey(stage.id(), p));
        }
    }

    private @Nullable String firstWrong(StageState stage, int first, Edges edges) {
        for (int row = 0; row < edges.rowCount(); row++) {
            for (int i = 0; i < edges.inputCount(row); i++) {
                TaskKey input = TaskKey.unpack(edges.input(row, i));
                StageState there = board.stages.get(input.stage());
                int partitions = there == null ? 0 : there.tasks.size();
                int limit = there == stage ? first + row : partitions;
                if (input.partition() >= limit) {
                    return "it reads %s, which was released or never there".formatted(input);
                }
            }
        }
        return null;
    }

    private void seal(int id) {
        StageState stage = board.stages.get(id);
        if (stage != null && stage.stage.growing() && !stage.closed) {
            close(stage);
        }
    }

    private void close(StageState stage) {
        stage.closed = true;
        board.forgettable.add(stage);
    }

    private void satisfied(int id, int from) {
        StageState stage = board.stages.get(id);
        if (stage != null) {
            satisfied(stage, from);
        }
    }

    /// What hasn't finished from partition `from` on isn't needed.
    void satisfied(StageState stage, int from) {
        for (int p = Math.max(0, from); p < stage.tasks.size(); p++) {
            lineage.drop(stage, p);
        }
        board.reportIfDone(stage);
    }

    private void cancel(int id, int from, int to) {
        StageState stage = board.stages.get(id);
        if (stage != null) {
            cancel(stage, from, to, new Failure(Failure.Kind.CANCELLED, "cancelled"), null);
        }
    }

    /// Lets pending tasks fail; `origin` = the task where that began, or null for each task itself.
    private void cancel(
            StageState stage, int from, int to, Failure failure, @Nullable TaskKey origin) {
        for (int p = Math.max(0, from); p < Math.min(to, stage.tasks.size()); p++) {
            lineage.settle(); // an earlier one may have taken this one with it
            if (stage.tasks.phase(p).pending()) {
                lineage.fail(
                        stage, p, failure, origin == null ? new TaskKey(stage.id(), p) : origin);
            }
        }
    }

    private void cancelJob(long id) {
        JobState job = board.jobs.get(id);
        if (job == null || job.failed() || job.stages.isEmpty()) {
            return;
        }
        var failure = new Failure(Failure.Kind.CANCELLED, "the job was cancelled");
        lineage.failJob(job, failure, new TaskKey(job.stages.getFirst().id(), 0));
    }

    private void release(int id, int from, int to) {
        StageState stage = board.stages.get(id);
        if (stage == null) {
            return;
        }
        for (int p = Math.min(to, stage.tasks.size()) - 1; p >= Math.max(0, from); p--) {
            if (stage.tasks.flag(p, TaskPage.WANTED)) {
                stage.tasks.clearFlag(p, TaskPage.WANTED);
                lineage.review(stage, p);
            }
        }
    }

    /// The client will never say anything again.
    void lost(long client) {
        board.heard.remove(client);
        board.shares.forget(client);
        for (JobState job : List.copyOf(board.jobs.values())) {
            if (job.client == client) {
                said(client, 0, new ClientMessage.JobReleased(job.id));
            }
        }
        if (board.coordination.knows(client)) {
            board.record(new LogRecord.Left(client), false);
            board.coordination.lost(client);
        }
    }

    private void releaseJob(long id) {
        JobState job = board.jobs.get(id);
        if (job == null) {
            return;
        }
        if (job.publication != null) {
            job.disowned = true;
            return;
        }
        board.jobs.remove(id);
        job.released = true;
        if (!job.stages.isEmpty()) {
            board.released.put(id, job);
        }
        for (StageState stage : job.stages.reversed()) {
            release(stage.id(), 0, stage.tasks.size());
            close(stage);
        }
    }
}
