package dev.quiver.scheduler.coordination.state;

import dev.quiver.error.ErrorCode;
import dev.quiver.operator.Bytes;
import dev.quiver.protocol.CoordinationAnswer;
import dev.quiver.protocol.CoordinationFact;
import dev.quiver.protocol.CoordinationRequest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// What was published, as long as somebody who has subscribed hasn't taken it in. Who is too slow
/// misses the oldest.
final class Topic extends Shared {
    static final int VALUES_MAX = 4096;
    static final long BYTES_MAX = 4L << 20;

    private static final int BATCH_MAX = 256;
    private static final long BATCH_BYTES_MAX = 256 << 10;

    private static final class Subscription {
        private final Participant participant;
        private long position;

        private Subscription(Participant participant, long position) {
            this.participant = participant;
            this.position = position;
        }
    }

    private final Room room;
    private final LongSupplier numbers;
    private final TreeMap<Long, Subscription> subscriptions = new TreeMap<>();

    /// How many subscriptions have come how far.
    private final TreeMap<Long, Integer> positions = new TreeMap<>();

    private final ArrayDeque<Bytes> values = new ArrayDeque<>();
    private long bytes;
    private long first;

    Topic(SharedKey key, Room room, LongSupplier numbers) {
        super(key);
        this.room = room;
        this.numbers = numbers;
    }

    private long end() {
        return first + values.size();
    }

    @Override
    @Nullable CoordinationAnswer attempt(Participant participant, CoordinationRequest what) {
        return switch (what) {
            case CoordinationRequest.Publish(_, var value) -> {
                if (!subscriptions.isEmpty()) add(value);
                yield DONE;
            }
            case CoordinationRequest.Subscribe _ -> {
                long number = numbers.getAsLong();
                subscribe(number, participant, end());
                yield number(number);
            }
            case CoordinationRequest.Next(_, long number, long from, _) -> {
                Subscription subscription = subscriptions.get(number);
                if (subscription == null || subscription.participant != participant)
                    yield new CoordinationAnswer.Refused(
                            ErrorCode.UNAVAILABLE,
                            "the subscription to %s has ended".formatted(key),
                            "subscribe again");
                yield next(subscription, from);
            }
            case CoordinationRequest.Unsubscribe(_, long number) -> {
                Subscription subscription = subscriptions.get(number);
                if (subscription != null && subscription.participant == participant)
                    unsubscribe(number);
                yield DONE;
            }
            default -> throw notMine(what);
        };
    }

    private @Nullable CoordinationAnswer next(Subscription subscription, long from) {
        long asked = Math.max(subscription.position, Math.min(from, end()));
        move(subscription, asked);
        if (asked == end()) return null;
        long missed = Math.max(0, first - asked);
        long begin = asked + missed;
        var batch = new ArrayList<Bytes>();
        long size = 0;
        long at = first;
        for (Bytes value : values) {
            if (at++ < begin) continue;
            if (batch.size() == BATCH_MAX || size >= BATCH_BYTES_MAX) break;
            batch.add(value);
            size += value.size();
        }
        return new CoordinationAnswer.Values(begin + batch.size(), missed, batch);
    }

    void subscribe(long number, Participant participant, long position) {
        subscriptions.put(number, new Subscription(participant, position));
        participant.subscriptions.put(number, key);
        positions.merge(position, 1, Integer::sum);
    }

    void unsubscribe(long number) {
        Subscription subscription = subscriptions.remove(number);
        if (subscription == null) return;
        subscription.participant.subscriptions.remove(number);
        leave(subscription.position);
        trim();
    }

    private void move(Subscription subscription, long position) {
        if (position == subscription.position) return;
        leave(subscription.position);
        subscription.position = position;
        positions.merge(position, 1, Integer::sum);
        trim();
    }

    private void leave(long position) {
        positions.computeIfPresent(position, (_, count) -> count == 1 ? null : count - 1);
    }

    /// Drops what all have taken in, and what there is no room for.
    private void trim() {
        long needed = positions.isEmpty() ? Long.MAX_VALUE : positions.firstKey();
        while (!values.isEmpty()
                && (first < needed || values.size() > VALUES_MAX || bytes > BYTES_MAX)) {
            Bytes gone = values.remove();
            room.giveBack(gone.size());
            bytes -= gone.size();
            first++;
        }
    }

    private void add(Bytes value) {
        room.take(value.size());
        bytes += value.size();
        values.add(value);
        trim();
    }

    /// Takes over what another scheduler had.
    void restore(long from, List<Bytes> there) {
        first = from;
        for (Bytes value : there) {
            room.take(value.size());
            bytes += value.size();
            values.add(value);
        }
    }

    @Override
    boolean servesInTurn() {
        return false;
    }

    @Override
    boolean isForgettable() {
        return subscriptions.isEmpty();
    }

    @Override
    long valueBytes() {
        return bytes;
    }

    @Override
    void facts(Consumer<CoordinationFact> out) {
        out.accept(new CoordinationFact.Topic(key.name(), first, List.copyOf(values)));
        subscriptions.forEach((number, subscription) ->
                out.accept(
                        new CoordinationFact.Subscribed(
                                key.name(),
                                number,
                                subscription.participant.client,
                                subscription.position)));
    }

    @Override
    String broken() {
        if (values.stream().mapToLong(Bytes::size).sum() != bytes) return "bytes are miscounted";
        for (Parked parked : waiting.values()) {
            var next = (CoordinationRequest.Next) parked.what();
            Subscription subscription = subscriptions.get(next.subscription());
            if (subscription == null || subscription.position < end())
                return "%s waits, and there is something".formatted(parked.participant().client);
        }
        return "";
    }
}
