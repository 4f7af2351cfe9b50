package dev.quiver.protocol.wire;

import java.nio.charset.StandardCharsets;

/// Messages of one sealed family, or of one record, as bytes and back.
///
/// The format follows from the types: records are their components one after the other, sealed
/// interfaces an index into their records in the order of their names, enums their ordinals,
/// numbers and texts as in protocol buffers. So there is nothing to keep in step by hand, and a
/// [#fingerprint] of all these types tells whether two processes mean the same by their bytes.
///
/// Decoding builds nothing but these types, by their own constructors with their own checks, and
/// refuses bytes that aren't exactly one message. Thread-safe.
///
/// @param <M> the messages
public final class Wire<M> {
    private final Class<M> messages;
    private final Shape shape;
    private final long fingerprint;

    private Wire(Class<M> messages, Shape shape, long fingerprint) {
        this.messages = messages;
        this.shape = shape;
        this.fingerprint = fingerprint;
    }

    /// @param messages a record or a sealed interface of records
    /// @throws IllegalArgumentException when the types have something that has no form as bytes
    public static <M> Wire<M> of(Class<M> messages, Foreign foreign) {
        var shapes = new Shapes(foreign);
        Shape shape = shapes.of(messages);
        return new Wire<>(messages, shape, hash(shapes.description()));
    }

    /// FNV-1a.
    private static long hash(String text) {
        long hash = 0xCBF2_9CE4_8422_2325L;
        for (byte value : text.getBytes(StandardCharsets.UTF_8))
            hash = (hash ^ (value & 0xFF)) * 0x0000_0100_0000_01B3L;
        return hash;
    }

    /// Equal in two processes whose messages have the same form.
    public long fingerprint() {
        return fingerprint;
    }

    public byte[] encode(M message) {
        var out = new WireOutput();
        shape.write(message, out);
        return out.toBytes();
    }

    /// @throws MalformedMessage when the bytes aren't one whole message
    public M decode(byte[] bytes) {
        var in = new WireInput(bytes);
        M message = messages.cast(shape.read(in));
        in.end();
        return message;
    }
}
