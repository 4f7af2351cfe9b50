package dev.quiver.cluster.node;

import dev.quiver.cluster.control.SchedulerAddress;
import dev.quiver.cluster.data.FlightEndpoints;
import io.grpc.Context;
import io.grpc.Server;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.arrow.flight.FlightGrpcUtils;
import org.apache.arrow.flight.FlightProducer;
import org.apache.arrow.flight.auth.ServerAuthHandler;
import org.apache.arrow.memory.BufferAllocator;

/// The port of a scheduler where workers and clients find it.
final class SchedulerPort implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 5;
    private static final long IDLE_SECONDS = 60;

    private final Server server;
    private final ExecutorService executor;
    private final String host;

    private SchedulerPort(Server server, ExecutorService executor, String host) {
        this.server = server;
        this.executor = executor;
        this.host = host;
    }

    /// As many threads as there are calls; each knows who calls ([io.grpc.Context]).
    private static final class Calls extends ThreadPoolExecutor {
        private Calls() {
            super(
                    0,
                    Integer.MAX_VALUE,
                    IDLE_SECONDS,
                    TimeUnit.SECONDS,
                    new SynchronousQueue<>(),
                    Thread.ofPlatform().daemon().name("quiver-scheduler-port-", 0).factory());
        }

        @Override
        public void execute(Runnable call) {
            super.execute(Context.current().wrap(call));
        }
    }

    /// @throws IOException when the port is taken
    @SuppressWarnings("deprecation") // nobody shakes hands by Flight: proofs come with each call
    static SchedulerPort open(
            FlightEndpoints endpoints,
            SchedulerAddress at,
            BufferAllocator allocator,
            FlightProducer producer)
            throws IOException {
        var executor = new Calls();
        var service =
                FlightGrpcUtils.createFlightService(
                        allocator, producer, ServerAuthHandler.NO_OP, executor);
        try {
            Server server =
                    endpoints
                            .schedulerServer(new InetSocketAddress(at.host(), at.port()))
                            .executor(executor)
                            .addService(service)
                            .build()
                            .start();
            return new SchedulerPort(server, executor, at.host());
        } catch (IOException e) {
            executor.shutdown();
            throw e;
        }
    }

    /// Where it is found.
    SchedulerAddress address() {
        return new SchedulerAddress(host, server.getPort());
    }

    /// Waits for the calls that are being served; after a while ends them.
    @Override
    public void close() {
        server.shutdown();
        try {
            if (!server.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                server.shutdownNow();
                server.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        executor.shutdown();
    }
}
