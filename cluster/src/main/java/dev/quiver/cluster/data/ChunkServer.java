package dev.quiver.cluster.data;

import dev.quiver.cluster.security.Requiring;
import dev.quiver.cluster.security.Right;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import io.grpc.Server;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.arrow.flight.FlightGrpcUtils;
import org.apache.arrow.flight.auth.ServerAuthHandler;
import org.apache.arrow.memory.BufferAllocator;

/// Gives other processes the outputs that this one holds, at one port.
public final class ChunkServer implements AutoCloseable {
    private final Server server;
    private final ExecutorService executor;
    private final BufferAllocator allocator;

    private ChunkServer(Server server, ExecutorService executor, BufferAllocator allocator) {
        this.server = server;
        this.executor = executor;
        this.allocator = allocator;
    }

    /// Serves other processes of the cluster alone.
    ///
    /// @param address port 0 takes a free one
    /// @param offered takes what clients have
    /// @throws QuiverException IO_FAILED when the port is taken
    public static ChunkServer start(
            FlightEndpoints endpoints,
            InetSocketAddress address,
            ServedOutputs outputs,
            OfferedOutputs offered) {
        ExecutorService executor = DataThreads.pool("quiver-serve");
        NettyServerBuilder builder = endpoints.server(address).executor(executor);
        builder.addService(service(endpoints, outputs, offered));
        return start(builder, address, executor, FlightEndpoints.allocator());
    }

    /// Serves also whoever speaks Arrow Flight.
    ///
    /// @param address port 0 takes a free one
    /// @param outputs what it gives to other processes of the cluster
    /// @param offered takes what clients have
    /// @param frames what it gives to anybody who may read
    /// @param account pays for what is copied on its way out
    /// @throws QuiverException IO_FAILED when the port is taken
    @SuppressWarnings("deprecation") // nobody shakes hands by Flight: tokens come with each call
    public static ChunkServer start(
            FlightEndpoints endpoints,
            InetSocketAddress address,
            ServedOutputs outputs,
            OfferedOutputs offered,
            PublishedFrames frames,
            MemoryAccount account) {
        ExecutorService executor = DataThreads.pool("quiver-serve");
        BufferAllocator allocator = FlightEndpoints.allocator();
        var flights = new FlightFrames(frames, account, allocator, endpoints, executor);
        NettyServerBuilder builder =
                endpoints
                        .server(address)
                        .executor(executor)
                        .addService(service(endpoints, outputs, offered))
                        .addService(
                                FlightGrpcUtils.createFlightService(
                                        allocator, flights, ServerAuthHandler.NO_OP, executor));
        return start(builder, address, executor, allocator);
    }

    /// What isn't published is for those who may run tasks.
    private static ServerServiceDefinition service(
            FlightEndpoints endpoints, ServedOutputs outputs, OfferedOutputs offered) {
        return ServerInterceptors.intercept(
                ServerServiceDefinition.builder(DataCalls.SERVICE)
                        .addMethod(
                                DataCalls.FETCH,
                                OutputServing.handler(outputs, endpoints.settings()))
                        .addMethod(DataCalls.OFFER, offered.handler())
                        .build(),
                new Requiring(Right.SUBMIT));
    }

    private static ChunkServer start(
            NettyServerBuilder builder,
            InetSocketAddress address,
            ExecutorService executor,
            BufferAllocator allocator) {
        try {
            return new ChunkServer(builder.build().start(), executor, allocator);
        } catch (IOException e) {
            executor.shutdown();
            allocator.close();
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
        executor.close();
        allocator.close();
    }
}
