package dev.quiver.scheduler.coordination.state;

import dev.quiver.operator.Bytes;
import dev.quiver.protocol.CoordinationAnswer;
import dev.quiver.protocol.CoordinationFact;
import dev.quiver.protocol.CoordinationRequest;
import java.util.ArrayDeque;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Values that leave in the order in which they came, each to one client.
final class Queue extends Shared {
    private final Room room;
    private final int capacity;
    private final ArrayDeque<Bytes> values = new ArrayDeque<>();

    Queue(SharedKey key, int capacity, Room room) {
        super(key);
        this.capacity = capacity;
        this.room = room;
    }

    @Override
    @Nullable CoordinationAnswer attempt(Participant participant, CoordinationRequest what) {
        return switch (what) {
            case CoordinationRequest.Put(_, int asked, var value, _) -> {
                if (asked != capacity) yield other("capacity", capacity, asked);
                if (values.size() >= capacity) yield null;
                add(value);
                yield DONE;
            }
            case CoordinationRequest.Take(_, int asked, _) -> {
                if (asked != capacity) yield other("capacity", capacity, asked);
                Bytes value = values.poll();
                if (value == null) yield null;
                room.giveBack(value.size());
                yield new CoordinationAnswer.Value(value);
            }
            case CoordinationRequest.CountQueued(_, int asked) ->
                    asked == capacity ? number(values.size()) : other("capacity", capacity, asked);
            default -> throw notMine(what);
        };
    }

    void add(Bytes value) {
        room.take(value.size());
        values.add(value);
    }

    /// A value that was taken and didn't arrive is the next again.
    void putBack(Bytes value) {
        room.take(value.size());
        values.addFirst(value);
    }

    @Override
    boolean isForgettable() {
        return values.isEmpty();
    }

    @Override
    void clear() {
        room.giveBack((int) valueBytes());
        values.clear();
    }

    @Override
    long valueBytes() {
        return values.stream().mapToLong(Bytes::size).sum();
    }

    @Override
    void facts(Consumer<CoordinationFact> out) {
        if (!values.isEmpty())
            out.accept(new CoordinationFact.Queued(key.name(), capacity, List.copyOf(values)));
    }

    @Override
    String broken() {
        if (waiting.isEmpty()) return "";
        boolean taking = waiting.firstEntry().getValue().what() instanceof CoordinationRequest.Take;
        boolean idle = taking ? !values.isEmpty() : values.size() < capacity;
        return idle ? "somebody waits, and there are %d values".formatted(values.size()) : "";
    }
}
