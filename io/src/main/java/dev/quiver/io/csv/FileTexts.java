package dev.quiver.io.csv;

import dev.quiver.columnar.memory.Buffer;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.io.csv.kernel.LineFeeds;
import dev.quiver.operator.FileRange;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Texts of a plain file, which is read again where they are asked for: a chunk without bad rows
/// costs nothing.
///
/// Line feeds before a range are counted once a file: readers tell each other how far they have
/// counted.
final class FileTexts implements ChunkTexts {
    private static final int BLOCK_BYTES = 256 << 10;
    private static final int PADDING_BYTES = 64;
    private static final int FILES_MAX = 64;

    private record FileKey(String path, long size, long modifiedNanos) {}

    /// Line feeds before positions, for the files that were read last.
    private static final Map<FileKey, TreeMap<Long, Long>> KNOWN = new LinkedHashMap<>();

    private final FileRange range;
    private final MemoryAccount account;
    private @Nullable Buffer buffer;
    private @Nullable ByteSource source;

    /// The buffer holds the text from `base` on; all before `at` is counted.
    private long base;

    private int filled;
    private int at;
    private long lineFeeds;

    /// Where the chunk begins, and how many line feeds are before; −1 until one asked.
    private long chunkStart;

    private long chunkLineFeeds = -1;

    FileTexts(FileRange range, MemoryAccount account) {
        this.range = range;
        this.account = account;
    }

    @Override
    public void begin(long position) {
        chunkStart = position;
        chunkLineFeeds = -1;
    }

    @Override
    public long line(long position) {
        mark();
        if (position < base + at) open(Map.entry(chunkStart, chunkLineFeeds));
        moveTo(position);
        return lineFeeds + 1;
    }

    @Override
    public String text(long position, int length) {
        mark();
        if (position < base + at) open(Map.entry(chunkStart, chunkLineFeeds));
        moveTo(position);
        var bytes = new byte[length];
        int done = 0;
        while (done < length) {
            if (at == filled && !fill()) break;
            int count = Math.min(length - done, filled - at);
            MemorySegment data = held().segment();
            MemorySegment.copy(
                    data, java.lang.foreign.ValueLayout.JAVA_BYTE, at, bytes, done, count);
            lineFeeds += LineFeeds.count(data, at, at + count);
            at += count;
            done += count;
        }
        return new String(bytes, 0, done, StandardCharsets.UTF_8);
    }

    /// Counts the lines before the chunk, once.
    private void mark() {
        if (chunkLineFeeds >= 0) return;
        if (source == null || chunkStart < base + at) open(known(chunkStart));
        moveTo(chunkStart);
        chunkLineFeeds = lineFeeds;
        remember();
    }

    private Buffer held() {
        Buffer held = buffer;
        if (held == null) {
            held = account.allocate(BLOCK_BYTES);
            buffer = held;
        }
        return held;
    }

    private void open(Map.Entry<Long, Long> from) {
        if (source != null) source.close();
        base = from.getKey();
        source =
                ByteSource.open(
                        new FileRange(
                                range.path(),
                                base,
                                range.size(),
                                range.size(),
                                range.modifiedNanos()));
        filled = 0;
        at = 0;
        lineFeeds = from.getValue();
    }

    /// Counts the line feeds up to `position`.
    private void moveTo(long position) {
        while (base + at < position) {
            if (at == filled && !fill()) return;
            int to = (int) Math.min(filled, position - base);
            lineFeeds += LineFeeds.count(held().segment(), at, to);
            at = to;
        }
    }

    private boolean fill() {
        base += filled;
        at = 0;
        filled = 0;
        ByteSource open = source;
        if (open == null) return false;
        int count = open.read(held().segment(), 0, BLOCK_BYTES - PADDING_BYTES);
        filled = Math.max(0, count);
        return count > 0;
    }

    private FileKey key() {
        return new FileKey(range.path(), range.size(), range.modifiedNanos());
    }

    private Map.Entry<Long, Long> known(long position) {
        synchronized (KNOWN) {
            TreeMap<Long, Long> counted = KNOWN.get(key());
            Map.Entry<Long, Long> entry = counted == null ? null : counted.floorEntry(position);
            return entry == null ? Map.entry(0L, 0L) : entry;
        }
    }

    private void remember() {
        synchronized (KNOWN) {
            TreeMap<Long, Long> counted = KNOWN.remove(key());
            if (counted == null) counted = new TreeMap<>();
            counted.put(chunkStart, chunkLineFeeds);
            KNOWN.put(key(), counted);
            if (KNOWN.size() > FILES_MAX) KNOWN.remove(KNOWN.keySet().iterator().next());
        }
    }

    @Override
    public void close() {
        if (source != null) source.close();
        source = null;
        if (buffer != null) buffer.close();
        buffer = null;
    }
}
