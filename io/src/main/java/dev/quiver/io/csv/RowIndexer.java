package dev.quiver.io.csv;

import dev.quiver.columnar.memory.Layouts;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.io.UnreadableRows;
import dev.quiver.io.csv.kernel.FieldIndex;
import dev.quiver.io.csv.kernel.QuoteState;
import dev.quiver.io.csv.kernel.RowScanner;
import dev.quiver.io.csv.kernel.Separators;
import dev.quiver.io.csv.kernel.Utf8Kernel;
import dev.quiver.operator.CsvFormat;
import dev.quiver.operator.FileRange;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Goes through the rows that begin in a range of a file, a batch at a time, and says where their
/// fields lie: by [Separators] where rows are simple, else by [RowScanner].
final class RowIndexer implements AutoCloseable {
    /// Rows that go by [RowScanner] after one that had to: rows with quotes come in runs.
    private static final int SCANNED_RUN = 64;

    private static final int NO_COMMENT = -1;

    private final FileRange range;
    private final CsvFormat format;
    private final CsvTrouble trouble;
    private final ByteSource source;
    private final Window window;
    private final int comment;
    private final RowScanner scanner;
    private final Diversion diversion;

    /// Rows that begin here or behind it aren't ours.
    private final long stop;

    private List<String> names = List.of();
    private FieldIndex index = new FieldIndex(0);
    private int scannedRun;
    private long headerPosition;

    /// Opens the file; [#skipTo] goes to the first line.
    RowIndexer(FileRange range, CsvFormat format, MemoryAccount account) {
        CsvDialect.check(format);
        this.range = range;
        this.format = format;
        this.trouble = new CsvTrouble(range, format, account);
        this.diversion = new Diversion(range, account);
        this.scanner = new RowScanner(format.delimiter(), format.quote(), format.escape());
        this.comment = format.text().comment().map(c -> (int) c).orElse(NO_COMMENT);
        this.source = ByteSource.open(range, format.text(), account);
        this.stop = source.isStream() ? Long.MAX_VALUE >> 1 : range.to();
        try {
            this.window = new Window(source, range.from(), account, format.lineBytesMax());
        } catch (RuntimeException | Error e) {
            source.close();
            throw e;
        }
    }

    /// Where rows go that can't be read, once it is on.
    Diversion diversion() {
        return diversion;
    }

    /// Turns the diversion on.
    void watch(Optional<UnreadableRows> unreadable, int rowsMax) {
        diversion.start(unreadable, source.isStream(), window::keepIn, rowsMax);
    }

    CsvTrouble trouble() {
        return trouble;
    }

    Window window() {
        return window;
    }

    long bytesRead() {
        return source.bytesRead();
    }

    /// The rows found by [#next].
    FieldIndex index() {
        return index;
    }

    /// Where the first row that isn't indexed yet begins in the text.
    long position() {
        return window.position(window.start());
    }

    /// Bytes of text from the indexed rows to the end of the file; −1 where nobody knows.
    long bytesLeft() {
        return source.isStream() ? -1 : range.size() - window.position(index.rowStart(0));
    }

    /// Names the columns: rows must have as many fields.
    void setColumns(List<String> columnNames) {
        names = columnNames;
        index = new FieldIndex(names.size());
    }

    /// Drops the text before `position`.
    void skipTo(long position) {
        while (window.position(window.end()) <= position) {
            window.consume(window.end());
            if (!window.fill()) return;
        }
        window.consume(window.at(position));
    }

    /// Drops the text up to and with the next line feed, in quotes or not.
    void skipLine() {
        while (true) {
            for (int at = window.start(); at < window.end(); at++) {
                if (window.data().get(Layouts.BYTE, at) != '\n') continue;
                window.consume(at + 1);
                return;
            }
            window.consume(window.end());
            if (!window.fill()) return;
        }
    }

    /// Skips what a file may begin with before its header: a byte order mark, and the lines that
    /// the format says.
    void skipPreamble() {
        boolean more = true;
        while (more && window.end() - window.start() < ByteOrderMark.BYTES) more = window.fill();
        if (!(source instanceof DecodedBytes)) checkNotUtf16();
        if (ByteOrderMark.isAt(window.data(), window.start())
                && window.end() - window.start() >= ByteOrderMark.BYTES)
            window.consume(window.start() + ByteOrderMark.BYTES);
        for (int i = 0; i < format.text().skipLines(); i++) skipLine();
    }

    private void checkNotUtf16() {
        if (window.end() - window.start() < 2) return;
        int first = window.data().get(Layouts.BYTE, window.start()) & 0xFF;
        int second = window.data().get(Layouts.BYTE, window.start() + 1L) & 0xFF;
        if ((first == 0xFF && second == 0xFE) || (first == 0xFE && second == 0xFF))
            throw trouble.isUtf16();
    }

    /// Takes the first line, without its end; null when the text is empty.
    ///
    /// @throws dev.quiver.error.QuiverException BAD_ROW when it is blank or never ends, BAD_VALUE
    ///   when it isn't UTF-8
    @Nullable String takeHeader() {
        while (true) {
            if (comment != NO_COMMENT) skipComments();
            int start = window.start();
            headerPosition = window.position(start);
            var quotes =
                    new QuoteState(
                            format.delimiter(),
                            format.quote(),
                            format.escape(),
                            QuoteState.State.OUTSIDE,
                            window.position(start));
            int end =
                    quotes.lineFeed(window.data(), start, window.end(), window.position(0), start);
            if (end < window.end()) return header(start, end);
            if (window.lineTooLong()) throw trouble.lineTooLong(window.position(start));
            if (window.fill()) continue;
            if (window.start() == window.end()) return null;
            throw trouble.openQuote(window.position(window.start()));
        }
    }

    private void skipComments() {
        while (window.start() < window.end() || window.fill()) {
            if (window.data().get(Layouts.BYTE, window.start()) != comment) return;
            skipLine();
        }
    }

    /// Where the header begins that was taken.
    long headerPosition() {
        return headerPosition;
    }

    private String header(int start, int lineFeed) {
        boolean hasReturn =
                lineFeed > start && window.data().get(Layouts.BYTE, lineFeed - 1L) == '\r';
        int end = hasReturn ? lineFeed - 1 : lineFeed;
        if (end == start) throw trouble.headerBlank(headerPosition);
        checkUtf8(start, end);
        window.consume(lineFeed + 1);
        return CsvTrouble.text(window.data(), start, end);
    }

    /// Indexes the next rows, at most `rowsWanted`; false at the end, and where the diversion is
    /// full.
    ///
    /// @throws dev.quiver.error.QuiverException BAD_ROW, BAD_VALUE for bytes that aren't UTF-8
    boolean next(int rowsWanted) {
        index.rows = 0;
        index.rowsMax = Math.min(index.capacity, rowsWanted);
        while (!diversion.isFull()) {
            int at = fill(window.start());
            if (index.rows > 0) {
                if (diversion.diverts()) divertNotUtf8(at);
                else checkUtf8(index.rowStart(0), at);
                window.consume(at);
                if (index.rows > 0) return true;
            }
            window.consume(at);
            if (window.position(at) >= stop || diversion.isFull()) return false;
            if (window.lineTooLong()) throw trouble.lineTooLong(window.position(at));
            if (window.fill()) continue;
            if (window.start() == window.end()) return false;
            if (!diversion.diverts()) throw trouble.openQuote(window.position(window.start()));
            divertRow(window.start(), window.end());
            window.consume(window.end());
            return false;
        }
        return false;
    }

    /// Indexes rows of the window from `from` on.
    ///
    /// @return the first byte that isn't done with
    private int fill(int from) {
        int end = window.end();
        int stopAt = window.at(stop);
        int at = from;
        while (index.rows < index.rowsMax && at < stopAt && at < end) {
            if (scannedRun == 0) {
                at =
                        Separators.index(
                                window.data(), at, end, format.delimiter(), format.quote(), index);
                if (comment != NO_COMMENT) index.removeBeginning(window.data(), comment);
                if (index.rows > 0 && index.rowStart(index.rows - 1) >= stopAt) return cut(stopAt);
                if (index.rows == index.rowsMax || at >= stopAt) return at;
                scannedRun = SCANNED_RUN;
            }
            if (comment != NO_COMMENT) {
                at = behindComments(at, end);
                if (at >= end || window.data().get(Layouts.BYTE, at) == comment) return at;
            }
            RowScanner.Outcome outcome = scanner.scan(window.data(), at, end, index);
            boolean isRow = outcome == RowScanner.Outcome.ROW;
            int start = index.rowStart(isRow ? index.rows - 1 : index.rows);
            if (start >= stopAt) {
                if (isRow) index.rows--;
                return start;
            }
            if (outcome == RowScanner.Outcome.INCOMPLETE) {
                scannedRun = 0;
                return start;
            }
            if (!isRow) {
                if (!diversion.diverts()) throw trouble.of(outcome, scanner, window, names);
                int lineFeed = scanner.lineFeed(window.data(), start, end);
                if (lineFeed < 0) return start;
                divertRow(start, lineFeed);
                at = lineFeed + 1;
                if (diversion.isFull()) return at;
                continue;
            }
            at = scanner.position();
            scannedRun--;
        }
        return at;
    }

    /// The first byte from `from` on that isn't one of a comment or of a blank line that isn't a
    /// row; the first of a comment whose end isn't there yet.
    private int behindComments(int from, int end) {
        int at = from;
        while (true) {
            if (index.columns > 1) at = RowScanner.behindBlankLines(window.data(), at, end);
            if (at >= end || window.data().get(Layouts.BYTE, at) != comment) return at;
            int lineFeed = at;
            while (lineFeed < end && window.data().get(Layouts.BYTE, lineFeed) != '\n') lineFeed++;
            if (lineFeed == end) return at;
            at = lineFeed + 1;
        }
    }

    /// Drops the rows that begin at `stopAt` or behind it, and says where the first of them begins.
    private int cut(int stopAt) {
        while (index.rows > 0 && index.rowStart(index.rows - 1) >= stopAt) index.rows--;
        return index.rowStart(index.rows);
    }

    private void divertRow(int from, int lineFeed) {
        int end = lineFeed;
        while (end > from && isLineEnd(window.data().get(Layouts.BYTE, end - 1L))) end--;
        diversion.badRow(window, from, end, "", UnreadableRows.SHAPE);
    }

    private static boolean isLineEnd(byte value) {
        return value == '\r' || value == '\n';
    }

    /// Takes the rows out of the index that aren't UTF-8, and diverts them.
    private void divertNotUtf8(int end) {
        int row = 0;
        while (row < index.rows) {
            int bad = Utf8Kernel.firstBad(window.data(), index.rowStart(row), end);
            if (bad == end) return;
            while (row < index.rows && rowEnd(row) <= bad) row++;
            if (row == index.rows || index.rowStart(row) > bad) continue;
            int column = 0;
            while (fieldEnd(row, column) <= bad) column++;
            diversion.badRow(
                    window,
                    index.rowStart(row),
                    rowEnd(row),
                    names.get(column),
                    UnreadableRows.ENCODING);
            index.remove(row);
        }
    }

    private int rowEnd(int row) {
        return fieldEnd(row, index.columns - 1);
    }

    private int fieldEnd(int row, int column) {
        return index.at[row * index.stride + FieldIndex.slot(column)] & FieldIndex.POSITION;
    }

    private void checkUtf8(int from, int to) {
        int bad = Utf8Kernel.firstBad(window.data(), from, to);
        if (bad == to) return;
        long position = window.position(bad);
        if (source instanceof DecodedBytes decoded) {
            String undecodable = decoded.undecodable();
            if (undecodable != null) throw trouble.undecodable(position, undecodable);
        }
        throw trouble.notUtf8(position, window.data(), bad);
    }

    @Override
    public void close() {
        diversion.close();
        window.close();
        source.close();
    }
}
