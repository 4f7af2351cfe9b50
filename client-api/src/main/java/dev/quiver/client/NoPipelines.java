package dev.quiver.client;

import dev.quiver.graph.Stage;
import dev.quiver.worker.server.Attempt;
import dev.quiver.worker.server.Engine;

final class NoPipelines implements Engine {
    @Override
    public void open(Stage stage) {}

    @Override
    public void close(int stage) {}

    @Override
    public Output run(Attempt attempt) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void drop(int stage, int partition, int attempt) {}
}
