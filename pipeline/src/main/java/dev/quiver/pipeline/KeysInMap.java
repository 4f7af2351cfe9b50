package dev.quiver.pipeline;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;
import net.openhft.chronicle.set.ChronicleSet;
import net.openhft.chronicle.set.ChronicleSetBuilder;

/// A set in a file that is mapped, by Chronicle Map: beyond the memory that Quiver counts, as the
/// system keeps what was used last. Its size is fixed when it is made; a full one is copied into a
/// larger one.
///
/// A process that is killed may leave the file in any state, and Chronicle Map takes many a damaged
/// file for a good one: whoever opens one knows that it is as it was closed.
///
/// What Chronicle Map throws becomes an [UncheckedIOException]. A set that could not grow is still
/// what it was.
final class KeysInMap implements KeySet {
    static final String ARTIFACT = "net.openhft:chronicle-map:2026.1";
    private static final String CLASS = "net.openhft.chronicle.set.ChronicleSet";
    private static final String ANNOUNCER = "chronicle.announcer.disable";
    private static final int PIECE_BYTES = 1 << 20;

    private final Path file;
    private ChronicleSet<byte[]> set;
    private final byte[] key = new byte[KeyDigest.BYTES];
    private long capacity;
    private long used;

    private KeysInMap(Path file, ChronicleSet<byte[]> set, long capacity) {
        this.file = file;
        this.set = set;
        this.capacity = capacity;
        this.used = set.longSize();
    }

    /// What to do so that such sets can be used in this JVM; empty when they can.
    static Optional<String> missing() {
        ClassLoader loader = KeysInMap.class.getClassLoader();
        Module chronicle;
        try {
            chronicle = Class.forName(CLASS, false, loader).getModule();
        } catch (ClassNotFoundException e) {
            return Optional.of("put %s on the class path".formatted(ARTIFACT));
        }
        // It compiles its own classes when it is used first.
        if (ModuleLayer.boot().findModule("jdk.compiler").isEmpty())
            return Optional.of("start the java of a JDK, which has the module jdk.compiler");
        var flags = new ArrayList<String>();
        opened("java.base", "java.lang", chronicle, flags);
        opened("java.base", "java.lang.reflect", chronicle, flags);
        exported("java.base", "sun.nio.ch", chronicle, flags);
        exported("java.base", "jdk.internal.ref", chronicle, flags);
        exported("jdk.compiler", "com.sun.tools.javac.file", chronicle, flags);
        if (flags.isEmpty()) return Optional.empty();
        return Optional.of("start Java with " + String.join(" ", flags));
    }

    private static void opened(String module, String name, Module reader, List<String> flags) {
        boolean isThere =
                ModuleLayer.boot()
                        .findModule(module)
                        .filter(m -> m.isOpen(name, reader))
                        .isPresent();
        if (!isThere) flags.add("--add-opens=%s/%s=ALL-UNNAMED".formatted(module, name));
    }

    private static void exported(String module, String name, Module reader, List<String> flags) {
        boolean isThere =
                ModuleLayer.boot()
                        .findModule(module)
                        .filter(m -> m.isExported(name, reader))
                        .isPresent();
        if (!isThere) flags.add("--add-exports=%s/%s=ALL-UNNAMED".formatted(module, name));
    }

    /// An empty one in the place of whatever is there.
    static KeysInMap create(Path file, long capacity) throws IOException {
        Files.deleteIfExists(file);
        return new KeysInMap(file, opened(file, capacity), capacity);
    }

    /// One that was closed, and is what it was then: see [#checksum].
    static KeysInMap open(Path file, long capacity) throws IOException {
        return new KeysInMap(file, opened(file, capacity), capacity);
    }

    private static ChronicleSet<byte[]> opened(Path file, long capacity) throws IOException {
        // It would ask for an e-mail address in the log.
        if (System.getProperty(ANNOUNCER) == null) System.setProperty(ANNOUNCER, "true");
        try {
            return ChronicleSetBuilder.of(byte[].class)
                    .constantKeySizeBySample(new byte[KeyDigest.BYTES])
                    .entries(capacity)
                    .skipCloseOnExitHook(true)
                    .createPersistedTo(file.toFile());
        } catch (RuntimeException | LinkageError | AssertionError e) {
            throw new IOException("Chronicle Map can't open %s: %s".formatted(file, e), e);
        }
    }

    /// Of all bytes of a file that nobody has open.
    static int checksum(Path file) throws IOException {
        var crc = new CRC32C();
        ByteBuffer piece = ByteBuffer.allocate(PIECE_BYTES);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            while (channel.read(piece) >= 0) {
                crc.update(piece.flip());
                piece.clear();
            }
        }
        return (int) crc.getValue();
    }

    /// How many keys it takes before it is copied.
    long capacity() {
        return capacity;
    }

    @Override
    public boolean contains(byte[] digest) {
        System.arraycopy(digest, 0, key, 0, KeyDigest.BYTES);
        try {
            return set.contains(key);
        } catch (RuntimeException e) {
            throw failed(e);
        }
    }

    @Override
    public void add(byte[] digest) {
        if (used >= capacity) grow();
        System.arraycopy(digest, 0, key, 0, KeyDigest.BYTES);
        try {
            if (set.add(key)) used++;
        } catch (RuntimeException e) {
            throw failed(e);
        }
    }

    private UncheckedIOException failed(RuntimeException cause) {
        return new UncheckedIOException(
                new IOException("Chronicle Map fails with %s: %s".formatted(file, cause), cause));
    }

    /// The file that a full one is copied to.
    static Path larger(Path file) {
        return file.resolveSibling(file.getFileName() + ".new");
    }

    private void grow() {
        long larger = Math.multiplyExact(capacity, 2);
        Path made = larger(file);
        try {
            Files.deleteIfExists(made);
            try (ChronicleSet<byte[]> copy = opened(made, larger)) {
                set.forEach(copy::add);
            }
            // It asks for its file by the name that it was opened by, so two can't have one.
            set.close();
            try {
                Files.move(made, file, StandardCopyOption.REPLACE_EXISTING);
                capacity = larger;
            } finally {
                set = opened(file, capacity);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (RuntimeException e) {
            throw failed(e);
        }
    }

    @Override
    public long size() {
        return used;
    }

    @Override
    public void close() {
        set.close();
    }
}
