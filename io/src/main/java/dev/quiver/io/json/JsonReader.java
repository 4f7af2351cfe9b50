package dev.quiver.io.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.quiver.columnar.Chunk;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.io.ChunkReader;
import dev.quiver.io.DictionarySet;
import dev.quiver.io.csv.ByteSource;
import dev.quiver.io.rows.ColumnAppender;
import dev.quiver.io.rows.RangeInput;
import dev.quiver.io.rows.RowChunk;
import dev.quiver.operator.FileFormat;
import dev.quiver.operator.FileRange;
import dev.quiver.operator.Source;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
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
/// BAD_VALUE for values that aren't of the column's type.
public final class JsonReader implements ChunkReader {
    private final FileRange range;
    private final FileFormat.Json format;
    private final Source.ScanFiles scan;
    private final RangeInput input;
    private final JsonTrouble trouble;
    private final RowChunk rows;
    private final JsonKeys keys;
    private final List<JsonCell> cells = new ArrayList<>();
    private @Nullable JsonParser parser;
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
        this.keys = new JsonKeys(scan.file().names(), scan.schema().names());
        for (ColumnAppender column : rows.columns())
            cells.add(new JsonCell(column, column.field().name(), trouble));
    }

    @Override
    public @Nullable Chunk next() {
        if (ended) return null;
        try {
            JsonParser from = parser();
            while (!rows.isFull()) {
                if (takeRow(from)) continue;
                ended = true;
                ByteSource.checkUnchanged(range);
                break;
            }
        } catch (JsonProcessingException e) {
            throw trouble.notJson(e, format.lines());
        } catch (IOException e) {
            throw JsonParsing.failed(range.path(), e);
        }
        return rows.take();
    }

    private JsonParser parser() throws IOException {
        JsonParser open = parser;
        if (open != null) return open;
        input.begin();
        open = JsonParsing.factory(format.textBytesMax()).createParser(input);
        parser = open;
        return open;
    }

    /// Takes the next row; false at the end.
    private boolean takeRow(JsonParser from) throws IOException {
        while (true) {
            JsonToken token = from.nextToken();
            if (token == null) return false;
            if (token == JsonToken.START_OBJECT) break;
            if (token == JsonToken.START_ARRAY && !inArray && !format.lines()) inArray = true;
            else if (token == JsonToken.END_ARRAY && inArray) inArray = false;
            else throw trouble.notObject(from.currentTokenLocation(), from.getText());
        }
        JsonCell.takeFields(from, keys, cells, rows.rows(), format.closed(), trouble);
        rows.endRow();
        return true;
    }

    @Override
    public long bytesRead() {
        return input.bytesRead();
    }

    @Override
    public void close() {
        rows.close();
        input.close();
        JsonParser open = parser;
        if (open == null) return;
        parser = null;
        try {
            open.close();
        } catch (IOException e) {
            throw JsonParsing.failed(range.path(), e);
        }
    }

    @Override
    public String toString() {
        return "JsonReader[%s, %d columns]".formatted(range.path(), scan.schema().size());
    }
}
