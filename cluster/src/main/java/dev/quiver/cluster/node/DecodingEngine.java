package dev.quiver.cluster.node;

import dev.quiver.cluster.control.Programs;
import dev.quiver.graph.Stage;
import dev.quiver.operator.EncodedProgram;
import dev.quiver.worker.server.Attempt;
import dev.quiver.worker.server.Engine;
import dev.quiver.worker.server.PipelineEngine;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Decodes pipelines in the thread of the first task that runs them, since they bring code of the
/// user's.
final class DecodingEngine implements Engine {
    private final PipelineEngine pipelines;
    private final Programs programs;
    private final Map<Integer, Stage> encoded = new ConcurrentHashMap<>();

    DecodingEngine(PipelineEngine pipelines, Programs programs) {
        this.pipelines = pipelines;
        this.programs = programs;
    }

    @Override
    public void open(Stage stage) {
        encoded.put(stage.id(), stage);
    }

    @Override
    public void close(int stage) {
        encoded.remove(stage);
        pipelines.close(stage);
        pipelines.forgetCounts(stage);
    }

    @Override
    public Output run(Attempt attempt) {
        // The first task decodes, others of the stage wait for it.
        encoded.computeIfPresent(attempt.stage(), (_, stage) -> decode(stage));
        return pipelines.run(attempt);
    }

    /// @return null: it is decoded
    @SuppressWarnings("NullAway") // null removes the entry
    private Stage decode(Stage stage) {
        var program = (EncodedProgram) stage.program();
        if (Programs.isListing(program)) pipelines.listsInputs(stage.id());
        pipelines.open(stage.withProgram(programs.decode(program)));
        return null;
    }

    @Override
    public void drop(int stage, int partition, int attempt) {
        pipelines.drop(stage, partition, attempt);
    }
}
