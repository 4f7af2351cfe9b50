package dev.quiver.cluster.log;

import dev.quiver.cluster.log.LogIndex.Place;
import dev.quiver.cluster.log.state.RaftCommand;
import dev.quiver.operator.Bytes;
import dev.quiver.protocol.wire.Wire;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.List;
import java.util.Optional;

/// All entries of a log up to one, read by a thread of its own while the log goes on.
final class LogContents implements AutoCloseable {
    private final FileChannel channel;
    private final LogBlocks blocks;
    private final Wire<LogBlock> wire;
    private final List<Place> parts;
    private final List<Place> entries;
    private int next;
    private long cachedAt = -1;
    private LogBlock cached = new LogBlock(List.of());

    /// @param channel closed at the end
    LogContents(
            FileChannel channel,
            LogBlocks blocks,
            Wire<LogBlock> wire,
            List<Place> parts,
            List<Place> entries) {
        this.channel = channel;
        this.blocks = blocks;
        this.wire = wire;
        this.parts = parts;
        this.entries = entries;
    }

    /// The entries that were written together next; empty at the end.
    Optional<List<LogEntry>> next() throws IOException {
        int at = next++;
        if (at < parts.size()) return Optional.of(LogEntries.of(part(parts.get(at))).entries());
        int entry = at - parts.size();
        if (entry >= entries.size()) return Optional.empty();
        return Optional.of(LogEntries.of(entry(entries.get(entry))).entries());
    }

    private LogBlock block(long position) throws IOException {
        if (position != cachedAt) {
            cached = wire.decode(blocks.at(position));
            cachedAt = position;
        }
        return cached;
    }

    private Bytes part(Place place) throws IOException {
        return part(block(place.block()), place.nth());
    }

    private Bytes entry(Place place) throws IOException {
        return entry(block(place.block()), place.nth());
    }

    /// The n-th part of a block.
    static Bytes part(LogBlock block, int nth) throws IOException {
        int left = nth;
        for (RaftCommand.Kept kept : block.kept())
            if (kept instanceof RaftCommand.StorePart(_, var content) && left-- == 0)
                return content;
        throw new IOException("a block without part " + nth);
    }

    /// The n-th entry of a block.
    static Bytes entry(LogBlock block, int nth) throws IOException {
        int left = nth;
        for (RaftCommand.Kept kept : block.kept()) {
            if (!(kept instanceof RaftCommand.Write(_, var written))) continue;
            if (left < written.size()) return written.get(left).content();
            left -= written.size();
        }
        throw new IOException("a block without entry " + nth);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
