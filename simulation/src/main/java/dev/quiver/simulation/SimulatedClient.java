package dev.quiver.simulation;

import dev.quiver.graph.Stage;
import dev.quiver.graph.TaskGraph;
import dev.quiver.graph.TaskKey;
import dev.quiver.protocol.ClientMessage;
import dev.quiver.protocol.ClientNotice;
import dev.quiver.scheduler.state.OutputStatus;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;

/// A user who submits jobs, appends to them, cancels and releases, and looks what becomes of it.
final class SimulatedClient {
    private enum Outcome {
        PENDING,
        FINISHED,
        FAILED,
        RELEASED
    }

    private final Simulation world;
    private final SplittableRandom random;
    private final TreeMap<Long, Outcome> wanted = new TreeMap<>();
    private final TreeMap<Long, List<Stage>> jobs = new TreeMap<>();

    /// The job of each stage that grows.
    private final Map<Integer, Long> growingIn = new HashMap<>();

    private final TreeSet<Integer> replanned = new TreeSet<>();
    private final TreeSet<Long> cancelled = new TreeSet<>();
    private final TreeSet<Long> cancelledJobs = new TreeSet<>();
    private final TreeSet<Integer> cancelledStages = new TreeSet<>();
    private final TreeSet<Long> failedJobs = new TreeSet<>();
    private final TreeSet<Integer> refusedStages = new TreeSet<>();
    private final TreeSet<Integer> appended = new TreeSet<>();
    private int actionsLeft;
    private int lateReaders;
    final ClientLine line;

    SimulatedClient(Simulation world) {
        this.world = world;
        this.line = new ClientLine(world);
        this.random = world.random;
    }

    /// Plans everything that the user does.
    void start() {
        if (world.speculates) {
            later(1, () -> say(new ClientMessage.SpeculationWanted()));
        }
        int count = 1 + random.nextInt(3);
        for (long job = 1; job <= count; job++) {
            long id = job;
            later(job == 1 ? 1 : random.nextLong(1500 * Timeline.MILLI), () -> submit(id));
        }
        if (random.nextInt(3) == 0) {
            later(random.nextLong(2500 * Timeline.MILLI), this::cancelSome);
        }
        if (random.nextInt(8) == 0) {
            later(random.nextLong(2500 * Timeline.MILLI), this::cancelJob);
        }
        boolean simple = world.failovers.simple;
        for (int i = simple ? 3 : random.nextInt(4) / 3; i > 0; i--) {
            later(random.nextLong(2500 * Timeline.MILLI), this::releaseSome);
        }
        if (!simple && random.nextInt(4) == 0) {
            later(random.nextLong(2500 * Timeline.MILLI), this::releaseJob);
        }
    }

    private void later(long nanos, Runnable action) {
        actionsLeft++;
        world.timeline.after(
                nanos,
                () -> {
                    actionsLeft--;
                    action.run();
                });
    }

    private void say(ClientMessage message) {
        line.say(message);
    }

    private void submit(long job) {
        TaskGraph graph =
                world.scenario.graph((int) job, world.failovers.simple ? List.of() : kept());
        var stages = new ArrayList<>(graph.stages());
        jobs.put(job, stages);
        stages.forEach(this::want);
        for (Stage stage : stages) {
            if (stage.wanted() && !world.failovers.simple && random.nextInt(3) == 0) {
                replanned.add(stage.id());
            }
        }
        say(new ClientMessage.GraphSubmitted(job, graph, random.nextInt(3) == 0));
        for (int i = world.failovers.simple ? 0 : random.nextInt(3); i > 0; i--) {
            later(random.nextLong(800 * Timeline.MILLI), () -> startGrowing(job));
        }
    }

    /// Stages of other jobs that are still wanted, and that no scheduler can have refused.
    private List<Stage> kept() {
        var kept = new ArrayList<Stage>();
        for (List<Stage> stages : jobs.values()) {
            stages.stream()
                    .filter(s -> s.wanted() && !s.growing() && !appended.contains(s.id()))
                    .forEach(kept::add);
        }
        return kept;
    }

    private void want(Stage stage) {
        for (int p = 0; stage.wanted() && p < stage.partitions(); p++) {
            wanted.put(TaskKey.pack(stage.id(), p), Outcome.PENDING);
        }
    }

    private List<Stage> stages(long job) {
        return jobs.getOrDefault(job, List.of());
    }

    private boolean hasEnded(long job) {
        return failedJobs.contains(job) || cancelledJobs.contains(job);
    }

    private void startGrowing(long job) {
        if (hasEnded(job) || !jobs.containsKey(job)) {
            return;
        }
        Stage stage = world.scenario.growing((int) job);
        stages(job).add(stage);
        growingIn.put(stage.id(), job);
        say(new ClientMessage.StagesAppended(job, TaskGraph.of(stage)));
        for (int i = 1 + random.nextInt(4); i > 0; i--) {
            later(random.nextLong(900 * Timeline.MILLI), () -> grow(job, stage));
        }
    }

    private void grow(long job, Stage stage) {
        if (!world.scenario.hasRoom() || !jobs.containsKey(job)) {
            return;
        }
        lateReaders++;
        int first = world.scenario.size(stage.id());
        int count = 1 + random.nextInt(12);
        var edges = world.scenario.edges(stage, count, stages(job));
        for (int p = first; stage.wanted() && p < first + count; p++) {
            wanted.put(TaskKey.pack(stage.id(), p), Outcome.PENDING);
        }
        say(new ClientMessage.TasksAppended(stage.id(), count, edges));
    }

    private void append(long job, Stage input) {
        if (!world.scenario.hasRoom() || hasEnded(job) || !jobs.containsKey(job)) {
            return;
        }
        lateReaders++;
        Stage reader = world.scenario.reader(input, (int) job);
        stages(job).add(reader);
        appended.add(reader.id());
        want(reader);
        say(new ClientMessage.StagesAppended(job, TaskGraph.of(reader)));
        release(input.id(), 0, input.partitions());
    }

    private void cancelSome() {
        Stage stage = anyStage();
        if (stage == null) {
            return;
        }
        int size = world.scenario.size(stage.id());
        int from = random.nextInt(size + 1);
        int to = Math.min(size, from + 1 + random.nextInt(4));
        for (int p = from; p < to; p++) {
            cancelled.add(TaskKey.pack(stage.id(), p));
        }
        say(new ClientMessage.TasksCancelled(stage.id(), from, to));
    }

    private void cancelJob() {
        if (jobs.isEmpty()) {
            return;
        }
        long job = new ArrayList<>(jobs.keySet()).get(random.nextInt(jobs.size()));
        stages(job).forEach(stage -> cancelledStages.add(stage.id()));
        cancelledJobs.add(job);
        say(new ClientMessage.JobCancelled(job));
    }

    private void releaseSome() {
        Stage stage = anyStage();
        if (stage != null && stage.wanted()) {
            int size = world.scenario.size(stage.id());
            int from = random.nextInt(size + 1);
            release(stage.id(), from, Math.min(size, from + 1 + random.nextInt(6)));
        }
    }

    private void releaseJob() {
        if (jobs.isEmpty()) {
            return;
        }
        long job = new ArrayList<>(jobs.keySet()).get(random.nextInt(jobs.size()));
        for (Stage stage : stages(job)) {
            for (int p = 0; p < world.scenario.size(stage.id()); p++) {
                wanted.replace(TaskKey.pack(stage.id(), p), Outcome.RELEASED);
            }
        }
        jobs.remove(job);
        lateReaders++;
        say(new ClientMessage.JobReleased(job));
    }

    private void release(int stage, int from, int to) {
        for (int p = from; p < to; p++) {
            wanted.replace(TaskKey.pack(stage, p), Outcome.RELEASED);
        }
        say(new ClientMessage.TasksReleased(stage, from, to));
    }

    private @org.jspecify.annotations.Nullable Stage anyStage() {
        if (jobs.isEmpty()) {
            return null;
        }
        List<Stage> stages =
                stages(new ArrayList<>(jobs.keySet()).get(random.nextInt(jobs.size())));
        return stages.get(random.nextInt(stages.size()));
    }

    /// The scheduler tells the client something. It can't be answered at once.
    void noticed(int epoch, ClientNotice notice) {
        if (!line.hears(epoch, notice)) {
            return;
        }
        world.trace.add(world.timeline.now(), "client", -1, notice);
        switch (notice) {
            case ClientNotice.TaskFinished n -> {
                long key = TaskKey.pack(n.stage(), n.partition());
                if (wanted.get(key) == Outcome.FAILED) {
                    throw new IllegalStateException("a task that failed has finished: " + n);
                }
                wanted.replace(key, Outcome.PENDING, Outcome.FINISHED);
            }
            case ClientNotice.TaskFailed n -> {
                checkDeserved(n.origin(), n);
                wanted.replace(TaskKey.pack(n.stage(), n.partition()), Outcome.FAILED);
            }
            case ClientNotice.StageFinished n -> stageFinished(n.stage());
            case ClientNotice.JobFailed n -> {
                checkDeserved(n.origin(), n);
                failedJobs.add(n.job());
            }
            case ClientNotice.StageForgotten _,
                    ClientNotice.Accepted _,
                    ClientNotice.Answered _ -> {}
            case ClientNotice.Refused n -> refused(n);
        }
    }

    /// Only what is added to a job that has ended meanwhile may be refused.
    private void refused(ClientNotice.Refused n) {
        if (n.message() instanceof ClientMessage.StagesAppended(long job, TaskGraph graph)
                && hasEnded(job)) {
            graph.stages().forEach(stage -> refusedStages.add(stage.id()));
        } else if (n.message() instanceof ClientMessage.TasksAppended m
                && (refusedStages.contains(m.stage())
                        || hasEnded(growingIn.getOrDefault(m.stage(), 0L)))) {
            refusedStages.add(m.stage()); // that it was may have been lost with a scheduler
        } else {
            throw new IllegalStateException("refused: " + n);
        }
        wanted.replaceAll((task, outcome) ->
                refusedStages.contains(TaskKey.stageOf(task)) ? Outcome.FAILED : outcome);
    }

    private void stageFinished(int id) {
        if (!replanned.remove(id)) {
            return;
        }
        jobs.forEach((job, stages) -> {
            for (Stage stage : List.copyOf(stages)) {
                if (stage.id() == id) {
                    later(1, () -> append(job, stage));
                }
            }
        });
    }

    /// A failure must go back to something that happened.
    private void checkDeserved(TaskKey origin, Object notice) {
        long key = TaskKey.pack(origin.stage(), origin.partition());
        Accidents accidents = world.accidents;
        int retries = world.scenario.stage(origin.stage()).limits().retries();
        boolean deserved =
                cancelled.contains(key)
                        || cancelledStages.contains(origin.stage())
                        || !refusedStages.isEmpty()
                        || accidents.userErrors.getOrDefault(key, 0) > retries
                        || accidents.outOfMemory.getOrDefault(key, 0) >= 3
                        || accidents.losses.getOrDefault(key, 0) >= 3;
        if (!deserved) {
            throw new IllegalStateException("nothing happened that explains " + notice);
        }
    }

    /// True when the user has done everything and everything wanted is there or has failed.
    boolean isSatisfied() {
        if (actionsLeft > 0 || !line.isQuiet()) {
            return false;
        }
        for (var entry : wanted.entrySet()) {
            boolean open =
                    entry.getValue() == Outcome.PENDING || entry.getValue() == Outcome.FINISHED;
            if (open && !isThere(TaskKey.unpack(entry.getKey()))) {
                return false;
            }
        }
        return true;
    }

    private boolean isThere(TaskKey task) {
        return world.scheduler().state().output(task).isPresent()
                || (world.scenario.stage(task.stage()).rowsMax() > 0
                        && world.scheduler().state().why(task).startsWith("dropped"));
    }

    /// Says for each task that isn't there what it waits for.
    String complaint() {
        var text = new StringBuilder("actions left: %d".formatted(actionsLeft));
        for (var entry : wanted.entrySet()) {
            TaskKey task = TaskKey.unpack(entry.getKey());
            if (entry.getValue() != Outcome.FAILED
                    && entry.getValue() != Outcome.RELEASED
                    && !isThere(task)) {
                text.append(
                        "\n%s %s: %s"
                                .formatted(
                                        task,
                                        entry.getValue(),
                                        world.scheduler().state().why(task)));
            }
        }
        return text.toString();
    }

    /// Compares everything that is there with what it must be.
    void verify() {
        var chunks = new TreeMap<Long, Chunk>();
        var impure = new TreeMap<Long, Integer>();
        for (var entry : wanted.entrySet()) {
            TaskKey task = TaskKey.unpack(entry.getKey());
            Optional<OutputStatus> output = world.scheduler().state().output(task);
            if (output.isEmpty() || entry.getValue() == Outcome.RELEASED) {
                continue;
            }
            if (entry.getValue() != Outcome.FINISHED) {
                throw new IllegalStateException("the client wasn't told that it is there: " + task);
            }
            Chunk chunk = world.chunk(output.get(), task);
            chunks.put(entry.getKey(), chunk);
            chunk.impure().forEach((key, attempt) -> merge(impure, key, attempt));
        }
        var truth = new Truth(world.scenario, impure);
        chunks.forEach((key, chunk) -> {
            TaskKey task = TaskKey.unpack(key);
            Chunk expected = truth.chunk(task.stage(), task.partition());
            if (chunk.value() != expected.value()) {
                throw new IllegalStateException("wrong output of " + task);
            }
        });
    }

    private static void merge(Map<Long, Integer> impure, long task, int attempt) {
        Integer other = impure.put(task, attempt);
        if (other != null && other != attempt) {
            throw new IllegalStateException(
                    "outputs come from attempts %d and %d of the impure task %s"
                            .formatted(other, attempt, TaskKey.unpack(task)));
        }
    }

    /// True when no job was changed after its submission in a way that makes released outputs
    /// needed again, and nothing was cancelled.
    boolean wasSimple() {
        return lateReaders == 0;
    }

    void releaseAll() {
        for (long job : jobs.keySet()) {
            say(new ClientMessage.JobReleased(job));
        }
    }
}
