package dev.quiver.client;

import dev.quiver.dataframe.plan.RowOrder;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.operator.Bytes;
import dev.quiver.planner.SourceCatalog.Part;
import dev.quiver.protocol.wire.Foreign;
import dev.quiver.protocol.wire.Wire;
import dev.quiver.schema.Schema;
import java.util.List;

/// What the catalog of a cluster says of a frame. Not for users.
///
/// @param stage whose output it is
/// @param parts its partitions
public record PublishedFrame(
        int stage, String label, Schema schema, RowOrder order, List<Part> parts) {
    private static final Wire<PublishedFrame> WIRE = Wire.of(PublishedFrame.class, Foreign.NONE);

    public PublishedFrame {
        parts = List.copyOf(parts);
    }

    Bytes encode() {
        return Bytes.of(WIRE.encode(this));
    }

    /// Of what a catalog says.
    public static PublishedFrame decode(Bytes content) {
        return WIRE.decode(content.array());
    }

    /// The error where a name is taken.
    static QuiverException taken(String name, String why) {
        return new QuiverException(
                ErrorCode.ARGUMENT_INVALID,
                "the frame can't be published as '%s': %s".formatted(name, why),
                UserLine.here().map(line -> List.of("at: " + line)).orElse(List.of()),
                "take another name, or the old one away with catalog().unpublish(…)");
    }

    /// The error where a name isn't there.
    static QuiverException missing(String name, List<String> there) {
        return new QuiverException(
                ErrorCode.ARGUMENT_INVALID,
                "nothing is published as '%s'".formatted(name),
                List.of("published: " + (there.isEmpty() ? "nothing" : String.join(", ", there))),
                "publish a frame with frame.publish(name), or name one of these");
    }
}
