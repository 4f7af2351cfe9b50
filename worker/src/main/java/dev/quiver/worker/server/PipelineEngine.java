package dev.quiver.worker.server;

import dev.quiver.error.Unavailable;
import dev.quiver.graph.Stage;
import dev.quiver.operator.Pipeline;
import dev.quiver.protocol.InputRun;
import dev.quiver.worker.exec.PipelineCounts;
import dev.quiver.worker.exec.PipelineRunner;
import dev.quiver.worker.exec.PipelineTask;
import dev.quiver.worker.exec.TaskInputs;
import dev.quiver.worker.store.ChunkStore;
import dev.quiver.worker.store.TaskOutput;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Runs pipelines over chunks and holds their outputs in a [ChunkStore].
public final class PipelineEngine implements Engine {
    private final PipelineRunner runner;
    private final ChunkStore store;
    private final Map<Integer, Opened> stages = new ConcurrentHashMap<>();
    private final Map<Integer, PipelineCounts> counts = new ConcurrentHashMap<>();

    private record Opened(Stage stage, PipelineCounts counts) {}

    public PipelineEngine(PipelineRunner runner, ChunkStore store) {
        this.runner = runner;
        this.store = store;
    }

    @Override
    public void open(Stage stage) {
        if (!(stage.program() instanceof Pipeline pipeline))
            throw new IllegalArgumentException(
                    "stage '%s' doesn't run a pipeline".formatted(stage.name()));
        PipelineCounts counted =
                counts.computeIfAbsent(stage.id(), _ -> new PipelineCounts(pipeline));
        stages.put(stage.id(), new Opened(stage, counted));
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
        try (var inputs = new Inputs(stage, attempt.inputs())) {
            TaskOutput output =
                    runner.run(
                            PipelineTask.of(
                                    stage.name(),
                                    stage,
                                    attempt.partition(),
                                    inputs,
                                    attempt::check,
                                    opened.counts()));
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

    /// The outputs that a task reads, held until it has ended.
    private final class Inputs implements TaskInputs, AutoCloseable {
        private final List<List<TaskOutput>> byInput = new ArrayList<>();

        Inputs(Stage stage, List<InputRun> runs) {
            for (int i = 0; i < stage.inputs().size(); i++) byInput.add(new ArrayList<>());
            try {
                for (InputRun run : runs) take(stage, run);
            } catch (RuntimeException | Error e) {
                close();
                throw e;
            }
        }

        private void take(Stage stage, InputRun run) {
            for (int partition = run.from(); partition < run.to(); partition++) {
                TaskOutput output = store.find(run.stage(), partition);
                if (output == null)
                    throw new Unavailable(
                            "the output of task %d/%d, which '%s' reads, isn't here"
                                    .formatted(run.stage(), partition, stage.name()),
                            List.of(),
                            "run the query again; please report this");
                byInput.get(run.dependency()).add(output);
            }
        }

        @Override
        public List<TaskOutput> outputs(int input) {
            return byInput.get(input);
        }

        @Override
        public void close() {
            byInput.forEach(outputs -> outputs.forEach(TaskOutput::close));
            byInput.clear();
        }
    }
}
