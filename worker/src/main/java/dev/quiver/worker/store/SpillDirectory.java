package dev.quiver.worker.store;

import dev.quiver.columnar.memory.ByteSize;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Where a process puts outputs that there is no memory for: a directory of its own, made when the
/// first one comes. Thread-safe.
///
/// A file beside it is locked as long as the process lives; what a process left that was killed
/// goes when the next one comes.
public final class SpillDirectory implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SpillDirectory.class);
    private static final String PREFIX = "quiver-spill-";
    private static final String LOCK = ".lock";
    private static final String SUFFIX = ".spill";

    /// Of this process: to open one of them again would end its lock.
    private static final Set<Path> OWN_LOCKS = ConcurrentHashMap.newKeySet();

    /// Of the room that the disk has, where nobody said how much.
    private static final double SHARE_OF_DISK = 0.9;

    private final SpillRoom room;
    private final AtomicLong names = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();
    private final LongAdder written = new LongAdder();
    private final LongAdder readBack = new LongAdder();
    private volatile long bytesMax;
    private volatile Optional<String> trouble = Optional.empty();
    private @Nullable Own own;

    private record Own(Path path, FileChannel lock, Path lockFile) {
        void close() throws IOException {
            if (Files.exists(path)) {
                removeAll(path);
                Files.delete(path);
            }
            Files.deleteIfExists(lockFile);
            lock.close();
            OWN_LOCKS.remove(lockFile);
        }
    }

    public SpillDirectory(SpillRoom room) {
        this.room = room;
    }

    private synchronized Own own() throws IOException {
        Own made = own;
        if (made != null) return made;
        Files.createDirectories(room.parent());
        sweep();
        made = make();
        own = made;
        return made;
    }

    private Own make() throws IOException {
        while (true) {
            String name = PREFIX + UUID.randomUUID();
            Path lockFile = room.parent().resolve(name + LOCK);
            OWN_LOCKS.add(lockFile);
            var lock =
                    FileChannel.open(
                            lockFile, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            if (lock.tryLock() == null || !Files.exists(lockFile)) {
                lock.close(); // somebody swept it away
                OWN_LOCKS.remove(lockFile);
                continue;
            }
            Path path = Files.createDirectory(room.parent().resolve(name));
            bytesMax = bytesMax(path, 0);
            return new Own(path, lock, lockFile);
        }
    }

    /// How many bytes files may have together.
    ///
    /// @param there how many they have now
    private long bytesMax(Path path, long there) throws IOException {
        if (room.bytesMax().isPresent()) return room.bytesMax().getAsLong();
        return there + (long) (Files.getFileStore(path).getUsableSpace() * SHARE_OF_DISK);
    }

    /// Removes what processes left that have ended.
    private void sweep() throws IOException {
        try (DirectoryStream<Path> locks =
                Files.newDirectoryStream(room.parent(), PREFIX + "*" + LOCK)) {
            for (Path lockFile : locks) if (!OWN_LOCKS.contains(lockFile)) sweep(lockFile);
        }
    }

    private static void sweep(Path lockFile) {
        String name = String.valueOf(lockFile.getFileName());
        Path left = lockFile.resolveSibling(name.substring(0, name.length() - LOCK.length()));
        try (var lock = FileChannel.open(lockFile, StandardOpenOption.WRITE)) {
            if (lock.tryLock() == null) return;
            if (Files.exists(left)) {
                removeAll(left);
                Files.delete(left);
            }
            Files.deleteIfExists(lockFile);
        } catch (NoSuchFileException e) {
            LOG.trace("another one swept '{}'", left);
        } catch (IOException e) {
            LOG.warn("can't remove what an ended process spilled into '{}'", left, e);
        }
    }

    private static void removeAll(Path directory) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*" + SUFFIX)) {
            for (Path file : files) Files.deleteIfExists(file);
        }
    }

    static QuiverException failed(String what, Path path, IOException e) {
        return new QuiverException(
                ErrorCode.IO_FAILED,
                "%s '%s': %s".formatted(what, path, e),
                List.of(),
                "give a spill directory with free room that this process may write to; or more"
                        + " memory",
                e);
    }

    /// Writes an output, which stays the caller's; empty when that can't be: [#trouble] says why.
    Optional<SpilledOutput> write(TaskOutput output) {
        return write(
                output.bytes(),
                file -> SpilledOutput.write(output, file, room.compression(), readBack));
    }

    /// Writes an object, which stays the caller's; empty when that can't be: [#trouble] says why.
    Optional<SpilledObject> write(ObjectBytes object) {
        return write(
                object.bytes(),
                file -> SpilledObject.write(object.array(), file, room.compression()));
    }

    /// What is in a file.
    sealed interface Written permits SpilledOutput, SpilledObject {
        long fileBytes();
    }

    private interface Writing<T> {
        T to(Path file) throws IOException;
    }

    private <T extends Written> Optional<T> write(long wanted, Writing<T> writing) {
        bytes.addAndGet(wanted);
        try (SpillTime.Span _ = SpillTime.begin()) {
            Own to = own();
            long there = bytes.get();
            // the disk may have more room than when that was looked at last
            if (there > bytesMax) bytesMax = bytesMax(to.path, there - wanted);
            if (there > bytesMax) {
                bytes.addAndGet(-wanted);
                trouble =
                        Optional.of(
                                "'%s' has its %s"
                                        .formatted(room.parent(), ByteSize.text(bytesMax)));
                return Optional.empty();
            }
            T made = writing.to(to.path.resolve(names.incrementAndGet() + SUFFIX));
            bytes.addAndGet(made.fileBytes() - wanted);
            written.add(made.fileBytes());
            trouble = Optional.empty();
            return Optional.of(made);
        } catch (ClosedByInterruptException e) {
            // the task whose thread this is was cancelled: another one will do it
            bytes.addAndGet(-wanted);
            Thread.currentThread().interrupt();
            return Optional.empty();
        } catch (IOException e) {
            bytes.addAndGet(-wanted);
            if (trouble.isEmpty()) LOG.warn("can't spill into '{}'", room.parent(), e);
            trouble = Optional.of("'%s': %s".formatted(room.parent(), e));
            return Optional.empty();
        }
    }

    /// What is in the file of an object.
    byte[] read(SpilledObject object) throws IOException {
        try (SpillTime.Span _ = SpillTime.begin()) {
            byte[] read = object.read();
            readBack.add(object.fileBytes());
            return read;
        }
    }

    /// Removes a file that was written.
    void remove(SpilledOutput output) {
        bytes.addAndGet(-output.fileBytes());
        output.close();
    }

    /// Removes a file that was written.
    void remove(SpilledObject object) {
        bytes.addAndGet(-object.fileBytes());
        try {
            Files.deleteIfExists(object.file());
        } catch (IOException e) {
            LOG.warn("can't remove '{}'", object.file(), e);
        }
    }

    /// Why the last output couldn't be written; empty when it could.
    public Optional<String> trouble() {
        return trouble;
    }

    /// Bytes of the files.
    public long bytes() {
        return bytes.get();
    }

    /// What went into the files and came back.
    SpillTraffic traffic() {
        return new SpillTraffic(written.sum(), readBack.sum());
    }

    /// Removes what is left.
    @Override
    public synchronized void close() {
        Own made = own;
        own = null;
        if (made == null) return;
        try {
            made.close();
        } catch (IOException e) {
            throw failed("can't remove", made.path, e);
        }
    }
}
