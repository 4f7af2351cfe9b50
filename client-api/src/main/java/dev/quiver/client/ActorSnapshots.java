package dev.quiver.client;

import dev.quiver.columnar.memory.ByteSize;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.operator.Bytes;
import dev.quiver.protocol.CoordinationAnswer;
import dev.quiver.protocol.CoordinationRequest;
import dev.quiver.protocol.CoordinationRequest.Kind;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Where an actor keeps its last snapshot: in variables of the scheduler's, which outlive workers.
/// One says which others hold the bytes, so that a snapshot is there as a whole or not at all.
///
/// Who saves holds the actor's lock.
final class ActorSnapshots {
    /// Of a state as it travels.
    static final int STATE_BYTES_MAX = 1 << 20;

    private static final int PART_BYTES = CoordinationRequest.VALUE_BYTES_MAX;

    private final Coordination coordination;
    private final String name;

    /// Of the last snapshot, and how many parts it has.
    private long version;

    private int parts;

    /// @param state packed; empty for an object that has none to restore
    /// @param replies to the calls that led to it, which their callers may not have
    record Snapshot(Optional<byte[]> state, List<ActorEnvelope> replies) {
        /// Of an object that has none to restore.
        static final Snapshot NONE = new Snapshot(Optional.empty(), List.of());

        byte[] encoded() {
            List<byte[]> all = replies.stream().map(reply -> reply.encoded().array()).toList();
            byte[] known = state.orElse(new byte[0]);
            int size = 2 * Integer.BYTES + known.length;
            for (byte[] reply : all) size += Integer.BYTES + reply.length;
            ByteBuffer buffer = ByteBuffer.allocate(size);
            buffer.putInt(known.length).put(known);
            buffer.putInt(all.size());
            for (byte[] reply : all) buffer.putInt(reply.length).put(reply);
            return buffer.array();
        }

        static Snapshot decoded(ByteBuffer left) {
            Optional<byte[]> state = Optional.of(bytes(left, left.getInt()));
            int count = left.getInt();
            var replies = new ArrayList<ActorEnvelope>();
            for (int i = 0; i < count; i++)
                replies.add(ActorEnvelope.decoded(Bytes.of(bytes(left, left.getInt()))));
            return new Snapshot(state, replies);
        }

        private static byte[] bytes(ByteBuffer left, int length) {
            var bytes = new byte[length];
            left.get(bytes);
            return bytes;
        }
    }

    ActorSnapshots(Coordination coordination, String actor) {
        this.coordination = coordination;
        this.name = actor + " snapshot";
    }

    private String part(long of, int index) {
        return "%s %d.%d".formatted(name, of, index);
    }

    /// The last one; empty when nothing was saved.
    Optional<Snapshot> last() {
        Optional<Bytes> head = value(name);
        if (head.isEmpty()) return Optional.empty();
        ByteBuffer said = ByteBuffer.wrap(head.get().array());
        version = said.getLong();
        parts = said.getInt();
        if (parts == 0) return Optional.of(Snapshot.NONE);
        ByteBuffer whole = ByteBuffer.allocate(said.getInt());
        for (int i = 0; i < parts; i++) {
            String part = part(version, i);
            whole.put(
                    value(part)
                            .orElseThrow(() -> new IllegalStateException(part + " is missing"))
                            .array());
        }
        return Optional.of(Snapshot.decoded(whole.flip()));
    }

    /// Whether an object was there that has no snapshots. Others may save meanwhile.
    boolean areNone() {
        return value(name)
                .map(head -> ByteBuffer.wrap(head.array()).getInt(Long.BYTES) == 0)
                .orElse(false);
    }

    private Optional<Bytes> value(String variable) {
        return coordination
                .ask(
                        Duration.ZERO,
                        patience -> new CoordinationRequest.GetVariable(variable, patience))
                .map(answer -> {
                    if (answer instanceof CoordinationAnswer.Value(var value)) return value;
                    throw new IllegalStateException("no value: " + answer);
                });
    }

    /// Saves the next one, in place of the last.
    ///
    /// @throws QuiverException ARGUMENT_INVALID when its state is too large, MEMORY_REFUSED when
    ///   the scheduler has no room; the last one stays
    void save(Snapshot snapshot) {
        int size = snapshot.state().map(state -> state.length).orElse(0);
        if (size > STATE_BYTES_MAX) throw tooLarge(size);
        byte[] whole = snapshot.state().isPresent() ? snapshot.encoded() : new byte[0];
        int count = Math.ceilDiv(whole.length, PART_BYTES);
        long next = version + 1;
        for (int i = 0; i < count; i++) {
            int from = i * PART_BYTES;
            int to = Math.min(whole.length, from + PART_BYTES);
            set(part(next, i), Arrays.copyOfRange(whole, from, to));
        }
        ByteBuffer head = ByteBuffer.allocate(Long.BYTES + 2 * Integer.BYTES);
        set(name, head.putLong(next).putInt(count).putInt(whole.length).array());
        forgetParts();
        version = next;
        parts = count;
    }

    private void set(String variable, byte[] value) {
        var _ = coordination.ask(new CoordinationRequest.SetVariable(variable, Bytes.of(value)));
    }

    private void forgetParts() {
        for (int i = 0; i < parts; i++)
            coordination.tell(new CoordinationRequest.Delete(Kind.VARIABLE, part(version, i)));
    }

    /// Forgets what is saved.
    void forget() {
        var _ = last();
        coordination.tell(new CoordinationRequest.Delete(Kind.VARIABLE, name));
        forgetParts();
    }

    private static QuiverException tooLarge(int bytes) {
        return new QuiverException(
                ErrorCode.ARGUMENT_INVALID,
                "the snapshot of an actor has " + ByteSize.text(bytes),
                List.of("most: " + ByteSize.text(STATE_BYTES_MAX)),
                "keep what is large in files, and their names in the snapshot");
    }
}
