package dev.quiver.cluster.data;

import io.grpc.netty.NegotiationType;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.ChannelOption;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.apache.arrow.flight.Location;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

/// Where servers and connections of this process are made, so that all of them are secured alike.
public final class FlightEndpoints {
    /// Which of the allocators on the class path Arrow takes, where nothing else was said.
    private static final String ALLOCATION = "arrow.allocation.manager.type";

    private static final int FRAME_ROOM = 64 << 20;

    private final DataSettings settings;

    private FlightEndpoints(DataSettings settings) {
        this.settings = settings;
    }

    /// Without encryption: for the loopback interface.
    public static FlightEndpoints plain(DataSettings settings) {
        return new FlightEndpoints(settings);
    }

    public DataSettings settings() {
        return settings;
    }

    /// A server at an address; port 0 takes a free one.
    public NettyServerBuilder server(InetSocketAddress address) {
        return NettyServerBuilder.forAddress(address)
                .flowControlWindow(settings.windowBytes())
                .maxInboundMessageSize(FRAME_ROOM)
                .permitKeepAliveTime(1, TimeUnit.SECONDS)
                .permitKeepAliveWithoutCalls(true)
                .keepAliveTime(settings.silenceMax().toMillis() / 2, TimeUnit.MILLISECONDS)
                .keepAliveTimeout(settings.silenceMax().toMillis() / 2, TimeUnit.MILLISECONDS);
    }

    /// An address as Arrow Flight writes it.
    Location location(InetSocketAddress address) {
        return Location.forGrpcInsecure(address.getHostString(), address.getPort());
    }

    /// What Arrow's classes allocate with, whichever allocators are on the class path; the caller
    /// closes it.
    static BufferAllocator allocator() {
        if (System.getProperty(ALLOCATION) == null) System.setProperty(ALLOCATION, "Unsafe");
        return new RootAllocator();
    }

    /// A connection to a server, which is made when it is first used.
    public NettyChannelBuilder channel(InetSocketAddress peer) {
        return NettyChannelBuilder.forAddress(peer)
                .negotiationType(NegotiationType.PLAINTEXT)
                .withOption(
                        ChannelOption.CONNECT_TIMEOUT_MILLIS,
                        Math.toIntExact(settings.connectPatience().toMillis()))
                .flowControlWindow(settings.windowBytes())
                .maxInboundMessageSize(FRAME_ROOM)
                .keepAliveTime(
                        Math.max(1000, settings.silenceMax().toMillis() / 2), TimeUnit.MILLISECONDS)
                .keepAliveTimeout(settings.silenceMax().toMillis() / 2, TimeUnit.MILLISECONDS);
    }
}
