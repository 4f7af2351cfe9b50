package dev.quiver.client;

import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.error.UserLine;
import dev.quiver.operator.Bytes;
import dev.quiver.protocol.wire.Foreign;
import dev.quiver.protocol.wire.Wire;
import java.util.List;

/// What the catalog of a cluster says of what was published. Not for users.
public sealed interface Published permits PublishedFrame, PublishedObject {
    /// As bytes; opaque to the scheduler.
    default Bytes encode() {
        return Bytes.of(Forms.WIRE.encode(this));
    }

    static Published decode(Bytes content) {
        return Forms.WIRE.decode(content.array());
    }

    /// The error where a name is taken.
    static QuiverException taken(String name, String why) {
        return new QuiverException(
                ErrorCode.ARGUMENT_INVALID,
                "it can't be published as '%s': %s".formatted(name, why),
                UserLine.here().map(line -> List.of("at: " + line)).orElse(List.of()),
                "take another name, or the old one away with catalog().unpublish(…)");
    }

    /// The error where a name isn't there.
    static QuiverException missing(String name, List<String> there) {
        return new QuiverException(
                ErrorCode.ARGUMENT_INVALID,
                "nothing is published as '%s'".formatted(name),
                List.of("published: " + (there.isEmpty() ? "nothing" : String.join(", ", there))),
                "publish a frame with frame.publish(name), a value with q.publish(name, value), or"
                        + " name one of these");
    }

    /// The error where a value is asked for as a frame.
    static QuiverException noFrame(String name) {
        return new QuiverException(
                ErrorCode.ARGUMENT_INVALID,
                "'%s' is a value, not a frame".formatted(name),
                List.of(),
                "take it by catalog().value(\"%s\")".formatted(name));
    }

    /// The error where a frame is asked for as a value.
    static QuiverException noValue(String name) {
        return new QuiverException(
                ErrorCode.ARGUMENT_INVALID,
                "'%s' is a frame, not a value".formatted(name),
                List.of(),
                "read it by catalog().frame(\"%s\")".formatted(name));
    }

    /// How it is written.
    final class Forms {
        private static final Wire<Published> WIRE = Wire.of(Published.class, Foreign.NONE);

        private Forms() {}
    }
}
