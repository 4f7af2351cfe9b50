package dev.quiver.cluster.journal;

import dev.quiver.cluster.control.QuiverVersion;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.scheduler.server.Journal;
import dev.quiver.scheduler.state.SchedulerCommand;
import dev.quiver.scheduler.state.SchedulerEvent;
import dev.quiver.scheduler.state.SchedulerSettings;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes what a scheduler is told and decides to a file, which [Replay] reads. A thread of its own
/// writes; should the disk not keep up, or the file grow too long, the journal ends there and the
/// scheduler goes on.
///
/// The file is a mark of eight bytes, then the header and the entries as records, each after its
/// length in four bytes.
public final class JournalFile implements Journal, AutoCloseable {
    /// `QVRJRNL1`.
    static final long MARK = 0x5156_524A_524E_4C31L;

    private static final Logger LOG = LoggerFactory.getLogger(JournalFile.class);
    private static final long BYTES_MAX = 4L << 30;
    private static final int WAITING_MAX = 1 << 18;
    private static final int BATCH_MAX = 4096;

    private final Path file;
    private final long bytesMax;
    private final LinkedBlockingQueue<Turn> waiting = new LinkedBlockingQueue<>(WAITING_MAX);
    private final AtomicBoolean ended = new AtomicBoolean();
    private final Thread writer;

    private sealed interface Turn {
        record Noted(SchedulerEvent event, List<SchedulerCommand> commands) implements Turn {}

        /// Comes last.
        record End() implements Turn {}
    }

    private JournalFile(Path file, OutputStream out, long bytesMax) {
        this.file = file;
        this.bytesMax = bytesMax;
        this.writer =
                Thread.ofPlatform()
                        .daemon()
                        .name("quiver-journal")
                        .unstarted(() -> write(new DataOutputStream(out)));
    }

    /// Begins a journal in a directory, which is made where it isn't there.
    ///
    /// @param settings of the scheduler, to which nothing has happened yet
    /// @param epoch of the scheduler
    /// @throws QuiverException IO_FAILED when it can't be written there
    public static JournalFile begin(Path directory, SchedulerSettings settings, int epoch) {
        return begin(directory, settings, epoch, BYTES_MAX);
    }

    static JournalFile begin(Path directory, SchedulerSettings settings, int epoch, long bytesMax) {
        long now = System.currentTimeMillis();
        Path file = directory.resolve("scheduler-%d-%d.journal".formatted(epoch, now));
        try {
            Files.createDirectories(directory);
            OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16);
            var data = new DataOutputStream(out);
            data.writeLong(MARK);
            append(
                    data,
                    JournalHeader.WIRE.encode(
                            new JournalHeader(
                                    JournalEntry.fingerprint(),
                                    QuiverVersion.text(),
                                    epoch,
                                    settings,
                                    now)));
            data.flush();
            var journal = new JournalFile(file, out, bytesMax);
            journal.writer.start();
            return journal;
        } catch (IOException e) {
            throw new QuiverException(
                    ErrorCode.IO_FAILED,
                    "the scheduler's journal can't be written",
                    List.of("file: " + file, "cause: " + e),
                    "name another directory with --journal",
                    e);
        }
    }

    private static void append(DataOutputStream out, byte[] bytes) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    /// Where it is.
    public Path file() {
        return file;
    }

    @Override
    public void note(SchedulerEvent event, List<SchedulerCommand> commands) {
        if (ended.get() || waiting.offer(new Turn.Noted(event, commands))) return;
        end("the disk is too slow");
    }

    private void end(String why) {
        if (ended.compareAndSet(false, true))
            LOG.warn("the journal {} ends here, and the scheduler goes on: {}", file, why);
    }

    private void write(DataOutputStream out) {
        var batch = new ArrayList<Turn>();
        long written = 0;
        try (out) {
            while (true) {
                batch.add(waiting.take());
                waiting.drainTo(batch, BATCH_MAX);
                for (Turn turn : batch) {
                    if (!(turn instanceof Turn.Noted(var event, var commands)) || ended.get())
                        return;
                    var entry = JournalEntry.of(event, commands);
                    byte[] bytes = JournalEntry.WIRE.encode(entry);
                    written += Integer.BYTES + bytes.length;
                    if (written > bytesMax) {
                        end("it has %d MB".formatted(bytesMax >> 20));
                        return;
                    }
                    append(out, bytes);
                }
                batch.clear();
                if (waiting.isEmpty()) out.flush();
            }
        } catch (IOException e) {
            end(e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Writes what waits. Nothing is noted afterwards.
    @Override
    public void close() {
        try {
            while (writer.isAlive() && !waiting.offer(new Turn.End())) Thread.sleep(1);
            writer.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
