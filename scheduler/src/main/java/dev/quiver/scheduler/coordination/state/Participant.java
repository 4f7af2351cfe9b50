package dev.quiver.scheduler.coordination.state;

import dev.quiver.protocol.CoordinationAnswer;
import dev.quiver.protocol.CoordinationRequest;
import java.util.TreeMap;

/// A client, and what it has or waits for.
final class Participant {
    /// An answer that the client may not have.
    record Kept(CoordinationRequest what, CoordinationAnswer answer) {}

    final long client;

    /// By the requests' numbers.
    final TreeMap<Long, Parked> parked = new TreeMap<>();

    /// By the requests' numbers.
    final TreeMap<Long, Kept> answers = new TreeMap<>();

    /// Where it holds permits, by their tokens.
    final TreeMap<Long, SharedKey> holds = new TreeMap<>();

    /// What it listens to, by the subscriptions' numbers.
    final TreeMap<Long, SharedKey> subscriptions = new TreeMap<>();

    Participant(long client) {
        this.client = client;
    }

    boolean isIdle() {
        return parked.isEmpty() && answers.isEmpty() && holds.isEmpty() && subscriptions.isEmpty();
    }
}
