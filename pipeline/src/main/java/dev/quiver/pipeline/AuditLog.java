package dev.quiver.pipeline;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.io.store.Stores;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/// Who read and wrote what: a JSON object a line, on the disk before what it tells happens. Lines
/// are only ever added, by any number of processes at a time; one that a crash tore goes.
///
/// In a store, where files don't grow, the log is a folder with a file for each line.
final class AuditLog {
    private static final JsonFactory JSON = new JsonFactory();
    private static final int BLOCK_BYTES = 1 << 14;
    private static final int DIFFERS = -1;

    /// Locks of files don't hold threads of one process off each other.
    private static final ReentrantLock IN_PROCESS = new ReentrantLock();

    private final Disk disk;
    private final Path file;
    private final String user;

    AuditLog(Disk disk, Path file, String user) {
        this.disk = disk;
        this.file = file;
        this.user = user;
    }

    /// Writes the fields of an event.
    interface Fields {
        void write(JsonGenerator json) throws IOException;
    }

    /// Adds an event.
    void add(Event event, Fields fields) {
        add(event, fields, false);
    }

    /// Adds an event, which has a moment when its subject began, unless the log has one with the
    /// same word, subject and moment.
    void addOnce(Event event, Fields fields) {
        add(event, fields, true);
    }

    /// What happens.
    ///
    /// @param word such as `loaded`
    /// @param subject what it happens to, as `run` and its id
    /// @param of the moment when the subject began; empty for none
    record Event(String word, String kind, String subject, String of, String time) {}

    private void add(Event event, Fields fields, boolean once) {
        try {
            if (Stores.isRemote(file)) addFile(event, fields, once);
            else addLine(event, fields, once);
        } catch (IOException e) {
            throw new QuiverException(
                    ErrorCode.IO_FAILED,
                    "can't write the audit log '%s': %s".formatted(file, e),
                    List.of(),
                    "check its permissions and the space on its disk, or choose another with"
                            + " audit(…)",
                    e);
        }
    }

    /// What is said once has a name that is the same each time.
    private void addFile(Event event, Fields fields, boolean once) throws IOException {
        String began = event.of().isEmpty() ? event.time() : event.of();
        String name = "%s-%s-%s".formatted(began, event.subject(), event.word());
        if (!once) name += "-" + event.time();
        Path line = file.resolve(name.replaceAll("[^A-Za-z0-9.-]+", "_") + ".jsonl");
        if (once && disk.exists(line)) return;
        disk.replace(line, line(event, fields));
    }

    private byte[] line(Event event, Fields fields) throws IOException {
        return (begin(event) + rest(event, fields) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private void addLine(Event event, Fields fields, boolean once) throws IOException {
        IN_PROCESS.lock();
        try {
            disk.createDirectories(LocalDisk.parent(file));
            boolean isSaid = once && has(begin(event));
            byte[] line = isSaid ? new byte[0] : line(event, fields);
            try (FileChannel channel =
                            FileChannel.open(
                                    file,
                                    StandardOpenOption.CREATE,
                                    StandardOpenOption.READ,
                                    StandardOpenOption.WRITE);
                    FileLock _ = channel.lock()) {
                // Closing any other channel of the file gives the lock back, as POSIX has it; so
                // nothing but the write, which comes last, opens one.
                long end = wholeLines(channel);
                if (isSaid && end == channel.size()) return;
                disk.write(file, end, line);
            }
            disk.forceDirectory(LocalDisk.parent(file));
        } finally {
            IN_PROCESS.unlock();
        }
    }

    /// By what an event is told from others.
    private static String begin(Event event) throws IOException {
        var text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartObject();
            json.writeStringField("event", event.word());
            json.writeStringField(event.kind(), event.subject());
            if (!event.of().isEmpty()) json.writeStringField("began", event.of());
            json.writeEndObject();
        }
        return text.getBuffer().substring(0, text.getBuffer().length() - 1);
    }

    private String rest(Event event, Fields fields) throws IOException {
        var text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartObject();
            json.writeStringField("time", event.time());
            json.writeStringField("user", user);
            fields.write(json);
            json.writeEndObject();
        }
        return "," + text.toString().substring(1);
    }

    /// Whether a whole line begins so. Nobody else writes of this run, so it needs no lock.
    private boolean has(String begin) throws IOException {
        if (!Files.exists(file)) return false;
        byte[] wanted = (begin + ",").getBytes(StandardCharsets.UTF_8);
        var block = new byte[BLOCK_BYTES];
        int same = 0;
        try (var in = Files.newInputStream(file)) {
            for (int read = in.read(block); read >= 0; read = in.read(block))
                for (int i = 0; i < read; i++) {
                    if (block[i] == '\n') {
                        if (same == wanted.length) return true;
                        same = 0;
                    } else if (same >= 0 && same < wanted.length) {
                        same = block[i] == wanted[same] ? same + 1 : DIFFERS;
                    }
                }
        }
        return false;
    }

    /// Where the last whole line ends.
    private static long wholeLines(FileChannel channel) throws IOException {
        ByteBuffer block = ByteBuffer.allocate(BLOCK_BYTES);
        for (long end = channel.size(); end > 0; ) {
            long from = Math.max(0, end - BLOCK_BYTES);
            block.clear().limit((int) (end - from));
            while (block.hasRemaining())
                if (channel.read(block, from + block.position()) < 0) break;
            for (int i = block.position() - 1; i >= 0; i--)
                if (block.get(i) == '\n') return from + i + 1;
            end = from;
        }
        return 0;
    }
}
