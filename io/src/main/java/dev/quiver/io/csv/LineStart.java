package dev.quiver.io.csv;

import dev.quiver.columnar.memory.Buffer;
import dev.quiver.columnar.memory.Layouts;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.io.csv.kernel.QuoteState;
import dev.quiver.io.csv.kernel.QuoteState.State;
import dev.quiver.io.csv.kernel.Separators;
import dev.quiver.operator.CsvFormat;
import dev.quiver.operator.FileRange;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Finds the first line that begins in a range of a file, whatever stands in the file: a line feed
/// inside quotes doesn't end a line, and only the text before says whether it is inside.
///
/// Some bytes before the range are followed under each assumption about where they begin: outside
/// quotes, inside, behind a quote or an escape inside. A quote that opens a field looks different
/// from one that closes it, so the assumptions soon agree, and what they agree on is certain. Where
/// they don't, more bytes are taken, at last all from the file's begin or from the last position
/// that another reader of the same file knows ([#reached]). So a file with quotes costs some KiB a
/// range, and of one without, what other readers haven't come to yet is searched for quotes.
///
/// Source: Ge, Li, Eilebrecht, Chandramouli, Kossmann, "Speculative Distributed CSV Data Parsing
/// for Big Data Analytics", SIGMOD 2019, whose speculation this replaces by certainty.
final class LineStart {
    private static final int FRONT_BYTES = 8;
    private static final int BLOCK_BYTES = 256 << 10;
    private static final long LOOK_BACK_FIRST_BYTES = 64 << 10;
    private static final int LOOK_BACK_GROWTH = 16;
    private static final int FILES_MAX = 64;

    private record FileKey(
            String path,
            long size,
            long modifiedNanos,
            char delimiter,
            char quote,
            char escape,
            int skipLines) {}

    /// States that were found, for the files that were read last.
    private static final Map<FileKey, Found> KNOWN = new LinkedHashMap<>();

    /// States by position.
    private static final class Found {
        final TreeMap<Long, State> states = new TreeMap<>();
    }

    private final FileRange range;
    private final CsvFormat format;
    private final MemoryAccount account;
    private final long body;

    private LineStart(FileRange range, CsvFormat format, MemoryAccount account) {
        this.range = range;
        this.format = format;
        this.account = account;
        this.body = skipped(format.text().skipLines());
    }

    /// The position of the first line that begins at `range.from` or behind it; the file's size
    /// when there is none. May lie behind the range.
    static long find(FileRange range, CsvFormat format, MemoryAccount account) {
        if (range.from() == 0) return 0;
        return new LineStart(range, format, account).find();
    }

    /// Where the file's header begins, or its first row where it has none; 0 unless lines are to be
    /// skipped before it.
    static long body(FileRange range, CsvFormat format, MemoryAccount account) {
        if (format.text().skipLines() == 0) return 0;
        return new LineStart(range, format, account).body;
    }

    /// Tells readers of later ranges of the file how far this one is: a line begins at `position`,
    /// and one began at `before`, which is forgotten.
    static void reached(FileRange range, CsvFormat format, long before, long position) {
        synchronized (KNOWN) {
            TreeMap<Long, State> states = found(key(range, format)).states;
            states.remove(before);
            states.put(position, State.OUTSIDE);
        }
    }

    private static FileKey key(FileRange range, CsvFormat format) {
        return new FileKey(
                range.path(),
                range.size(),
                range.modifiedNanos(),
                format.delimiter(),
                format.quote(),
                format.escape(),
                format.text().skipLines());
    }

    private long find() {
        long before = range.from() - 1;
        State state = stateAt(before);
        try (var blocks = new Blocks(before)) {
            QuoteState quotes = quotes(state, before);
            while (blocks.next()) {
                int at =
                        quotes.lineFeed(
                                blocks.buffer.segment(),
                                FRONT_BYTES,
                                blocks.end,
                                blocks.base,
                                blocks.fieldStart);
                if (at < blocks.end) return blocks.base + at + 1;
            }
        }
        return range.size();
    }

    private QuoteState quotes(State state, long position) {
        return new QuoteState(format.delimiter(), format.quote(), format.escape(), state, position);
    }

    /// The position behind so many lines.
    private long skipped(int lines) {
        if (lines == 0) return 0;
        int left = lines;
        try (var blocks = new Blocks(0)) {
            while (blocks.next()) {
                for (int at = FRONT_BYTES; at < blocks.end; at++) {
                    if (blocks.buffer.segment().get(Layouts.BYTE, at) != '\n') continue;
                    if (--left == 0) return blocks.base + at + 1;
                }
            }
        }
        return range.size();
    }

    private State stateAt(long position) {
        if (position == body) return State.OUTSIDE;
        FileKey key = key(range, format);
        long back = LOOK_BACK_FIRST_BYTES;
        while (true) {
            long from = Math.max(body, position - back);
            Map.Entry<Long, State> known = known(key, position, body);
            State state =
                    known.getKey() >= from
                            ? follow(known.getKey(), position, known.getValue())
                            : follow(from, position, State.values());
            if (state != null) {
                remember(key, position, state);
                return state;
            }
            back *= LOOK_BACK_GROWTH;
        }
    }

    private static Map.Entry<Long, State> known(FileKey key, long position, long body) {
        synchronized (KNOWN) {
            Map.Entry<Long, State> entry = found(key).states.floorEntry(position);
            return entry == null ? Map.entry(body, State.OUTSIDE) : entry;
        }
    }

    private static void remember(FileKey key, long position, State state) {
        synchronized (KNOWN) {
            found(key).states.put(position, state);
        }
    }

    /// What is known of a file, which becomes the one used last; the one unused longest is
    /// forgotten.
    private static Found found(FileKey key) {
        Found found = KNOWN.remove(key);
        KNOWN.put(key, found == null ? new Found() : found);
        if (KNOWN.size() > FILES_MAX) KNOWN.remove(KNOWN.keySet().iterator().next());
        return KNOWN.get(key);
    }

    /// The state at `to` when that at `from` is one of these; null when they don't agree.
    private @Nullable State follow(long from, long to, State... assumed) {
        QuoteState[] states =
                Arrays.stream(assumed).map(s -> quotes(s, from)).toArray(QuoteState[]::new);
        try (var blocks = new Blocks(from)) {
            while (blocks.next()) {
                int end = (int) Math.min(blocks.end, to - blocks.base);
                for (QuoteState state : states)
                    state.follow(
                            blocks.buffer.segment(),
                            FRONT_BYTES,
                            end,
                            blocks.base,
                            blocks.fieldStart);
                long reached = blocks.base + end;
                if (agree(states, reached)) states = Arrays.copyOf(states, 1);
                if (reached >= to) break;
            }
        }
        return states.length == 1 ? states[0].at(to) : null;
    }

    private static boolean agree(QuoteState[] states, long position) {
        State first = states[0].at(position);
        return Arrays.stream(states).allMatch(s -> s.at(position) == first);
    }

    /// The bytes of the file from a position on, a block at a time, each with the byte before it.
    private final class Blocks implements AutoCloseable {
        final Buffer buffer = account.allocate(BLOCK_BYTES);
        private final ByteSource source;

        /// Position in the file of the buffer's first byte.
        long base;

        /// The block is bytes `[FRONT_BYTES, end)` of the buffer.
        int end = FRONT_BYTES;

        /// Where in the block the file's first field begins, or −1.
        int fieldStart = -1;

        Blocks(long from) {
            base = from - FRONT_BYTES;
            source =
                    ByteSource.open(
                            new FileRange(
                                    range.path(),
                                    Math.max(0, from - 1),
                                    range.size(),
                                    range.size(),
                                    range.modifiedNanos()));
            if (from > 0) source.read(buffer.segment(), end - 1L, 1);
        }

        boolean next() {
            boolean first = base == -FRONT_BYTES && end == FRONT_BYTES;
            if (end > FRONT_BYTES) {
                buffer.segment()
                        .set(
                                Layouts.BYTE,
                                FRONT_BYTES - 1L,
                                buffer.segment().get(Layouts.BYTE, end - 1L));
                base += end - FRONT_BYTES;
            }
            int room = (int) buffer.capacityBytes() - FRONT_BYTES - Separators.PADDING_BYTES;
            int count = source.read(buffer.segment(), FRONT_BYTES, room);
            if (count < 0) return false;
            end = FRONT_BYTES + count;
            fieldStart = first ? FRONT_BYTES + markBytes() : -1;
            return true;
        }

        /// The length of the byte order mark at the file's begin.
        private int markBytes() {
            return end >= FRONT_BYTES + ByteOrderMark.BYTES
                            && ByteOrderMark.isAt(buffer.segment(), FRONT_BYTES)
                    ? ByteOrderMark.BYTES
                    : 0;
        }

        @Override
        public void close() {
            source.close();
            buffer.close();
        }
    }
}
