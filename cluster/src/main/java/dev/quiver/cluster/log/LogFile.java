package dev.quiver.cluster.log;

import dev.quiver.cluster.log.state.RaftCommand;
import dev.quiver.cluster.log.state.RaftEntry;
import dev.quiver.cluster.log.state.RaftMemory;
import dev.quiver.error.QuiverException;
import dev.quiver.operator.Bytes;
import dev.quiver.protocol.wire.Foreign;
import dev.quiver.protocol.wire.MalformedMessage;
import dev.quiver.protocol.wire.Wire;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A scheduler's log as a file: a [LogHeader], then blocks of what a member of the list had to
/// keep. One thread writes; what was written once may be read by others meanwhile.
final class LogFile implements AutoCloseable {
    private static final String NAME = "jobs.log";

    /// Of files that take the place of the log when they are whole.
    private static final String NEW_NAME = "jobs.log.new";

    /// Entries of more bytes aren't sent together.
    private static final long TOGETHER_BYTES = 4L << 20;

    private static final Wire<LogBlock> BLOCKS = Wire.of(LogBlock.class, Foreign.NONE);

    private final LogDirectory directory;
    private final LogHeader header;
    private FileChannel channel;
    private LogBlocks blocks;
    private LogIndex index = new LogIndex();
    private int rewritings;
    private long cachedAt = -1;
    private @Nullable LogBlock cached;

    private LogFile(LogDirectory directory, LogHeader header) throws IOException {
        this.directory = directory;
        this.header = header;
        Path file = directory.file(NAME);
        directory.removeAll(NEW_NAME);
        if (!Files.exists(file)) create();
        this.channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
        this.blocks = new LogBlocks(channel, file, LogHeader.MAGIC_BYTES);
        try {
            header.check(channel, blocks, file);
            readBlocks(file);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /// Opens the log of a directory, or makes both.
    ///
    /// @param version of Quiver, for people
    /// @param members who agree on it
    /// @throws QuiverException UNAVAILABLE when another process uses it, FILE_CORRUPT when it is
    ///   damaged or none, UNSUPPORTED when another version wrote it, CONFIG_INVALID when it is of
    ///   other schedulers, IO_FAILED
    static LogFile open(Path path, String version, List<String> members) {
        LogDirectory directory = LogDirectory.open(path);
        try {
            long form = BLOCKS.fingerprint() * 31 + LogEntries.WIRE.fingerprint();
            return new LogFile(directory, new LogHeader(form, version, members));
        } catch (IOException e) {
            directory.close();
            throw LogDirectory.unusable(path, e);
        } catch (RuntimeException e) {
            directory.close();
            throw e;
        }
    }

    private void create() throws IOException {
        try (FileChannel out = directory.fresh(NEW_NAME)) {
            header.write(out, directory.file(NEW_NAME));
            out.force(true);
        }
        directory.settle(NEW_NAME, NAME);
    }

    private void readBlocks(Path file) throws IOException {
        while (true) {
            long position = blocks.position();
            Optional<byte[]> next = blocks.next();
            if (next.isEmpty()) return;
            try {
                index.add(position, BLOCKS.decode(next.get()));
            } catch (MalformedMessage | IndexOutOfBoundsException e) {
                throw new DamagedLog(
                        file, "the log of jobs in %s makes no sense: %s".formatted(file, e));
            }
        }
    }

    Path path() {
        return directory.file(NAME);
    }

    RaftMemory memory() {
        return index.memory();
    }

    long bytes() {
        return blocks.position();
    }

    /// The last entry that only the snapshot stands for.
    long base() {
        return index.base();
    }

    int partCount() {
        return index.partCount();
    }

    /// Writes what is to be kept; it is safe when this returns.
    void append(List<RaftCommand.Kept> kept) throws IOException {
        var block = new LogBlock(kept);
        long position = blocks.position();
        blocks.append(BLOCKS.encode(block));
        channel.force(false);
        index.add(position, block);
        if (kept.stream().anyMatch(RaftCommand.Install.class::isInstance)) {
            Rewriting rewriting = rewriting();
            for (int i = 0; i < partCount(); i++) rewriting.add(part(i));
            rewriting.settle(index.base());
        }
    }

    private LogBlock block(long position) throws IOException {
        LogBlock known = cached;
        if (known != null && cachedAt == position) return known;
        LogBlock block = BLOCKS.decode(blocks.at(position));
        cachedAt = position;
        cached = block;
        return block;
    }

    /// Entries that follow one, as many of them as go together.
    ///
    /// @param count how many at most
    List<RaftEntry> entries(long previous, int count) throws IOException {
        var entries = new ArrayList<RaftEntry>();
        long bytes = 0;
        for (long i = previous + 1; i <= previous + count && bytes < TOGETHER_BYTES; i++) {
            entries.add(entry(i));
            bytes += entries.getLast().content().size();
        }
        return entries;
    }

    private RaftEntry entry(long number) throws IOException {
        LogIndex.Place place = index.entry(number);
        Bytes content = LogContents.entry(block(place.block()), place.nth());
        return new RaftEntry(index.termOf(number), content);
    }

    /// A part of the snapshot.
    Bytes part(int part) throws IOException {
        LogIndex.Place place = index.part(part);
        return LogContents.part(block(place.block()), place.nth());
    }

    /// All entries up to one, to be read by another thread.
    LogContents contents(long last) throws IOException {
        FileChannel reading = FileChannel.open(path(), StandardOpenOption.READ);
        var end = new LogBlocks(reading, path(), blocks.position());
        return new LogContents(reading, end, BLOCKS, index.parts(), index.entriesUpTo(last));
    }

    /// Begins to write the log anew; while it is being written this one goes on.
    Rewriting rewriting() throws IOException {
        return new Rewriting();
    }

    /// A log that is being written anew: a snapshot and what follows it.
    final class Rewriting implements AutoCloseable {
        private final String name = NEW_NAME + ++rewritings;
        private final FileChannel out;
        private final LogBlocks written;
        private final LogIndex places = new LogIndex();
        private int parts;
        private boolean settled;

        private Rewriting() throws IOException {
            this.out = directory.fresh(name);
            this.written = header.write(out, directory.file(name));
        }

        private void keep(List<RaftCommand.Kept> kept) throws IOException {
            var block = new LogBlock(kept);
            long position = written.position();
            written.append(BLOCKS.encode(block));
            places.add(position, block);
        }

        /// Adds a part of the snapshot.
        void add(Bytes content) throws IOException {
            keep(List.of(new RaftCommand.StorePart(parts++, content)));
        }

        /// It takes the place of the log.
        ///
        /// @param last the entry up to which its snapshot stands for all
        void settle(long last) throws IOException {
            int term = index.termOf(last);
            keep(
                    List.of(
                            new RaftCommand.Vote(index.term(), index.votedFor()),
                            new RaftCommand.Install(last, term, false)));
            for (long i = last + 1; i <= index.last(); i++)
                keep(List.of(new RaftCommand.Write(i, List.of(entry(i)))));
            out.force(true);
            directory.settle(name, NAME);
            channel.close();
            channel = out;
            blocks = written;
            index = places;
            cached = null;
            settled = true;
        }

        /// Gives it up, unless it has been settled.
        @Override
        public void close() throws IOException {
            if (settled) return;
            out.close();
            Files.deleteIfExists(directory.file(name));
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException("closing a log of jobs", e);
        } finally {
            directory.close();
        }
    }
}
