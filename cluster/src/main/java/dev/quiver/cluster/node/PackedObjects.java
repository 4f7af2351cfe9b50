package dev.quiver.cluster.node;

import dev.quiver.client.Packed;
import dev.quiver.client.TaskCode;
import dev.quiver.worker.server.ObjectCodec;

/// What tasks of user code return: it is bytes wherever it is.
final class PackedObjects implements ObjectCodec {
    @Override
    public byte[] encode(int stage, Object value) {
        if (value instanceof Packed packed) return packed.bytes();
        throw new IllegalStateException("a task returned " + value.getClass().getName());
    }

    @Override
    public Object decode(int stage, byte[] bytes) {
        return TaskCode.arrived(bytes);
    }
}
