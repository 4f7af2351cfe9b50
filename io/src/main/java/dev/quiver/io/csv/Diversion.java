package dev.quiver.io.csv;

import dev.quiver.columnar.Chunk;
import dev.quiver.columnar.kernel.Take;
import dev.quiver.columnar.memory.Buffer;
import dev.quiver.columnar.memory.Layouts;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.io.RowOrigin;
import dev.quiver.io.RowOrigins;
import dev.quiver.io.UnreadableRows;
import dev.quiver.io.csv.kernel.FieldIndex;
import dev.quiver.operator.FileRange;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Where the rows of a reader's chunk lie in the text, and the rows that it couldn't read. Does
/// nothing until somebody wants to know.
///
/// Rows are told in the order in which they stand in the text. After many of them ([#isFull]) the
/// chunk should end, so that what is kept of its text stays small.
public final class Diversion implements RowOrigins, AutoCloseable {
    private static final int UNREADABLE_ROWS_MAX = 4096;
    private static final long UNREADABLE_BYTES_MAX = 4L << 20;

    /// Of a row that waits: the objects around its text.
    private static final int WAITING_BYTES = 128;

    private final FileRange range;
    private final MemoryAccount account;
    private Optional<UnreadableRows> to = Optional.empty();
    private @Nullable ChunkTexts texts;

    /// Rows that broke the format, until those between them are parsed.
    private final PriorityQueue<Unreadable> broken =
            new PriorityQueue<>(Comparator.comparingLong(Unreadable::position));

    private long brokenBytes;

    /// Since the chunk began.
    private int unreadableRows;

    private long unreadableBytes;

    /// Of each row of the chunk: where it begins, its bytes, and in which column it can't be read.
    private long[] starts = new long[0];

    private int[] lengths = new int[0];
    private @Nullable String[] badColumns = new String[0];
    private int rows;
    private int badRows;

    private record Unreadable(long position, String text, String column, String rule) {}

    public Diversion(FileRange range, MemoryAccount account) {
        this.range = range;
        this.account = account;
    }

    /// Whether unreadable rows go here, and are no errors.
    public boolean diverts() {
        return to.isPresent();
    }

    /// Whether somebody wants to know where rows lie.
    public boolean isOn() {
        return texts != null;
    }

    /// @param isStream whether the text can't be read again from its middle
    /// @param keep is given what takes the text of a stream, as it is read
    /// @param rowsMax of a chunk
    public void start(
            Optional<UnreadableRows> unreadableRows,
            boolean isStream,
            Consumer<KeptTexts> keep,
            int rowsMax) {
        to = unreadableRows;
        starts = new long[rowsMax];
        lengths = new int[rowsMax];
        badColumns = new String[rowsMax];
        if (isStream) {
            var kept = new KeptTexts(account);
            texts = kept;
            keep.accept(kept);
        } else {
            texts = new FileTexts(range, account);
        }
    }

    /// Drops unreadable rows from now on: for those who only want an impression.
    void drop() {
        to = Optional.of((_, _, _) -> {});
    }

    private ChunkTexts texts() {
        ChunkTexts open = texts;
        if (open == null) throw new IllegalStateException("origins weren't asked for");
        return open;
    }

    /// A chunk begins.
    public void begin(long position) {
        if (texts == null) return;
        texts.begin(position);
        rows = 0;
        badRows = 0;
        unreadableRows = 0;
        unreadableBytes = 0;
    }

    /// Notes where the rows of a batch lie, before they are parsed.
    void add(FieldIndex index, Window window) {
        if (texts == null) return;
        int last = index.columns;
        for (int row = 0; row < index.rows; row++) {
            int start = index.rowStart(row);
            starts[rows] = window.position(start);
            lengths[rows++] = (index.at[row * index.stride + last] & FieldIndex.POSITION) - start;
        }
    }

    /// Notes where the next row lies.
    public void add(long position, int length) {
        if (texts == null) return;
        starts[rows] = position;
        lengths[rows++] = length;
    }

    /// A row of the chunk holds a text that isn't a value of the column.
    void badValue(int chunkRow, String column) {
        if (badColumns[chunkRow] != null) return;
        badColumns[chunkRow] = column;
        badRows++;
    }

    /// Bytes of the window are a row that breaks the format; told with the chunk's others.
    void badRow(Window window, int from, int end, String column, String rule) {
        if (texts == null) return;
        String text = CsvTrouble.text(window.data(), from, end);
        long bytes = WAITING_BYTES + 2L * text.length();
        account.reserve(bytes);
        brokenBytes += bytes;
        broken.add(new Unreadable(window.position(from), text, column, rule));
        count(end - from);
    }

    /// Tells of a text that is a row that can't be read.
    public void badRow(long position, int length, String column, String rule) {
        long line = texts().line(position);
        tell(line, texts().text(position, length), column, rule);
        count(length);
    }

    private void count(int bytes) {
        unreadableRows++;
        unreadableBytes += bytes;
    }

    /// Whether there are so many unreadable rows that the chunk should end.
    public boolean isFull() {
        return unreadableRows >= UNREADABLE_ROWS_MAX || unreadableBytes >= UNREADABLE_BYTES_MAX;
    }

    /// Takes the rows that can't be read out of a chunk, and tells of them.
    ///
    /// @param chunk taken over
    /// @return the chunk of the others; null when there are none
    @Nullable Chunk readable(Chunk chunk) {
        if (badRows == 0 && broken.isEmpty()) return chunk;
        try (chunk) {
            var good = new int[chunk.rows() - badRows];
            int count = 0;
            for (int row = 0; row < chunk.rows(); row++) {
                String column = badColumns[row];
                badColumns[row] = null;
                if (column == null) {
                    good[count] = row;
                    moved(row, count++);
                } else {
                    tellBroken(starts[row]);
                    badRow(starts[row], lengths[row], column, UnreadableRows.TYPE);
                }
            }
            tellBroken(Long.MAX_VALUE);
            rows = count;
            if (badRows == 0) return chunk.retain();
            return count == 0 ? null : take(chunk, good);
        }
    }

    private void moved(int row, int as) {
        starts[as] = starts[row];
        lengths[as] = lengths[row];
    }

    private Chunk take(Chunk chunk, int[] good) {
        try (Buffer numbers = account.allocate(good.length * 4L)) {
            MemorySegment.copy(good, 0, numbers.segment(), Layouts.INT, 0, good.length);
            return Take.chunk(chunk, numbers.segment(), 0, good.length, account);
        }
    }

    /// Tells of the rows so far that broke the format and begin before `position`.
    void tellBroken(long position) {
        while (!broken.isEmpty() && broken.element().position() < position) {
            Unreadable row = broken.remove();
            tell(texts().line(row.position()), row.text(), row.column(), row.rule());
        }
        if (!broken.isEmpty()) return;
        account.release(brokenBytes);
        brokenBytes = 0;
    }

    private void tell(long line, String text, String column, String rule) {
        var origin = new RowOrigin(range.path(), line, Optional.of(text));
        to.orElseThrow().add(origin, column, rule);
    }

    @Override
    public Optional<RowOrigin> of(int row) {
        if (texts == null) return Optional.empty();
        if (row >= rows) throw new IndexOutOfBoundsException(row);
        long line = texts().line(starts[row]);
        return Optional.of(
                new RowOrigin(
                        range.path(), line, Optional.of(texts().text(starts[row], lengths[row]))));
    }

    @Override
    public void close() {
        if (texts != null) texts.close();
        texts = null;
        broken.clear();
        account.release(brokenBytes);
        brokenBytes = 0;
        to = Optional.empty();
        Arrays.fill(badColumns, null);
    }
}
