package dev.quiver.cluster.log;

import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.error.Unavailable;
import dev.quiver.protocol.wire.Foreign;
import dev.quiver.protocol.wire.MalformedMessage;
import dev.quiver.protocol.wire.Wire;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/// A log's file in its directory, which nobody else uses meanwhile: eight bytes that say what it
/// is, a block about who wrote it, then blocks of entries.
final class LogFile implements AutoCloseable {
    private static final byte[] MAGIC = "QVRJOBS1".getBytes(StandardCharsets.US_ASCII);
    private static final String NAME = "jobs.log";
    private static final String NEW_NAME = "jobs.log.new";
    private static final String LOCK_NAME = "lock";

    private static final Wire<LogBlock> BLOCKS = Wire.of(LogBlock.class, Foreign.NONE);

    private final Path directory;
    private final String version;
    private final FileChannel lockFile;
    private FileChannel channel;
    private LogBlocks blocks;
    private final List<LogEntry> entries = new ArrayList<>();
    private long cluster;

    private LogFile(Path directory, String version, FileChannel lockFile) throws IOException {
        this.directory = directory;
        this.version = version;
        this.lockFile = lockFile;
        Path file = directory.resolve(NAME);
        if (!Files.exists(file)) {
            this.cluster = ThreadLocalRandom.current().nextLong();
            create();
        }
        this.channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
        this.blocks = new LogBlocks(channel, file, MAGIC.length);
        try {
            checkMagic(file);
            readHeader(file);
            readEntries(file);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /// Opens the log of a directory, or makes both.
    ///
    /// @param version of Quiver, for people
    /// @throws QuiverException UNAVAILABLE when another process uses it, FILE_CORRUPT when it is
    ///   damaged or none, UNSUPPORTED when another version wrote it, IO_FAILED
    static LogFile open(Path directory, String version) {
        @Nullable FileChannel lockFile = null;
        try {
            Files.createDirectories(directory);
            lockFile =
                    FileChannel.open(
                            directory.resolve(LOCK_NAME),
                            StandardOpenOption.CREATE,
                            StandardOpenOption.WRITE);
            lock(lockFile, directory);
            return new LogFile(directory, version, lockFile);
        } catch (IOException e) {
            close(lockFile);
            throw new QuiverException(
                    ErrorCode.IO_FAILED,
                    "the directory %s can't be used: %s".formatted(directory, e),
                    List.of(),
                    "see that it can be made and written, or name another one with --dir",
                    e);
        } catch (RuntimeException e) {
            close(lockFile);
            throw e;
        }
    }

    private static void close(@Nullable FileChannel channel) {
        if (channel == null) return;
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException("closing a log of jobs", e);
        }
    }

    private static void lock(FileChannel lockFile, Path directory) throws IOException {
        FileLock lock;
        try {
            lock = lockFile.tryLock();
        } catch (OverlappingFileLockException e) {
            lock = null;
        }
        if (lock == null)
            throw new Unavailable(
                    "another scheduler uses the directory " + directory,
                    List.of(),
                    "stop it first, or give each a directory of its own with --dir");
    }

    private void checkMagic(Path file) throws IOException {
        var magic = ByteBuffer.allocate(MAGIC.length);
        int count = channel.read(magic, 0);
        if (count < MAGIC.length || !Arrays.equals(magic.array(), MAGIC))
            throw new DamagedLog(file, "%s isn't a log of jobs".formatted(file));
    }

    private void readHeader(Path file) throws IOException {
        Optional<byte[]> header = blocks.next();
        if (header.isEmpty() || header.get().length < 2 * Long.BYTES)
            throw new DamagedLog(
                    file, "the log of jobs in %s has lost its beginning".formatted(file));
        var bytes = ByteBuffer.wrap(header.get()).order(ByteOrder.LITTLE_ENDIAN);
        long fingerprint = bytes.getLong();
        cluster = bytes.getLong();
        if (fingerprint == BLOCKS.fingerprint()) return;
        String writer = StandardCharsets.UTF_8.decode(bytes).toString();
        throw new QuiverException(
                ErrorCode.UNSUPPORTED,
                "the log of jobs in %s was written by Quiver %s, and this is %s"
                        .formatted(
                                file,
                                writer,
                                writer.equals(version) ? "another build of it" : version),
                List.of(),
                "run that version until its jobs have ended, or start with another --dir");
    }

    private void readEntries(Path file) throws IOException {
        for (Optional<byte[]> next = blocks.next(); next.isPresent(); next = blocks.next()) {
            try {
                entries.addAll(BLOCKS.decode(next.get()).entries());
            } catch (MalformedMessage e) {
                throw new DamagedLog(
                        file, "the log of jobs in %s makes no sense: %s".formatted(file, e));
            }
        }
    }

    private void create() throws IOException {
        Path fresh = directory.resolve(NEW_NAME);
        try (FileChannel out = fresh(fresh)) {
            beginning(out, fresh);
            out.force(true);
        }
        settle(fresh);
    }

    private static FileChannel fresh(Path file) throws IOException {
        return FileChannel.open(
                file,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE);
    }

    private LogBlocks beginning(FileChannel out, Path file) throws IOException {
        out.write(ByteBuffer.wrap(MAGIC), 0);
        byte[] name = version.getBytes(StandardCharsets.UTF_8);
        var header =
                ByteBuffer.allocate(2 * Long.BYTES + name.length)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(BLOCKS.fingerprint())
                        .putLong(cluster)
                        .put(name);
        var written = new LogBlocks(out, file, MAGIC.length);
        written.append(header.array());
        return written;
    }

    /// The new file takes the place of the old one, for good.
    private void settle(Path fresh) throws IOException {
        Files.move(fresh, directory.resolve(NAME), StandardCopyOption.ATOMIC_MOVE);
        try (FileChannel folder = FileChannel.open(directory, StandardOpenOption.READ)) {
            folder.force(true);
        }
    }

    /// A number that no other cluster has.
    long cluster() {
        return cluster;
    }

    /// What it held when it was opened; taken out.
    List<LogEntry> takeEntries() {
        var taken = List.copyOf(entries);
        entries.clear();
        return taken;
    }

    long bytes() {
        return blocks.position();
    }

    /// Writes entries; they are safe when this returns.
    void append(List<LogEntry> batch) throws IOException {
        blocks.append(BLOCKS.encode(new LogBlock(batch)));
        channel.force(false);
    }

    /// Writes the log anew.
    ///
    /// @param head comes first
    /// @param left says what is left of each entry
    /// @param tail comes last
    void rewrite(List<LogEntry> head, Left left, List<LogEntry> tail) throws IOException {
        Path fresh = directory.resolve(NEW_NAME);
        FileChannel out = fresh(fresh);
        try {
            LogBlocks written = beginning(out, fresh);
            written.append(BLOCKS.encode(new LogBlock(head)));
            var old = new LogBlocks(channel, directory.resolve(NAME), MAGIC.length);
            var _ = old.next(); // who wrote it
            for (Optional<byte[]> next = old.next(); next.isPresent(); next = old.next()) {
                var kept = new ArrayList<LogEntry>();
                for (LogEntry entry : BLOCKS.decode(next.get()).entries())
                    left.of(entry).ifPresent(kept::add);
                if (!kept.isEmpty()) written.append(BLOCKS.encode(new LogBlock(kept)));
            }
            if (!tail.isEmpty()) written.append(BLOCKS.encode(new LogBlock(tail)));
            out.force(true);
            settle(fresh);
            channel.close();
            channel = out;
            blocks = written;
        } catch (IOException | RuntimeException e) {
            out.close();
            throw e;
        }
    }

    /// What is left of entries in a log that is written anew.
    interface Left {
        Optional<LogEntry> of(LogEntry entry);
    }

    @Override
    public void close() {
        close(channel);
        close(lockFile);
    }
}
