package dev.quiver.io.csv;

import dev.quiver.columnar.Chunk;
import dev.quiver.columnar.Column;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.io.ChunkReader;
import dev.quiver.io.DictionarySet;
import dev.quiver.io.RowOrigins;
import dev.quiver.io.ScanDictionaries;
import dev.quiver.io.UnreadableRows;
import dev.quiver.io.csv.kernel.FieldIndex;
import dev.quiver.io.csv.kernel.Fields;
import dev.quiver.operator.CsvFormat;
import dev.quiver.operator.FileRange;
import dev.quiver.operator.Source;
import dev.quiver.schema.Field;
import dev.quiver.schema.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads one range of a CSV file, plain or compressed, into chunks of typed columns.
///
/// Two passes over a window of bytes that stays in cache: the first finds fields, the second makes
/// values, a column at a time, of the columns asked for.
///
/// What a file means: RFC 4180 in UTF-8, lines ended by LF or CR LF. Null is the unquoted empty
/// field and each of the format's null texts; `""` is an empty text (in columns of other types
/// quotes mean nothing, so there it is null). Blank lines are skipped; in a file of one column they
/// are null. A file without a single byte has no rows. A row belongs to the range in which it
/// begins.
///
/// Anything else is an error that names file and line: BAD_ROW for rows that break the format,
/// BAD_VALUE for texts that aren't of the column's type and bytes that aren't UTF-8, FILE_CHANGED,
/// FILE_CORRUPT.
public final class CsvReader implements ChunkReader {
    private final FileRange range;
    private final CsvFormat format;
    private final Schema file;
    private final Schema schema;
    private final MemoryAccount account;
    private final RowIndexer rows;
    private final int[] columns;
    private final List<ColumnParser> parsers = new ArrayList<>();
    private final ScanDictionaries dictionaries;
    private final int rowsPerChunk;
    private long told;
    private boolean begun;
    private boolean ended;

    /// Opens partition `partition` of a scan.
    ///
    /// @param account pays for the chunks and for the reader's window
    /// @throws QuiverException FILE_NOT_FOUND, FILE_CHANGED, UNSUPPORTED for a column of a type
    ///   that CSV can't hold
    public static CsvReader open(
            Source.ScanCsv scan, int partition, MemoryAccount account, DictionarySet dictionaries) {
        return open(scan, partition, account, dictionaries, Chunk.ROWS);
    }

    /// As above, with chunks of at most `rowsPerChunk` rows.
    public static CsvReader open(
            Source.ScanCsv scan,
            int partition,
            MemoryAccount account,
            DictionarySet dictionaries,
            int rowsPerChunk) {
        var reader = new CsvReader(scan, partition, account, dictionaries, rowsPerChunk);
        try {
            reader.addParsers();
            return reader;
        } catch (RuntimeException | Error e) {
            reader.close();
            throw e;
        }
    }

    private CsvReader(
            Source.ScanCsv scan,
            int partition,
            MemoryAccount account,
            DictionarySet dictionaries,
            int rowsPerChunk) {
        this.range = scan.ranges().get(partition);
        this.format = scan.format();
        this.file = scan.file();
        this.schema = scan.schema();
        this.account = account;
        this.rowsPerChunk = rowsPerChunk;
        this.columns =
                schema.names().stream().mapToInt(n -> file.indexOf(n, range.path())).toArray();
        this.rows = new RowIndexer(range, format, account);
        rows.setColumns(file.names());
        this.dictionaries = dictionaries.open(scan.ranges().getFirst().path());
    }

    private void addParsers() {
        var context =
                new ColumnParser.Context(
                        rows.window(),
                        new NullTokens(format.nulls()),
                        format.text(),
                        rows.trouble(),
                        rows.diversion(),
                        account,
                        dictionaries);
        for (Field field : schema.fields()) parsers.add(ColumnParser.of(field, context));
    }

    @Override
    public void watch(Optional<UnreadableRows> unreadable) {
        if (begun) throw new IllegalStateException("rows were read before");
        rows.watch(unreadable, rowsPerChunk);
    }

    @Override
    public RowOrigins origins() {
        return rows.diversion();
    }

    @Override
    public @Nullable Chunk next() {
        while (true) {
            if (ended) return null;
            if (!begun) begin();
            rows.diversion().begin(rows.position());
            Chunk chunk = read();
            if (chunk == null) {
                rows.diversion().tellBroken(Long.MAX_VALUE);
                continue;
            }
            Chunk readable = rows.diversion().readable(chunk);
            if (readable != null) return readable;
        }
    }

    /// The rows up to the end, or to so many that can't be read that they should be told of; null
    /// without rows.
    private @Nullable Chunk read() {
        int count = 0;
        while (count < rowsPerChunk && rows.next(rowsPerChunk - count)) {
            FieldIndex index = rows.index();
            if (count == 0) {
                int capacity = capacity();
                for (ColumnParser parser : parsers) parser.begin(capacity);
            }
            rows.diversion().add(index, rows.window());
            for (int i = 0; i < columns.length; i++)
                parsers.get(i).parse(new Fields(rows.window().data(), index, columns[i], count));
            count += index.rows;
        }
        if (count > 0) {
            tellPosition();
            return chunk(count);
        }
        if (rows.diversion().isFull()) return null;
        ended = true;
        ByteSource.checkUnchanged(range);
        return null;
    }

    private void tellPosition() {
        if (range.to() == range.size()) return;
        long position = rows.position();
        LineStart.reached(range, format, told, position);
        told = position;
    }

    private void begin() {
        begun = true;
        if (range.from() > 0) {
            long body = LineStart.body(range, format, account);
            if (range.from() > body) {
                rows.skipTo(LineStart.find(range, format, account));
                return;
            }
            rows.skipTo(body);
        } else {
            rows.skipPreamble();
        }
        if (!format.header()) return;
        String line = rows.takeHeader();
        if (line == null) return;
        List<String> names = CsvHeader.names(line, format);
        if (!names.equals(file.names()))
            throw rows.trouble().headerDiffers(rows.headerPosition(), file.names(), names);
    }

    /// Rows that the next chunk has at most: each takes a byte a column.
    private int capacity() {
        long left = rows.bytesLeft();
        return left < 0 ? rowsPerChunk : (int) Math.min(rowsPerChunk, left / file.size() + 2);
    }

    private Chunk chunk(int count) {
        var made = new ArrayList<Column>();
        try {
            for (ColumnParser parser : parsers) made.add(parser.finish(count));
            return new Chunk(schema, made, count);
        } catch (RuntimeException | Error e) {
            made.forEach(Column::close);
            throw e;
        }
    }

    @Override
    public long bytesRead() {
        return rows.bytesRead();
    }

    @Override
    public void close() {
        parsers.forEach(ColumnParser::close);
        parsers.clear();
        dictionaries.close();
        rows.close();
    }
}
