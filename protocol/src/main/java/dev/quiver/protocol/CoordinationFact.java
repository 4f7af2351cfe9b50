package dev.quiver.protocol;

import dev.quiver.operator.Bytes;
import dev.quiver.protocol.CoordinationRequest.Kind;
import java.util.List;

/// Something that holds about what clients share: all of them together stand for the requests that
/// led to them. What is there comes before who waits for it, who came first before who came later.
public sealed interface CoordinationFact {
    /// The last token or subscription.
    record Given(long last) implements CoordinationFact {}

    /// A client holds permits.
    record Held(Kind kind, String name, int permitsMax, long token, long client, int permits)
            implements CoordinationFact {}

    record EventSet(String name) implements CoordinationFact {}

    record Queued(String name, int capacity, List<Bytes> values) implements CoordinationFact {
        public Queued {
            values = List.copyOf(values);
        }
    }

    record VariableSet(String name, Bytes value) implements CoordinationFact {}

    record Latch(String name, long start, long left) implements CoordinationFact {}

    record Counter(String name, long value) implements CoordinationFact {}

    /// What was published and not all have taken in.
    ///
    /// @param first the number of the first of the values
    record Topic(String name, long first, List<Bytes> values) implements CoordinationFact {
        public Topic {
            values = List.copyOf(values);
        }
    }

    /// @param position all before it was taken in
    record Subscribed(String name, long subscription, long client, long position)
            implements CoordinationFact {}

    /// A client waits.
    record Parked(long client, long request, CoordinationRequest.Waiting what)
            implements CoordinationFact {}

    /// An answer that the client may not have.
    record Answered(long client, long request, CoordinationRequest what, CoordinationAnswer answer)
            implements CoordinationFact {}
}
