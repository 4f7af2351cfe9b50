package dev.quiver.protocol;

import dev.quiver.error.ErrorCode;
import dev.quiver.operator.Bytes;
import java.util.List;

/// What is answered to a [CoordinationRequest].
public sealed interface CoordinationAnswer {
    record Done() implements CoordinationAnswer {}

    /// It can't be fulfilled now, and the client doesn't want to wait.
    record NotNow() implements CoordinationAnswer {}

    /// A count, a token or the number of a subscription.
    record Count(long value) implements CoordinationAnswer {}

    record Value(Bytes value) implements CoordinationAnswer {}

    /// What was published to a topic.
    ///
    /// @param next what the client hasn't been given yet begins there
    /// @param missed so many before these were dropped, since the client didn't ask for them in
    ///   time
    record Values(long next, long missed, List<Bytes> values) implements CoordinationAnswer {
        public Values {
            values = List.copyOf(values);
        }
    }

    /// It makes no sense, or there is no room for it.
    record Refused(ErrorCode code, String what, String fix) implements CoordinationAnswer {}
}
