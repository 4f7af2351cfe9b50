package dev.quiver.cluster.data;

import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;

/// Gives other processes the outputs that this one holds, at one port.
public final class ChunkServer implements AutoCloseable {
    private final Server server;
    private final ExecutorService executor;

    private ChunkServer(Server server, ExecutorService executor) {
        this.server = server;
        this.executor = executor;
    }

    /// @param address port 0 takes a free one
    /// @throws QuiverException IO_FAILED when the port is taken
    public static ChunkServer start(
            FlightEndpoints endpoints, InetSocketAddress address, ServedOutputs outputs) {
        ExecutorService executor = DataThreads.pool("quiver-serve");
        NettyServerBuilder builder =
                endpoints
                        .server(address)
                        .executor(executor)
                        .addService(
                                ServerServiceDefinition.builder(DataCalls.SERVICE)
                                        .addMethod(
                                                DataCalls.FETCH,
                                                OutputServing.handler(
                                                        outputs, endpoints.settings()))
                                        .build());
        try {
            return new ChunkServer(builder.build().start(), executor);
        } catch (IOException e) {
            executor.shutdown();
            throw new QuiverException(
                    ErrorCode.IO_FAILED,
                    "can't serve chunks at %s: %s".formatted(address, e.getMessage()),
                    List.of(),
                    "choose another port, or 0 for any",
                    e);
        }
    }

    /// The port that it has.
    public int port() {
        return server.getPort();
    }

    /// Ends all streams at once.
    @Override
    public void close() {
        server.shutdownNow();
        try {
            if (!server.awaitTermination(5, TimeUnit.SECONDS))
                throw new IllegalStateException("a stream of outputs doesn't end");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        executor.shutdown();
    }
}
