package dev.quiver.io.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.columnar.memory.MemoryPool;
import dev.quiver.columnar.memory.Owner;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.io.DeclaredTypes;
import dev.quiver.io.csv.ByteSource;
import dev.quiver.io.rows.RangeInput;
import dev.quiver.io.store.Stores;
import dev.quiver.operator.FileFormat;
import dev.quiver.operator.FileRange;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Field;
import dev.quiver.schema.Schema;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Finds the columns of JSON files: a column for each key, in the order in which they first appear.
///
/// A column's type is the first of these that all its values have: bool, int64, float64 (also whole
/// numbers among others, and `"NaN"`, `"Infinity"`), date, timestamp, timestamp in UTC (ISO 8601
/// texts), struct (objects), list (arrays), else utf8: texts as they are, other values as the JSON
/// that they are. Whole numbers beyond int64, objects of more than a thousand keys and columns
/// without values are utf8.
///
/// Files up to [#WHOLE_BYTES_MAX] are read whole; of larger ones with an object a line, the begin
/// and samples all over the file, of others the begin.
public final class JsonInference {
    /// The largest file that is read whole.
    public static final long WHOLE_BYTES_MAX = 64L << 20;

    private static final int COLUMNS_MAX = 10_000;
    private static final long HEAD_BYTES = 4L << 20;
    private static final int SAMPLE_BYTES = 128 << 10;
    private static final int SAMPLES = 64;
    private static final long POOL_BYTES = 1L << 30;

    /// What was found.
    ///
    /// @param whole whether every value was looked at
    public record Inferred(Schema schema, boolean whole) {}

    private final FileFormat.Json format;
    private final MemoryAccount account;
    private final JsonShape shape = new JsonShape();
    private final boolean byLines;
    private boolean whole = true;

    /// Lines that were objects, where it goes by lines.
    private long rows;

    private JsonInference(FileFormat.Json format, boolean byLines, MemoryAccount account) {
        this.format = format;
        this.byLines = byLines;
        this.account = account;
    }

    /// The columns of files, those of all together.
    ///
    /// @param declared types of columns by name, which aren't inferred
    /// @throws QuiverException FILE_NOT_FOUND; FILE_CORRUPT when there is no object; BAD_ROW for
    ///   what isn't JSON, but for lines among others that are; COLUMN_NOT_FOUND for a declared type
    ///   of a column that isn't there
    public static Inferred infer(
            List<Path> files, FileFormat.Json format, Map<String, DataType> declared) {
        try (var pool = new MemoryPool(POOL_BYTES);
                MemoryAccount account = pool.account(new Owner("plan", "JsonInference", -1))) {
            return infer(files, format, declared, account);
        }
    }

    private static Inferred infer(
            List<Path> files,
            FileFormat.Json format,
            Map<String, DataType> declared,
            MemoryAccount account) {
        try {
            var streaming = new JsonInference(format, false, account);
            streaming.look(files);
            return streaming.inferred(files, declared);
        } catch (QuiverException e) {
            if (e.code() != ErrorCode.BAD_ROW || !format.lines()) throw e;
            // Lines that aren't JSON are the scan's to judge, unless there are no others.
            var byLines = new JsonInference(format, true, account);
            byLines.look(files);
            if (byLines.rows == 0) throw e;
            return byLines.inferred(files, declared);
        }
    }

    private void look(List<Path> files) {
        long bytesLeft = WHOLE_BYTES_MAX;
        for (Path path : files) {
            FileRange file = ByteSource.whole(path);
            if (bytesLeft > 0) look(file);
            else whole = false;
            bytesLeft -= file.size();
        }
    }

    private Inferred inferred(List<Path> files, Map<String, DataType> declared) {
        Map<String, JsonShape> found = shape.fields();
        if (found.isEmpty())
            throw new QuiverException(
                    ErrorCode.FILE_CORRUPT,
                    "'%s' has no object with a key, so there are no columns"
                            .formatted(files.getFirst()),
                    List.of(),
                    "declare the columns with .schema(…), or check what wrote the file");
        DeclaredTypes.check(declared, found.keySet(), files.getFirst());
        if (found.size() > COLUMNS_MAX)
            throw new QuiverException(
                    ErrorCode.UNSUPPORTED,
                    "the objects of '%s' have more than %,d keys"
                            .formatted(files.getFirst(), COLUMNS_MAX),
                    List.of(),
                    "declare the columns that you need with .schema(…)");
        var fields = new ArrayList<Field>();
        found.forEach((name, kinds) -> {
            DataType type = declared.get(name);
            fields.add(Field.of(name, type != null ? type : kinds.type()));
        });
        return new Inferred(new Schema(fields), whole);
    }

    private void look(FileRange file) {
        boolean compressed = ByteSource.isCompressed(Stores.path(file.path()));
        if (file.size() <= WHOLE_BYTES_MAX || compressed || !format.lines()) {
            look(file, WHOLE_BYTES_MAX);
            return;
        }
        whole = false;
        look(part(file, 0, HEAD_BYTES), HEAD_BYTES);
        long between = (file.size() - HEAD_BYTES) / SAMPLES;
        for (int i = 1; i <= SAMPLES; i++) {
            long from = HEAD_BYTES + between * i - SAMPLE_BYTES;
            look(part(file, from, from + SAMPLE_BYTES), SAMPLE_BYTES);
        }
    }

    private static FileRange part(FileRange file, long from, long to) {
        return new FileRange(
                file.path(), from, Math.min(to, file.size()), file.size(), file.modifiedNanos());
    }

    /// Looks at about the first `bytes` of text.
    private void look(FileRange range, long bytes) {
        if (byLines) {
            lookByLines(range, bytes);
            return;
        }
        try (var input = new RangeInput(range, account)) {
            input.begin();
            var trouble = new JsonTrouble(range, input, account);
            try (JsonParser parser =
                    JsonParsing.factory(format.textBytesMax()).createParser(input)) {
                look(parser, bytes, trouble);
            } catch (JsonProcessingException e) {
                throw trouble.notJson(e, format.lines());
            } catch (IOException e) {
                throw JsonParsing.failed(range.path(), e);
            }
        }
    }

    /// As above, passing over lines that aren't JSON.
    private void lookByLines(FileRange range, long bytes) {
        JsonFactory factory = JsonParsing.factory(format.textBytesMax());
        try (var input = new RangeInput(range, account)) {
            input.begin();
            try (var lines = new JsonLines(input, format.textBytesMax(), account)) {
                while (lines.nextPosition() - input.start() <= bytes && lines.next()) {
                    if (look(factory, lines)) rows++;
                }
                whole &= !lines.next();
            }
        }
    }

    private boolean look(JsonFactory factory, JsonLines line) {
        try (JsonParser parser = factory.createParser(line.bytes(), line.offset(), line.length())) {
            JsonToken token = parser.nextToken();
            boolean isBlank = token == null;
            while (token == JsonToken.START_OBJECT) {
                shape.addFields(parser);
                token = parser.nextToken();
            }
            return token == null && !isBlank;
        } catch (IOException _) {
            return false;
        }
    }

    private void look(JsonParser parser, long bytes, JsonTrouble trouble) throws IOException {
        boolean inArray = false;
        for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
            if (token == JsonToken.START_OBJECT) shape.addFields(parser);
            else if (token == JsonToken.START_ARRAY && !inArray && !format.lines()) inArray = true;
            else if (token == JsonToken.END_ARRAY && inArray) inArray = false;
            else throw trouble.notObject(parser.currentTokenLocation(), parser.getText());
            if (parser.currentLocation().getByteOffset() > bytes) {
                whole = false;
                return;
            }
        }
    }
}
