package dev.quiver.protocol.wire;

/// What a message carries that the protocol has no type for: user functions and their classes, and
/// values of users' own types. Whoever knows the user's class loaders makes bytes of it.
public interface Foreign {
    byte[] write(Object value);

    /// @throws MalformedMessage or a RuntimeException of its own when the bytes make no value
    Object read(byte[] bytes);

    /// For messages that carry no such thing.
    Foreign NONE =
            new Foreign() {
                @Override
                public byte[] write(Object value) {
                    throw new IllegalArgumentException(
                            "can't be sent: " + value.getClass().getName());
                }

                @Override
                public Object read(byte[] bytes) {
                    throw new MalformedMessage(
                            "%d bytes of a foreign value".formatted(bytes.length));
                }
            };
}
