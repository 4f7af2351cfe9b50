package dev.quiver.io.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.quiver.columnar.Chunk;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.io.ChunkReader;
import dev.quiver.io.DictionarySet;
import dev.quiver.io.RowOrigins;
import dev.quiver.io.UnreadableRows;
import dev.quiver.io.csv.ByteSource;
import dev.quiver.io.csv.Diversion;
import dev.quiver.io.rows.BrokenRow;
import dev.quiver.io.rows.ColumnAppender;
import dev.quiver.io.rows.RangeInput;
import dev.quiver.io.rows.RowChunk;
import dev.quiver.operator.FileFormat;
import dev.quiver.operator.FileRange;
import dev.quiver.operator.Source;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads one range of a JSON file, plain or compressed, into chunks of typed columns.
///
/// What a file means: objects, each a row, one after the other (with or without line ends) or in
/// one array. A key is a column; one that is missing, or `null`, is null. Values convert where
/// nothing is lost: whole numbers to float64, texts to the types that have no JSON of their own
/// (`"2013-01-31"`, base64 for binary, `"NaN"`), and anything to utf8 as the JSON that it is. A
/// file of lines may be cut into ranges; a range has the lines that begin in it.
///
/// Anything else is an error that names file and line: BAD_ROW for what isn't JSON or no object,
/// BAD_VALUE for values that aren't of the column's type. Where unreadable rows go another way, a
/// line of a file of lines is read by itself, so that one that isn't JSON is a row as others; what
/// isn't JSON in any other file stays an error.
public final class JsonReader implements ChunkReader {
    /// The longest row that is kept as it stands.
    private static final int LINE_BYTES_MAX = 1 << 28;

    private final FileRange range;
    private final FileFormat.Json format;
    private final Source.ScanFiles scan;
    private final RangeInput input;
    private final JsonTrouble trouble;
    private final RowChunk rows;
    private final JsonKeys keys;
    private final Diversion diversion;
    private final JsonFactory factory;
    private final MemoryAccount account;
    private final List<JsonCell> cells = new ArrayList<>();
    private @Nullable JsonParser parser;
    private @Nullable JsonLines lines;

    /// Where the parser's input begins in the text, and where the row behind the last one may.
    private long base;

    private long rowEnd;
    private boolean begun;
    private boolean inArray;
    private boolean ended;

    /// Opens partition `partition` of a scan.
    ///
    /// @param account pays for the chunks and for a block of text
    /// @throws dev.quiver.error.QuiverException FILE_NOT_FOUND, FILE_CHANGED
    public static JsonReader open(
            Source.ScanFiles scan,
            FileFormat.Json format,
            int partition,
            MemoryAccount account,
            DictionarySet dictionaries) {
        String name = scan.ranges().getFirst().path();
        var rows = new RowChunk(scan.schema(), account, dictionaries.open(name));
        try {
            return new JsonReader(scan, format, scan.ranges().get(partition), rows, account);
        } catch (RuntimeException | Error e) {
            rows.close();
            throw e;
        }
    }

    private JsonReader(
            Source.ScanFiles scan,
            FileFormat.Json format,
            FileRange range,
            RowChunk rows,
            MemoryAccount account) {
        this.scan = scan;
        this.format = format;
        this.range = range;
        this.rows = rows;
        this.input = new RangeInput(range, account);
        this.trouble = new JsonTrouble(range, input, account);
        this.account = account;
        this.diversion = new Diversion(range, account);
        this.factory = JsonParsing.factory(format.textBytesMax());
        this.keys = new JsonKeys(scan.file().names(), scan.schema().names());
        for (ColumnAppender column : rows.columns())
            cells.add(new JsonCell(column, column.field().name(), trouble));
    }

    @Override
    public void watch(Optional<UnreadableRows> unreadable) {
        if (begun) throw new IllegalStateException("rows were read before");
        diversion.start(unreadable, input.isStream(), input::keepIn, Chunk.ROWS);
    }

    @Override
    public RowOrigins origins() {
        return diversion;
    }

    @Override
    public @Nullable Chunk next() {
        if (ended) return null;
        try {
            if (!begun) begin();
            while (!ended && rows.rows() == 0) fill();
        } catch (JsonProcessingException e) {
            throw trouble.notJson(e, format.lines());
        } catch (IOException e) {
            throw JsonParsing.failed(range.path(), e);
        }
        return rows.take();
    }

    /// Reads rows up to the end, or to as many as a chunk has or can't be read.
    private void fill() throws IOException {
        diversion.begin(rowEnd);
        while (!rows.isFull() && !diversion.isFull()) {
            if (takeRow()) continue;
            ended = true;
            ByteSource.checkUnchanged(range);
            return;
        }
    }

    private void begin() throws IOException {
        begun = true;
        input.begin();
        base = input.start();
        rowEnd = base;
        if (diversion.diverts() && format.lines()) {
            lines = new JsonLines(input, LINE_BYTES_MAX, account);
        } else {
            JsonParser whole = factory.createParser(input);
            parser = whole;
            // Places in other encodings than UTF-8 are unknown.
            if (diversion.isOn() && !JsonParsing.isUtf8(whole)) diversion.close();
        }
        if (diversion.diverts()) trouble.divert();
    }

    /// Takes the next row, or tells that it can't be read; false at the end.
    private boolean takeRow() throws IOException {
        while (true) {
            JsonParser from = parser;
            if (from == null) from = nextLine();
            if (from == null) return false;
            try {
                JsonToken token = from.nextToken();
                if (token != null) {
                    take(from, token);
                    return true;
                }
            } catch (JsonProcessingException e) {
                if (lines == null) throw e;
                divertLine(e, lines);
                return true;
            }
            if (lines == null) return false;
            closeParser();
        }
    }

    /// The parser of the next line; null behind the last one.
    private @Nullable JsonParser nextLine() throws IOException {
        JsonLines of = lines;
        if (of == null || !of.next()) return null;
        base = of.position();
        rowEnd = base;
        JsonParser line = factory.createParser(of.bytes(), of.offset(), of.length());
        parser = line;
        return line;
    }

    /// Takes what begins with the token, at which the parser stands.
    private void take(JsonParser from, JsonToken token) throws IOException {
        if (token == JsonToken.START_OBJECT) takeObject(from);
        else if (token == JsonToken.START_ARRAY && !inArray && !format.lines()) inArray = true;
        else if (token == JsonToken.END_ARRAY && inArray) inArray = false;
        else if (diversion.diverts()) divertOther(from);
        else throw trouble.notObject(from.currentTokenLocation(), from.getText());
    }

    private void divertOther(JsonParser from) throws IOException {
        long start = base + from.currentTokenLocation().getByteOffset();
        from.skipChildren();
        from.finishToken();
        end(from);
        diversion.badRow(start, (int) (rowEnd - start), "", UnreadableRows.SHAPE);
    }

    /// Takes the object at whose begin the parser stands.
    private void takeObject(JsonParser from) throws IOException {
        boolean watched = diversion.isOn();
        long start = watched ? base + from.currentTokenLocation().getByteOffset() : 0;
        int depth = from.getParsingContext().getNestingDepth();
        try {
            JsonCell.takeFields(from, keys, cells, rows.rows(), format.closed(), trouble);
        } catch (BrokenRow broken) {
            rows.dropRow();
            JsonToken token = from.currentToken();
            while (token != null && from.getParsingContext().getNestingDepth() >= depth)
                token = from.nextToken();
            end(from);
            diversion.badRow(start, (int) (rowEnd - start), broken.column(), broken.rule());
            return;
        }
        rows.endRow();
        if (!watched) return;
        end(from);
        diversion.add(start, (int) (rowEnd - start));
    }

    private void end(JsonParser from) {
        rowEnd = base + from.currentLocation().getByteOffset();
    }

    /// What is left of the line isn't JSON.
    private void divertLine(JsonProcessingException cause, JsonLines of) throws IOException {
        rows.dropRow();
        closeParser();
        long lineEnd = of.position() + of.length();
        long start = rowEnd;
        boolean encoding = cause.getOriginalMessage().contains("UTF-8");
        diversion.badRow(
                start,
                (int) (lineEnd - start),
                "",
                encoding ? UnreadableRows.ENCODING : UnreadableRows.SHAPE);
        rowEnd = lineEnd;
    }

    private void closeParser() throws IOException {
        JsonParser open = parser;
        parser = null;
        if (open != null) open.close();
    }

    @Override
    public long bytesRead() {
        return input.bytesRead();
    }

    @Override
    public void close() {
        rows.close();
        diversion.close();
        if (lines != null) lines.close();
        lines = null;
        input.close();
        try {
            closeParser();
        } catch (IOException e) {
            throw JsonParsing.failed(range.path(), e);
        }
    }

    @Override
    public String toString() {
        return "JsonReader[%s, %d columns]".formatted(range.path(), scan.schema().size());
    }
}
