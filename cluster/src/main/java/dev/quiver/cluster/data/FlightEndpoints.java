package dev.quiver.cluster.data;

import dev.quiver.cluster.security.Admission;
import dev.quiver.cluster.security.Credentials;
import dev.quiver.cluster.security.Doorkeeper;
import dev.quiver.cluster.security.SessionProof;
import dev.quiver.cluster.security.Showing;
import io.grpc.netty.NegotiationType;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.ChannelOption;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

/// Where servers and connections of this process are made, so that all of them are secured alike.
public final class FlightEndpoints {
    /// Which of the allocators on the class path Arrow takes, where nothing else was said.
    private static final String ALLOCATION = "arrow.allocation.manager.type";

    private static final int FRAME_ROOM = 64 << 20;

    /// What a scheduler takes in at most with one call, and those that ask it: submitted programs.
    public static final int QUESTION_BYTES_MAX = 512 << 20;

    private final DataSettings settings;
    private final Credentials credentials;
    private final Doorkeeper doorkeeper;
    private final Supplier<Optional<SessionProof>> session;
    private final Traffic traffic;

    private FlightEndpoints(
            DataSettings settings,
            Credentials credentials,
            Doorkeeper doorkeeper,
            Supplier<Optional<SessionProof>> session,
            Traffic traffic) {
        this.settings = settings;
        this.credentials = credentials;
        this.doorkeeper = doorkeeper;
        this.session = session;
        this.traffic = traffic;
    }

    /// Without encryption: for the loopback interface.
    public static FlightEndpoints plain(DataSettings settings) {
        return of(settings, Credentials.NONE);
    }

    /// Of a process that has these credentials. Its servers let nodes in.
    public static FlightEndpoints of(DataSettings settings, Credentials credentials) {
        Doorkeeper doorkeeper =
                switch (credentials) {
                    case Credentials.None _ -> Doorkeeper.OPEN;
                    case Credentials.Encrypted _ ->
                            Doorkeeper.ofWorker(_ -> false, _ -> Optional.empty());
                };
        return new FlightEndpoints(
                settings, credentials, doorkeeper, Optional::empty, new Traffic());
    }

    /// These, where a doorkeeper decides who is let in; nobody has to prove anything without
    /// encryption.
    public FlightEndpoints guarded(Doorkeeper keeper) {
        return switch (credentials) {
            case Credentials.None _ -> this;
            case Credentials.Encrypted _ ->
                    new FlightEndpoints(settings, credentials, keeper, session, traffic);
        };
    }

    /// These, of a client that shows workers its session.
    ///
    /// @param proof empty while it has none
    public FlightEndpoints showing(Supplier<Optional<SessionProof>> proof) {
        return new FlightEndpoints(settings, credentials, doorkeeper, proof, traffic);
    }

    /// What goes through its servers and connections, but for those to schedulers.
    public Traffic traffic() {
        return traffic;
    }

    public DataSettings settings() {
        return settings;
    }

    /// A server of outputs at an address; port 0 takes a free one.
    public NettyServerBuilder server(InetSocketAddress address) {
        NettyServerBuilder builder = secured(NettyServerBuilder.forAddress(address));
        traffic.count(builder);
        return builder.flowControlWindow(settings.windowBytes())
                .maxInboundMessageSize(FRAME_ROOM)
                .permitKeepAliveTime(1, TimeUnit.SECONDS)
                .permitKeepAliveWithoutCalls(true)
                .keepAliveTime(settings.silenceMax().toMillis() / 2, TimeUnit.MILLISECONDS)
                .keepAliveTimeout(settings.silenceMax().toMillis() / 2, TimeUnit.MILLISECONDS);
    }

    /// A scheduler's server at an address.
    public NettyServerBuilder schedulerServer(InetSocketAddress address) {
        return secured(NettyServerBuilder.forAddress(address))
                .maxInboundMessageSize(QUESTION_BYTES_MAX);
    }

    private NettyServerBuilder secured(NettyServerBuilder builder) {
        ClosedConnections.log();
        if (credentials instanceof Credentials.Encrypted(var tls, _, _))
            builder.sslContext(tls.serving());
        return builder.intercept(new Admission(doorkeeper));
    }

    /// With which it serves and calls.
    Credentials credentials() {
        return credentials;
    }

    /// What Arrow's classes allocate with, whichever allocators are on the class path; the caller
    /// closes it.
    static BufferAllocator allocator() {
        if (System.getProperty(ALLOCATION) == null) System.setProperty(ALLOCATION, "Unsafe");
        return new RootAllocator();
    }

    /// A connection to a scheduler, which is made when it is first used.
    public NettyChannelBuilder schedulerChannel(InetSocketAddress scheduler) {
        NettyChannelBuilder builder =
                secured(NettyChannelBuilder.forAddress(scheduler))
                        .maxInboundMessageSize(QUESTION_BYTES_MAX);
        return credentials instanceof Credentials.Encrypted(_, var token, _)
                ? builder.intercept(Showing.token(token))
                : builder;
    }

    private NettyChannelBuilder secured(NettyChannelBuilder builder) {
        return switch (credentials) {
            case Credentials.None _ -> builder.negotiationType(NegotiationType.PLAINTEXT);
            case Credentials.Encrypted(var tls, _, _) ->
                    builder.negotiationType(NegotiationType.TLS).sslContext(tls.calling());
        };
    }

    /// A connection to a server of outputs, which is made when it is first used.
    public NettyChannelBuilder channel(InetSocketAddress peer) {
        NettyChannelBuilder builder = secured(NettyChannelBuilder.forAddress(peer));
        traffic.count(builder);
        if (credentials instanceof Credentials.Encrypted)
            builder.intercept(Showing.session(session));
        return builder.withOption(
                        ChannelOption.CONNECT_TIMEOUT_MILLIS,
                        Math.toIntExact(settings.connectPatience().toMillis()))
                .flowControlWindow(settings.windowBytes())
                .maxInboundMessageSize(FRAME_ROOM)
                .keepAliveTime(
                        Math.max(1000, settings.silenceMax().toMillis() / 2), TimeUnit.MILLISECONDS)
                .keepAliveTimeout(settings.silenceMax().toMillis() / 2, TimeUnit.MILLISECONDS);
    }
}
