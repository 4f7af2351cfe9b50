package dev.quiver.cluster.node;

import dev.quiver.cluster.control.Programs;
import dev.quiver.cluster.control.StageCounts;
import dev.quiver.graph.Stage;
import dev.quiver.operator.EncodedProgram;
import dev.quiver.worker.exec.PipelineCounts;
import dev.quiver.worker.server.Attempt;
import dev.quiver.worker.server.Engine;
import dev.quiver.worker.server.PipelineEngine;
import dev.quiver.worker.user.ship.ShippedTask;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Decodes pipelines in the thread of the first task that runs them, since they bring code of the
/// user's, and runs them where that code finds its classes and variables. Takes what clients offer.
final class DecodingEngine implements Engine {
    private static final long[] NOTHING = {};

    private final Holdings holdings;
    private final PipelineEngine pipelines;
    private final ClientCodes clients;
    private final ClientPrints prints;
    private final SharedFiles files;
    private final Map<Integer, Stage> encoded = new ConcurrentHashMap<>();

    /// Whose stages take what the client offers.
    private final Map<Integer, Integer> offered = new ConcurrentHashMap<>();

    /// What was told of what the tasks of stages do.
    private final Map<Integer, long[]> counted = new ConcurrentHashMap<>();

    private final Map<Integer, UserFunctions> functions = new ConcurrentHashMap<>();

    /// What a stage calls of its client's.
    private record UserFunctions(int client, List<ShippedTask> functions) {}

    /// @param prints hears what the user's functions print
    /// @param files looks whether this worker sees what the client sees
    DecodingEngine(Holdings holdings, ClientCodes clients, ClientPrints prints, SharedFiles files) {
        this.prints = prints;
        this.files = files;
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
        counted.remove(stage);
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
        UserFunctions user = functions.get(attempt.stage());
        if (user == null) return pipelines.run(attempt);
        return prints.during(user.client(), () -> within(user.functions(), attempt));
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
        int client = Programs.client(program);
        ClientCode.Decoded decoded = clients.of(client).decode(program);
        files.check(decoded.pipeline());
        if (!decoded.functions().isEmpty())
            functions.put(stage.id(), new UserFunctions(client, decoded.functions()));
        if (Programs.isListing(program)) pipelines.listsInputs(stage.id());
        pipelines.open(stage.withProgram(decoded.pipeline()));
        counted.put(stage.id(), new long[0]);
        return null;
    }

    /// What tasks did since this was asked last. For one thread at a time.
    List<StageCounts> takeCounts() {
        if (counted.isEmpty()) return List.of();
        var fresh = new ArrayList<StageCounts>();
        for (int stage : List.copyOf(counted.keySet())) {
            long[] told = counted.get(stage);
            if (told == null) continue;
            long[] now = pipelines.counts(stage).map(PipelineCounts::figures).orElse(NOTHING);
            long[] before = Arrays.copyOf(told, now.length);
            if (Arrays.equals(now, before)) continue;
            counted.replace(stage, now);
            var more = new ArrayList<Long>();
            for (int i = 0; i < now.length; i++) more.add(now[i] - before[i]);
            fresh.add(new StageCounts(stage, more));
        }
        return fresh;
    }

    @Override
    public void drop(int stage, int partition, int attempt) {
        pipelines.drop(stage, partition, attempt);
    }

    @Override
    public void keep(int stage, int partition, int attempt) {
        pipelines.keep(stage, partition, attempt);
    }
}
