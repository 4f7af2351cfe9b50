package dev.quiver.cluster.client;

import dev.quiver.client.Packing;
import dev.quiver.client.RunningTask;
import dev.quiver.operator.Bytes;
import dev.quiver.protocol.wire.Foreign;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How the code travels that tasks submit: with the classes of the client whose tasks they are,
/// which workers get from that one.
///
/// @param origin the number of that client
record TaskShipping(int origin) implements Shipping {
    @Override
    public void start() {}

    @Override
    public int owner(int client) {
        return origin;
    }

    @Override
    public Packing packing(@Nullable ClassLoader loader) {
        return RunningTask.packing();
    }

    @Override
    public Foreign functions() {
        return new Foreign() {
            @Override
            public byte[] write(Object value) {
                return RunningTask.packClosure(value, "a function of the query");
            }

            @Override
            public Object read(byte[] bytes) {
                throw new IllegalStateException("a client is sent no functions");
            }
        };
    }

    @Override
    public void upload(List<Bytes> wanted, int client, SchedulerLine line) {
        throw new IllegalStateException("the classes are client %d's".formatted(origin));
    }

    @Override
    public void close() {}
}
