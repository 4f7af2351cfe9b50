package dev.quiver.worker.user.ship;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A closure or a value as it travels: the hashes of the bundles that its classes are in, then its
/// bytes.
///
/// ```
/// version, flags, count of manifests (one byte each), class path (32 bytes, if flagged),
/// manifests (32 bytes each), what Kryo wrote
/// ```
public final class Payload {
    private static final byte VERSION = 1;
    private static final int CLASS_PATH = 1;
    private static final int VARIABLES = 2;
    private static final int FLAGS = CLASS_PATH | VARIABLES;
    private static final int MANIFESTS_MAX = 255;

    /// What errors call the argument of a function.
    static final String ARGUMENT = "the argument";

    private final byte[] bytes;
    private final Optional<BundleHash> classPath;
    private final List<BundleHash> manifests;
    private final boolean withVariables;
    private final int from;

    private Payload(
            byte[] bytes,
            Optional<BundleHash> classPath,
            List<BundleHash> manifests,
            boolean withVariables,
            int from) {
        this.bytes = bytes;
        this.classPath = classPath;
        this.manifests = manifests;
        this.withVariables = withVariables;
        this.from = from;
    }

    static Payload of(
            Optional<BundleHash> classPath,
            List<BundleHash> manifests,
            boolean withVariables,
            byte[] body) {
        if (manifests.size() > MANIFESTS_MAX)
            throw new IllegalArgumentException("%d manifests".formatted(manifests.size()));
        int hashes = manifests.size() + (classPath.isPresent() ? 1 : 0);
        int from = 3 + hashes * BundleHash.BYTES;
        var buffer = ByteBuffer.allocate(from + body.length);
        buffer.put(VERSION);
        buffer.put(
                (byte)
                        ((classPath.isPresent() ? CLASS_PATH : 0)
                                | (withVariables ? VARIABLES : 0)));
        buffer.put((byte) manifests.size());
        if (classPath.isPresent()) classPath.get().write(buffer);
        for (BundleHash manifest : manifests) manifest.write(buffer);
        buffer.put(body);
        return new Payload(buffer.array(), classPath, manifests, withVariables, from);
    }

    /// A value that is read with what the function brings along that it is the argument of.
    static Payload argument(byte[] body) {
        return of(Optional.empty(), List.of(), false, body);
    }

    /// A payload that arrived.
    ///
    /// @param bytes taken over
    /// @throws IllegalArgumentException when they are no payload
    public static Payload of(byte[] bytes) {
        var buffer = ByteBuffer.wrap(bytes);
        try {
            int version = buffer.get();
            if (version != VERSION)
                throw new IllegalArgumentException("a payload of version %d".formatted(version));
            int flags = buffer.get();
            if ((flags & ~FLAGS) != 0)
                throw new IllegalArgumentException("a payload with flags %x".formatted(flags));
            int count = Byte.toUnsignedInt(buffer.get());
            Optional<BundleHash> classPath =
                    (flags & CLASS_PATH) == 0
                            ? Optional.empty()
                            : Optional.of(BundleHash.read(buffer));
            var manifests = new ArrayList<BundleHash>(count);
            for (int i = 0; i < count; i++) manifests.add(BundleHash.read(buffer));
            return new Payload(
                    bytes,
                    classPath,
                    List.copyOf(manifests),
                    (flags & VARIABLES) != 0,
                    buffer.position());
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("a payload of %d bytes".formatted(bytes.length), e);
        }
    }

    /// The bytes to send, which nobody may change.
    public byte[] bytes() {
        return bytes;
    }

    /// The bundle that lists the client's class path.
    public Optional<BundleHash> classPath() {
        return classPath;
    }

    /// The bundles that list classes made in memory.
    public List<BundleHash> manifests() {
        return manifests;
    }

    /// Whether the values of the manifests' variables follow the value.
    boolean withVariables() {
        return withVariables;
    }

    /// Where Kryo's bytes begin.
    int from() {
        return from;
    }
}
