package dev.quiver.io.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.columnar.memory.MemoryPool;
import dev.quiver.columnar.memory.Owner;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.io.csv.ByteSource;
import dev.quiver.io.rows.RangeInput;
import dev.quiver.operator.FileRange;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// How JSON parsers are made, and how a file's objects lie in it.
public final class JsonParsing {
    private static final int DEPTH_MAX = 200;
    private static final long POOL_BYTES = 64L << 20;

    /// Text whose lines are looked at one by one where it isn't JSON from its begin.
    private static final long LOOK_BYTES = 256 << 10;

    private JsonParsing() {}

    static JsonFactory factory(int textBytesMax) {
        return JsonFactory.builder()
                .streamReadConstraints(
                        StreamReadConstraints.builder()
                                .maxStringLength(textBytesMax)
                                .maxNameLength(1 << 20)
                                .maxNestingDepth(DEPTH_MAX)
                                .build())
                .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
                .disable(StreamReadFeature.AUTO_CLOSE_SOURCE)
                .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                .build();
    }

    /// Whether each object of a file seems to stand on a line of its own: the first one does, it is
    /// in no array, and the text is UTF-8; where the first lines aren't all JSON, most of them are
    /// objects. Of an empty file, true.
    ///
    /// @throws QuiverException FILE_NOT_FOUND, IO_FAILED; BAD_ROW when it doesn't begin with JSON
    public static boolean hasLines(Path file, int textBytesMax) {
        FileRange whole = ByteSource.whole(file);
        try (var pool = new MemoryPool(POOL_BYTES);
                MemoryAccount account = pool.account(new Owner("plan", "JsonParsing", -1));
                var input = new RangeInput(whole, account)) {
            input.begin();
            return hasLines(whole, input, account, textBytesMax);
        }
    }

    private static boolean hasLines(
            FileRange whole, RangeInput input, MemoryAccount account, int textBytesMax) {
        try (JsonParser parser = factory(textBytesMax).createParser(input)) {
            if (parser.nextToken() == null) return true;
            if (!parser.isExpectedStartObjectToken() || !isUtf8(parser)) return false;
            int line = parser.currentTokenLocation().getLineNr();
            parser.skipChildren();
            if (parser.currentTokenLocation().getLineNr() > line) return false;
            return parser.nextToken() == null || parser.currentTokenLocation().getLineNr() > line;
        } catch (JsonProcessingException e) {
            if (areLinesObjects(whole, account, textBytesMax)) return true;
            throw new JsonTrouble(whole, input, account).notJson(e, false);
        } catch (IOException e) {
            throw failed(whole.path(), e);
        }
    }

    /// Whether most of the first lines are objects, each by itself.
    private static boolean areLinesObjects(
            FileRange whole, MemoryAccount account, int textBytesMax) {
        JsonFactory factory = factory(textBytesMax);
        int objects = 0;
        int others = 0;
        try (var input = new RangeInput(whole, account)) {
            input.begin();
            try (var lines = new JsonLines(input, textBytesMax, account)) {
                while (lines.position() - input.start() <= LOOK_BYTES && lines.next()) {
                    if (isObject(factory, lines)) objects++;
                    else others++;
                }
            }
        }
        return objects > others;
    }

    private static boolean isObject(JsonFactory factory, JsonLines line) {
        try (JsonParser parser = factory.createParser(line.bytes(), line.offset(), line.length())) {
            if (parser.nextToken() != JsonToken.START_OBJECT) return false;
            parser.skipChildren();
            return parser.nextToken() == null;
        } catch (IOException _) {
            return false;
        }
    }

    static boolean isUtf8(JsonParser parser) {
        return parser instanceof com.fasterxml.jackson.core.json.UTF8StreamJsonParser;
    }

    static QuiverException failed(String path, IOException cause) {
        return new QuiverException(
                ErrorCode.IO_FAILED,
                "reading '%s' failed: %s".formatted(path, cause),
                List.of(),
                "check the file's permissions and the disk",
                cause);
    }
}
