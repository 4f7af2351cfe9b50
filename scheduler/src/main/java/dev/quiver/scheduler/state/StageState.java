package dev.quiver.scheduler.state;

import dev.quiver.graph.Dependency;
import dev.quiver.graph.Purity;
import dev.quiver.graph.Stage;
import dev.quiver.protocol.InputRun;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What the scheduler knows of a stage.
final class StageState {
    /// One stage reads another.
    ///
    /// @param index which of the reader's inputs it is
    record Link(StageState reader, StageState input, int index, Dependency.OfStage dependency) {
        boolean readsAll() {
            return dependency.readsAll();
        }

        /// How many tasks share what the input's partition made.
        int parts() {
            return dependency instanceof Dependency.FanOut(_, int width, _) ? width : 1;
        }
    }

    final Stage stage;
    final JobState job;
    final TaskTable tasks;
    final long submittedNanos;
    final List<Link> inputs = new ArrayList<>(1);
    final List<Link> readers = new ArrayList<>(1);
    final Story story = new Story();

    /// What the tasks list; null when they don't.
    final @Nullable EdgeTable edges;

    /// Which of the inputs is the listed one.
    final int edgesIndex;

    /// Who lists tasks of this stage.
    @Nullable ReaderLists listedReaders;

    /// Stages whose tasks are listed here.
    final List<StageState> listedStages = new ArrayList<>(0);

    /// Stages that list tasks of this one.
    final List<StageState> listingStages = new ArrayList<>(0);

    /// How many outputs aren't available of those that every task reads.
    int missingAll;

    /// How many pending tasks read every output of this stage.
    long dependentsAll;

    /// How many attempts are at workers and haven't ended.
    int outstanding;

    /// Submitted tasks no more, and the client wants nothing but single outputs: may be forgotten.
    boolean closed;

    /// Nobody can ask for it any more; its tasks are gone.
    boolean forgotten;

    boolean finishReported;

    /// Its outputs are to be looked at for such as are worth a replica.
    boolean replicasDue;

    /// What its tasks compute depends on which attempt of an impure task was read.
    boolean readsImpure;

    long rows;
    long bytes;
    long nanos;

    /// How long its tasks take, of late.
    private long taskNanos;

    /// When the last of its attempts ended, or the first that are at workers were given to them.
    long progressNanos;

    /// Tasks that finished at least once or were dropped.
    int doneCount;

    /// Workers that know the stage.
    final BitSet openedOn = new BitSet();

    /// Grows whenever an output that every task reads comes or goes.
    int inputsVersion = 1;

    /// The greatest attempt at the outputs that every task reads, as of a version of them.
    int inputsAttempt;

    int inputsAttemptVersion;

    /// Where the outputs are that every task reads, as of a version of them.
    List<InputRun> inputsOfEveryTask = List.of();

    int inputsOfEveryTaskVersion;

    private int[] locatedVersions = new int[0];

    /// Workers that were lost while a task ran on them, by task; null while none was.
    private @Nullable Map<Integer, List<Integer>> lostWith;

    /// How long its tasks took from being given out to their ends; empty unless its client wants
    /// stragglers to run a second time.
    final Durations durations = new Durations();

    /// The last attempts at tasks that were run a second time beside themselves; null while none
    /// was.
    private @Nullable Map<Integer, Integer> secondAttempts;

    /// For a stage with a limit of rows: all partitions before have finished.
    int prefix;

    long prefixRows;

    /// For a stage with a limit of rows: partitions before may start.
    int windowEnd;

    int window = 1;

    StageState(Stage stage, JobState job, long nanos) {
        this.stage = stage;
        this.job = job;
        this.submittedNanos = nanos;
        this.tasks = new TaskTable(stage.growing() ? 4096 : stage.partitions(), nanos);
        int listed = -1;
        for (int i = 0; i < stage.inputs().size(); i++) {
            if (stage.inputs().get(i) instanceof Dependency.Listed) {
                listed = i;
            }
        }
        this.edgesIndex = listed < 0 ? 0 : listed;
        this.edges = listed < 0 && !stage.growing() ? null : new EdgeTable();
    }

    int id() {
        return stage.id();
    }

    /// Another attempt may give another output.
    boolean varies() {
        return readsImpure || impure();
    }

    boolean impure() {
        return stage.purity() == Purity.IMPURE;
    }

    boolean limited() {
        return stage.rowsMax() > 0;
    }

    boolean readsAll() {
        for (int i = 0; i < inputs.size(); i++) {
            if (inputs.get(i).readsAll()) {
                return true;
            }
        }
        return false;
    }

    /// The task is ready; false when the stage was forgotten.
    boolean isReady(int p) {
        return !forgotten && tasks.phase(p) == Phase.READY;
    }

    /// True when the output of the task is wanted by the client or needed by a pending task.
    boolean needed(int p) {
        return dependentsAll > 0 || tasks.dependents(p) > 0 || tasks.flag(p, TaskPage.WANTED);
    }

    /// Whether no pending task reads the output, and others don't keep copies of it.
    boolean isUnread(int p) {
        return tasks.dependents(p) == 0 && dependentsAll == 0 && !stage.broadcast();
    }

    /// How long its tasks take, of late; 0 = not known.
    long taskNanos() {
        return taskNanos;
    }

    /// An attempt has ended with an output. One that took much longer than those before counts for
    /// little: it was the first of its kind, or had to wait for a processor.
    void took(long nanos) {
        this.nanos += nanos;
        long known = taskNanos;
        if (known == 0) taskNanos = Math.max(1, nanos);
        else if (nanos < known) taskNanos = Math.max(1, known - (known - nanos) / 4);
        else taskNanos = known + (Math.min(nanos, 4 * known) - known) / 8;
    }

    /// Notes that a task ran on a worker when that was lost.
    ///
    /// @return all workers that were lost with it
    List<Integer> lostWith(int p, int worker) {
        Map<Integer, List<Integer>> known = lostWith;
        if (known == null) {
            known = new TreeMap<>();
            lostWith = known;
        }
        List<Integer> workers = known.computeIfAbsent(p, _ -> new ArrayList<>());
        workers.add(worker);
        return List.copyOf(workers);
    }

    /// A task was given to another worker, too.
    void ranTwice(int p, int attempt) {
        Map<Integer, Integer> known = secondAttempts;
        if (known == null) {
            known = new TreeMap<>();
            secondAttempts = known;
        }
        known.put(p, attempt);
    }

    /// The greatest attempt at a task so far, whether it counts or not.
    int lastAttempt(int p) {
        int attempt = tasks.attempt(p);
        return secondAttempts == null
                ? attempt
                : Math.max(attempt, secondAttempts.getOrDefault(p, 0));
    }

    boolean located(int worker) {
        return worker < locatedVersions.length && locatedVersions[worker] == inputsVersion;
    }

    /// The worker has forgotten the stage.
    void closedOn(int worker) {
        openedOn.clear(worker);
        if (worker < locatedVersions.length) {
            locatedVersions[worker] = 0;
        }
    }

    void setLocated(int worker) {
        if (worker >= locatedVersions.length) {
            locatedVersions = Arrays.copyOf(locatedVersions, worker + 1);
        }
        locatedVersions[worker] = inputsVersion;
    }

    ReaderLists listedReaders() {
        ReaderLists lists = listedReaders;
        if (lists == null) {
            lists = new ReaderLists();
            listedReaders = lists;
        }
        return lists;
    }

    /// First and last of the input partitions that `p` reads by a dependency of its own.
    static int firstInput(Dependency.OfStage dependency, int p) {
        return switch (dependency) {
            case Dependency.FanIn(_, int width) -> p * width;
            case Dependency.FanOut(_, int width, _) -> p / width;
            default -> p;
        };
    }

    static int lastInput(Dependency.OfStage dependency, int p, int inputCount) {
        return switch (dependency) {
            case Dependency.FanIn(_, int width) -> (int) Math.min(inputCount, (p + 1L) * width) - 1;
            case Dependency.FanOut(_, int width, _) -> p / width;
            default -> p;
        };
    }

    @Override
    public String toString() {
        return "stage %d '%s'".formatted(stage.id(), stage.name());
    }
}
