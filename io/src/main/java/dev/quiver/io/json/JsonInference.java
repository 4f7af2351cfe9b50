package dev.quiver.io.json;

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
    private boolean whole = true;

    private JsonInference(FileFormat.Json format, MemoryAccount account) {
        this.format = format;
        this.account = account;
    }

    /// The columns of files, those of all together.
    ///
    /// @param declared types of columns by name, which aren't inferred
    /// @throws QuiverException FILE_NOT_FOUND; FILE_CORRUPT when there is no object; BAD_ROW for
    ///   what isn't JSON; COLUMN_NOT_FOUND for a declared type of a column that isn't there
    public static Inferred infer(
            List<Path> files, FileFormat.Json format, Map<String, DataType> declared) {
        try (var pool = new MemoryPool(POOL_BYTES);
                MemoryAccount account = pool.account(new Owner("plan", "JsonInference", -1))) {
            return new JsonInference(format, account).infer(files, declared);
        }
    }

    private Inferred infer(List<Path> files, Map<String, DataType> declared) {
        long bytesLeft = WHOLE_BYTES_MAX;
        for (Path path : files) {
            FileRange file = ByteSource.whole(path);
            if (bytesLeft > 0) look(file);
            else whole = false;
            bytesLeft -= file.size();
        }
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
