package dev.quiver.cluster.journal;

import dev.quiver.cluster.control.QuiverVersion;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.protocol.wire.MalformedMessage;
import dev.quiver.scheduler.state.SchedulerCommand;
import dev.quiver.scheduler.state.SchedulerEvent;
import dev.quiver.scheduler.state.SchedulerState;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A scheduler's decisions, made again from its journal: a fresh state is told what the old one was
/// told, and must decide the same.
public final class Replay implements AutoCloseable {
    /// No record of a journal is longer; who reads a larger length reads something else.
    private static final int RECORD_BYTES_MAX = 1 << 30;

    private final Path file;
    private final DataInputStream in;
    private final JournalHeader header;
    private final SchedulerState state;
    private long count;
    private long nanos;

    private Replay(Path file, DataInputStream in, JournalHeader header) {
        this.file = file;
        this.in = in;
        this.header = header;
        this.state = new SchedulerState(header.settings(), header.epoch());
    }

    /// Opens a journal.
    ///
    /// @throws QuiverException FILE_NOT_FOUND when it isn't there, FILE_CORRUPT when it is no
    ///   journal, UNSUPPORTED when another version of Quiver wrote it
    public static Replay open(Path file) {
        try {
            var in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file)));
            try {
                return new Replay(file, in, header(file, in));
            } catch (RuntimeException | IOException e) {
                in.close();
                throw e;
            }
        } catch (NoSuchFileException e) {
            throw new QuiverException(
                    ErrorCode.FILE_NOT_FOUND,
                    "there is no journal '%s'".formatted(file),
                    List.of(),
                    "name a file that a scheduler with --journal has written",
                    e);
        } catch (EOFException e) {
            throw notAJournal(file, e);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    private static JournalHeader header(Path file, DataInputStream in) throws IOException {
        if (in.readLong() != JournalFile.MARK) throw notAJournal(file, null);
        JournalHeader header;
        try {
            header = JournalHeader.WIRE.decode(record(file, in));
        } catch (MalformedMessage e) {
            throw notAJournal(file, e);
        }
        if (header.fingerprint() == JournalEntry.fingerprint()) return header;
        throw new QuiverException(
                ErrorCode.UNSUPPORTED,
                "the journal is of Quiver %s, this is %s"
                        .formatted(header.version(), QuiverVersion.text()),
                List.of("file: " + file),
                "replay it with the version that wrote it");
    }

    private static byte[] record(Path file, DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > RECORD_BYTES_MAX) throw notAJournal(file, null);
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) throw new EOFException();
        return bytes;
    }

    private static QuiverException notAJournal(Path file, @Nullable Exception cause) {
        return new QuiverException(
                ErrorCode.FILE_CORRUPT,
                "'%s' is no scheduler's journal, or is damaged".formatted(file),
                List.of(),
                "name a file that a scheduler with --journal has written",
                cause);
    }

    private static QuiverException unreadable(Path file, IOException cause) {
        return new QuiverException(
                ErrorCode.IO_FAILED,
                "the journal can't be read",
                List.of("file: " + file, "cause: " + cause),
                "see that its disk is there and the file readable",
                cause);
    }

    /// One event, and whether the same followed from it as before.
    public record Step(
            long number, SchedulerEvent event, List<SchedulerCommand> commands, boolean same) {
        public Step {
            commands = List.copyOf(commands);
        }
    }

    /// Tells the state the next event; empty at the end. What was torn at the end of the file by
    /// the end of its scheduler isn't told.
    public Optional<Step> next() {
        JournalEntry entry;
        try {
            entry = JournalEntry.WIRE.decode(record(file, in));
        } catch (EOFException e) {
            return Optional.empty();
        } catch (MalformedMessage e) {
            throw notAJournal(file, e);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
        var commands = new ArrayList<SchedulerCommand>();
        state.on(entry.event(), commands::add);
        if (entry.event() instanceof SchedulerEvent.Ticked(long now)) nanos = now;
        return Optional.of(
                new Step(
                        count++,
                        entry.event(),
                        commands,
                        JournalEntry.of(entry.event(), commands).equals(entry)));
    }

    /// What was decided so far; to be asked, not to be told anything.
    public SchedulerState state() {
        return state;
    }

    /// How many events it was told.
    public long count() {
        return count;
    }

    /// The time of the last event, by the scheduler's clock in nanoseconds.
    public long nanos() {
        return nanos;
    }

    /// When the journal began.
    public Instant begin() {
        return Instant.ofEpochMilli(header.epochMillis());
    }

    /// Of Quiver, by which it was written.
    public String version() {
        return header.version();
    }

    @Override
    public void close() {
        try {
            in.close();
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }
}
