package dev.quiver.cluster.node;

import dev.quiver.cluster.control.Programs;
import dev.quiver.graph.Stage;
import dev.quiver.operator.EncodedProgram;
import dev.quiver.worker.server.Attempt;
import dev.quiver.worker.server.Engine;
import dev.quiver.worker.server.PipelineEngine;
import dev.quiver.worker.user.ship.ShippedTask;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Decodes pipelines in the thread of the first task that runs them, since they bring code of the
/// user's, and runs them where that code finds its classes and variables. Takes what clients offer.
final class DecodingEngine implements Engine {
    private final Holdings holdings;
    private final PipelineEngine pipelines;
    private final ClientCodes clients;
    private final Map<Integer, Stage> encoded = new ConcurrentHashMap<>();

    /// Whose stages take what the client offers.
    private final Map<Integer, Integer> offered = new ConcurrentHashMap<>();

    private final Map<Integer, List<ShippedTask>> functions = new ConcurrentHashMap<>();

    DecodingEngine(Holdings holdings, ClientCodes clients) {
        this.holdings = holdings;
        this.pipelines = holdings.pipelines();
        this.clients = clients;
    }

    @Override
    public void open(Stage stage) {
        var program = (EncodedProgram) stage.program();
        if (Programs.isOffered(program)) offered.put(stage.id(), Programs.client(program));
        else encoded.put(stage.id(), stage);
    }

    @Override
    public void close(int stage) {
        encoded.remove(stage);
        offered.remove(stage);
        functions.remove(stage);
        pipelines.close(stage);
        pipelines.forgetCounts(stage);
    }

    @Override
    public Output run(Attempt attempt) throws Exception {
        Integer client = offered.get(attempt.stage());
        if (client != null) return take(client, attempt);
        // The first task decodes, others of the stage wait for it.
        encoded.computeIfPresent(attempt.stage(), (_, stage) -> decode(stage));
        return within(functions.getOrDefault(attempt.stage(), List.of()), attempt);
    }

    private Output take(int client, Attempt attempt) throws InterruptedException {
        try {
            return holdings.take(client, attempt);
        } catch (InterruptedException e) {
            attempt.check();
            throw e;
        }
    }

    private Output within(List<ShippedTask> around, Attempt attempt) throws Exception {
        if (around.isEmpty()) return pipelines.run(attempt);
        List<ShippedTask> inner = around.subList(1, around.size());
        return around.getFirst().call(() -> within(inner, attempt));
    }

    /// @return null: it is decoded
    @SuppressWarnings("NullAway") // null removes the entry
    private Stage decode(Stage stage) {
        var program = (EncodedProgram) stage.program();
        ClientCode.Decoded decoded = clients.of(Programs.client(program)).decode(program);
        functions.put(stage.id(), decoded.functions());
        if (Programs.isListing(program)) pipelines.listsInputs(stage.id());
        pipelines.open(stage.withProgram(decoded.pipeline()));
        return null;
    }

    @Override
    public void drop(int stage, int partition, int attempt) {
        pipelines.drop(stage, partition, attempt);
    }
}
