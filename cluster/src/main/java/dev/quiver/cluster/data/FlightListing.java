package dev.quiver.cluster.data;

import dev.quiver.arrow.ArrowChunks;
import dev.quiver.cluster.data.PublishedFrames.Frame;
import dev.quiver.cluster.data.PublishedFrames.Partition;
import dev.quiver.cluster.security.Credentials;
import dev.quiver.error.QuiverException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.flight.CallStatus;
import org.apache.arrow.flight.FlightDescriptor;
import org.apache.arrow.flight.FlightEndpoint;
import org.apache.arrow.flight.FlightInfo;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.flight.Location;
import org.apache.arrow.flight.Ticket;

/// What Arrow Flight is told about published frames: a frame is a flight with the frame's name as
/// its path, a partition one of its endpoints, at the worker that holds it.
///
/// A ticket is the name, a line feed and the number of a partition; without the last two it is for
/// all partitions that the asked process holds.
public final class FlightListing {
    private final PublishedFrames frames;
    private final FlightEndpoints endpoints;

    /// @param endpoints secured as those of the partitions' holders
    public FlightListing(PublishedFrames frames, FlightEndpoints endpoints) {
        this.frames = frames;
        this.endpoints = endpoints;
    }

    /// All; one of which some partition is being made anew has no endpoints.
    ///
    /// @throws FlightRuntimeException UNAVAILABLE when nobody can be asked
    public List<FlightInfo> all() {
        return known().stream().map(this::flight).toList();
    }

    /// The flight that somebody describes.
    ///
    /// @throws FlightRuntimeException NOT_FOUND when nothing has that name, UNAVAILABLE when some
    ///   of it is being made anew
    public FlightInfo of(FlightDescriptor descriptor) {
        Frame frame = find(descriptor.isCommand() ? "" : String.join("/", descriptor.getPath()));
        if (frame.isWhole()) return flight(frame);
        throw CallStatus.UNAVAILABLE
                .withDescription(
                        "some of '%s' is being made anew; ask again in a while"
                                .formatted(frame.name()))
                .toRuntimeException();
    }

    private List<Frame> known() {
        try {
            return frames.frames();
        } catch (QuiverException e) {
            throw CallStatus.UNAVAILABLE
                    .withDescription(e.getMessage())
                    .withCause(e)
                    .toRuntimeException();
        }
    }

    Frame find(String name) {
        List<Frame> known = known();
        for (Frame frame : known) if (frame.name().equals(name)) return frame;
        List<String> names = known.stream().map(Frame::name).toList();
        throw CallStatus.NOT_FOUND
                .withDescription(
                        "nothing is published as '%s'; there is: %s"
                                .formatted(
                                        name,
                                        names.isEmpty() ? "nothing" : String.join(", ", names)))
                .toRuntimeException();
    }

    private FlightInfo flight(Frame frame) {
        var partitions = new ArrayList<FlightEndpoint>();
        for (int i = 0; i < frame.partitions().size() && frame.isWhole(); i++) {
            Partition partition = frame.partitions().get(i).orElseThrow();
            partitions.add(
                    new FlightEndpoint(
                            ticket(frame.name() + "\n" + i), location(partition.holder())));
        }
        return new FlightInfo(
                ArrowChunks.schema(frame.schema()),
                FlightDescriptor.path(frame.name()),
                partitions,
                frame.isWhole() ? frame.bytes() : -1,
                frame.isWhole() ? frame.rows() : -1);
    }

    private Location location(InetSocketAddress at) {
        return switch (endpoints.credentials()) {
            case Credentials.None _ -> Location.forGrpcInsecure(at.getHostString(), at.getPort());
            case Credentials.Encrypted _ -> Location.forGrpcTls(at.getHostString(), at.getPort());
        };
    }

    private static Ticket ticket(String text) {
        return new Ticket(text.getBytes(StandardCharsets.UTF_8));
    }
}
