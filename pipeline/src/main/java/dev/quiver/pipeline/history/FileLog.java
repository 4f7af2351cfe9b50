package dev.quiver.pipeline.history;

import dev.quiver.io.WholeFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A log in a file of this machine.
final class FileLog implements JsonLog {
    private static final Duration TRIM_DAYS_LATE = Duration.ofDays(1);
    private static final int LINES_LOOKED_AT = 10;

    /// Locks of files are between processes; within this one it is these.
    private static final Map<Path, Object> LOCKS = new ConcurrentHashMap<>();

    private final Path file;
    private final Object lock;

    FileLog(Path file) {
        this.file = file.toAbsolutePath().normalize();
        this.lock = LOCKS.computeIfAbsent(this.file, _ -> new Object());
    }

    private interface Work {
        void on(FileChannel channel) throws IOException;
    }

    /// Works on the file while nobody else does.
    private void locked(Work work) throws IOException {
        synchronized (lock) {
            while (true) {
                try (FileChannel channel =
                        FileChannel.open(
                                file,
                                StandardOpenOption.CREATE,
                                StandardOpenOption.READ,
                                StandardOpenOption.WRITE)) {
                    Object opened = key();
                    try (FileLock _ = channel.lock()) {
                        // Another process may have put a new file there before the lock was had.
                        if (!Objects.equals(opened, key())) continue;
                        work.on(channel);
                        return;
                    }
                }
            }
        }
    }

    private Object key() throws IOException {
        if (!Files.exists(file)) return "";
        Object key = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
        return key == null ? "" : key;
    }

    @Override
    public void append(Map<String, ?> object) throws IOException {
        byte[] line = JsonLog.line(object);
        locked(channel -> {
            var bytes = ByteBuffer.allocate(line.length + 2);
            if (isTorn(channel)) bytes.put((byte) '\n');
            bytes.put(line).put((byte) '\n').flip();
            long at = channel.size();
            while (bytes.hasRemaining()) at += channel.write(bytes, at);
            channel.force(true);
        });
    }

    /// Whether the last line has no end.
    private static boolean isTorn(FileChannel channel) throws IOException {
        if (channel.size() == 0) return false;
        var last = ByteBuffer.allocate(1);
        channel.read(last, channel.size() - 1);
        return last.get(0) != '\n';
    }

    @Override
    public List<Map<String, Object>> read() throws IOException {
        // Closing a file gives back the locks on it that other threads of this process have.
        synchronized (lock) {
            if (!Files.exists(file)) return List.of();
            return JsonLog.objects(Files.readAllBytes(file), file);
        }
    }

    /// Reads the file by the channel that has its lock.
    private List<Map<String, Object>> read(FileChannel channel) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(channel.size()));
        while (bytes.hasRemaining()) if (channel.read(bytes, bytes.position()) < 0) break;
        return JsonLog.objects(Arrays.copyOf(bytes.array(), bytes.position()), file);
    }

    @Override
    public void trim(Instant oldest, long bytesMax) throws IOException {
        if (!Files.exists(file)) return;
        boolean isLarge = Files.size(file) > bytesMax;
        if (!isLarge && !first().isBefore(oldest.minus(TRIM_DAYS_LATE))) return;
        locked(channel -> {
            var bytes = new ByteArrayOutputStream();
            for (byte[] line : JsonLog.kept(read(channel), oldest, bytesMax / 2)) {
                bytes.writeBytes(line);
                bytes.write('\n');
            }
            WholeFile.replace(file, bytes.toByteArray());
        });
    }

    /// When the first object was said that is whole among the first few; the far future when none
    /// is.
    private Instant first() throws IOException {
        synchronized (lock) {
            return firstOf(file);
        }
    }

    private static Instant firstOf(Path file) throws IOException {
        try (Stream<String> lines = Files.lines(file)) {
            String few = lines.limit(LINES_LOOKED_AT).collect(Collectors.joining("\n"));
            byte[] bytes = few.getBytes(StandardCharsets.UTF_8);
            List<Map<String, Object>> objects = JsonLog.objects(bytes, file);
            return objects.isEmpty() ? Instant.MAX : JsonLog.at(objects.getFirst());
        } catch (UncheckedIOException e) {
            return Instant.EPOCH; // a torn letter: then the whole file is looked at
        }
    }
}
