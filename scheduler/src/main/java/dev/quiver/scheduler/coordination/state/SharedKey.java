package dev.quiver.scheduler.coordination.state;

import dev.quiver.protocol.CoordinationRequest;
import dev.quiver.protocol.CoordinationRequest.Kind;
import java.util.Comparator;

/// What something that is shared is found by.
record SharedKey(Kind kind, String name) implements Comparable<SharedKey> {
    private static final Comparator<SharedKey> ORDER =
            Comparator.comparing(SharedKey::kind).thenComparing(SharedKey::name);

    static SharedKey of(CoordinationRequest what) {
        return new SharedKey(what.kind(), what.name());
    }

    @Override
    public int compareTo(SharedKey other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return "%s '%s'".formatted(kind.text(), name);
    }
}
