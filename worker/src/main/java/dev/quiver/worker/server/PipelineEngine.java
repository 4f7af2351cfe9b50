package dev.quiver.worker.server;

import dev.quiver.error.Unavailable;
import dev.quiver.graph.Region;
import dev.quiver.graph.Stage;
import dev.quiver.operator.Pipeline;
import dev.quiver.protocol.InputRun;
import dev.quiver.worker.exec.PipelineCounts;
import dev.quiver.worker.exec.PipelineRunner;
import dev.quiver.worker.exec.PipelineTask;
import dev.quiver.worker.exec.TaskInputs;
import dev.quiver.worker.state.WorkerCommand;
import dev.quiver.worker.store.ChunkStore;
import dev.quiver.worker.store.CopyStore;
import dev.quiver.worker.store.TaskOutput;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Runs pipelines over chunks and holds their outputs in a [ChunkStore].
public final class PipelineEngine implements Engine {
    private final PipelineRunner runner;
    private final ChunkStore store;
    private final @Nullable Peers peers;
    private final Map<Integer, Opened> stages = new ConcurrentHashMap<>();
    private final Map<Integer, PipelineCounts> counts = new ConcurrentHashMap<>();

    private final Set<Integer> listingInputs = ConcurrentHashMap.newKeySet();

    /// @param apart whether each task that a task lists is an input of its own
    private record Opened(Stage stage, PipelineCounts counts, boolean apart) {}

    /// Of a worker without others.
    public PipelineEngine(PipelineRunner runner, ChunkStore store) {
        this(runner, store, null);
    }

    /// @param peers null for a worker without others
    public PipelineEngine(PipelineRunner runner, ChunkStore store, @Nullable Peers peers) {
        this.runner = runner;
        this.store = store;
        this.peers = peers;
    }

    @Override
    public void open(Stage stage) {
        if (!(stage.program() instanceof Pipeline pipeline))
            throw new IllegalArgumentException(
                    "stage '%s' doesn't run a pipeline".formatted(stage.name()));
        PipelineCounts counted =
                counts.computeIfAbsent(stage.id(), _ -> new PipelineCounts(pipeline));
        boolean apart = listingInputs.remove(stage.id());
        stages.put(stage.id(), new Opened(stage, counted, apart));
    }

    /// Says of a stage that will come that the i-th task which its tasks list is the pipeline's
    /// input `i`, instead of all of them together its input 0.
    public void listsInputs(int stage) {
        listingInputs.add(stage);
    }

    @Override
    public void close(int stage) {
        stages.remove(stage);
    }

    /// What the tasks of a stage did, until it is forgotten; empty before it was opened.
    public Optional<PipelineCounts> counts(int stage) {
        return Optional.ofNullable(counts.get(stage));
    }

    /// Lets go of the counts of a stage that no task runs of any more.
    public void forgetCounts(int stage) {
        counts.remove(stage);
    }

    @Override
    public Output run(Attempt attempt) {
        Opened opened = stages.get(attempt.stage());
        if (opened == null)
            throw new IllegalStateException("stage %d isn't open".formatted(attempt.stage()));
        Stage stage = opened.stage();
        try (var inputs = new Inputs(opened, attempt)) {
            TaskOutput output =
                    runner.run(
                            PipelineTask.of(
                                    stage.name(),
                                    stage,
                                    attempt.partition(),
                                    inputs,
                                    attempt::check,
                                    opened.counts()),
                            attempt::failedIn);
            long rows = output.rows();
            long bytes = output.bytes();
            store.put(attempt.stage(), attempt.partition(), attempt.number(), output);
            return new Output(rows, bytes);
        }
    }

    @Override
    public void drop(int stage, int partition, int attempt) {
        store.drop(stage, partition, attempt);
    }

    @Override
    public void keep(int stage, int partition, int attempt) {
        CopyStore.Copy copy = peers == null ? null : peers.whole(stage, partition, attempt);
        if (copy instanceof TaskOutput output) store.put(stage, partition, attempt, output);
        else if (copy != null) copy.close();
    }

    /// The outputs that a task reads, held until it has ended.
    private final class Inputs implements TaskInputs, AutoCloseable {
        private final List<List<TaskOutput>> byInput = new ArrayList<>();

        Inputs(Opened opened, Attempt attempt) {
            List<InputRun> runs = attempt.inputs();
            int count = opened.apart() ? runs.size() : opened.stage().inputs().size();
            for (int i = 0; i < count; i++) byInput.add(new ArrayList<>());
            try {
                for (int i = 0; i < count; i++) {
                    if (opened.apart()) take(opened, WorkerCommand.WHOLE, runs.get(i), i);
                    else take(opened, attempt, i);
                }
            } catch (RuntimeException | Error e) {
                close();
                throw e;
            }
        }

        private void take(Opened opened, Attempt attempt, int input) {
            Optional<Region> region =
                    opened.stage().inputs().get(input).region(attempt.partition());
            int from = region.map(Region::fromSlice).orElse(WorkerCommand.WHOLE);
            int to = region.map(Region::toSlice).orElse(WorkerCommand.WHOLE + 1);
            for (int slice = from; slice < to; slice++)
                for (InputRun run : attempt.inputs())
                    if (run.dependency() == input) take(opened, slice, run, input);
        }

        private void take(Opened opened, int slice, InputRun run, int input) {
            if (peers != null && run.worker() != peers.worker())
                takeCopies(peers, opened, slice, run, input);
            else takeOwn(opened.stage(), slice, run, input);
        }

        private void takeOwn(Stage stage, int slice, InputRun run, int input) {
            for (int partition = run.from(); partition < run.to(); partition++) {
                TaskOutput output =
                        slice == WorkerCommand.WHOLE
                                ? store.find(run.stage(), partition)
                                : store.findSlice(run.stage(), partition, slice);
                if (output == null)
                    throw new Unavailable(
                            "the output of task %d/%d, which '%s' reads, isn't here"
                                    .formatted(run.stage(), partition, stage.name()),
                            List.of(),
                            "run the query again; please report this");
                byInput.get(input).add(output);
            }
        }

        private void takeCopies(Peers peers, Opened opened, int slice, InputRun run, int input) {
            for (int partition = run.from(); partition < run.to(); partition++) {
                CopyStore.Copy copy = peers.copy(run, partition, slice);
                if (copy instanceof TaskOutput output) {
                    byInput.get(input).add(output);
                    continue;
                }
                copy.close();
                throw new IllegalStateException(
                        "task %d/%d made an object, and '%s' reads chunks"
                                .formatted(run.stage(), partition, opened.stage().name()));
            }
        }

        @Override
        public List<TaskOutput> outputs(int input) {
            return byInput.get(input);
        }

        @Override
        public List<TaskOutput> all(int inputs) {
            return byInput.stream().flatMap(List::stream).toList();
        }

        @Override
        public void close() {
            byInput.forEach(outputs -> outputs.forEach(TaskOutput::close));
            byInput.clear();
        }
    }
}
