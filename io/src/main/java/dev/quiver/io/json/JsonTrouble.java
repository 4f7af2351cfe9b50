package dev.quiver.io.json;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import dev.quiver.columnar.memory.Buffer;
import dev.quiver.columnar.memory.Layouts;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.NearestName;
import dev.quiver.error.QuiverException;
import dev.quiver.io.UnreadableRows;
import dev.quiver.io.csv.ByteSource;
import dev.quiver.io.rows.BrokenRow;
import dev.quiver.io.rows.RangeInput;
import dev.quiver.operator.FileRange;
import dev.quiver.schema.DataType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What can be wrong with a JSON file, as errors with file and line.
final class JsonTrouble {
    private static final int TEXT_CHARS_MAX = 60;
    private static final int BLOCK_BYTES = 1 << 20;

    private final FileRange range;
    private final RangeInput input;
    private final MemoryAccount account;
    private boolean diverts;

    JsonTrouble(FileRange range, RangeInput input, MemoryAccount account) {
        this.range = range;
        this.input = input;
        this.account = account;
    }

    /// From now on rows that can't be read are no errors, but [BrokenRow]s.
    void divert() {
        diverts = true;
    }

    /// A value that isn't of its column's type.
    RuntimeException badValue(JsonLocation location, String column, DataType type, String text) {
        if (diverts) return new BrokenRow(column, UnreadableRows.TYPE);
        return new QuiverException(
                ErrorCode.BAD_VALUE,
                "%s is not %s".formatted(shown(text), article(type)),
                List.of(place(location) + ", column '%s'".formatted(column)),
                "correct the file, or read the column as text: .type(\"%s\", DataType.UTF8)"
                        .formatted(column.replaceFirst("[.\\[].*", "")));
    }

    QuiverException notJson(JsonProcessingException cause, boolean lines) {
        if (cause instanceof StreamConstraintsException)
            return new QuiverException(
                    ErrorCode.BAD_ROW,
                    cause.getOriginalMessage(),
                    List.of(place(cause.getLocation())),
                    "raise the limit of texts with .lineMax(\"256MB\"), or check the file",
                    cause);
        return new QuiverException(
                ErrorCode.BAD_ROW,
                "it is not JSON: %s".formatted(firstSentence(cause.getOriginalMessage())),
                List.of(place(cause.getLocation())),
                lines
                        ? "correct the line, or take it out: each line is one object"
                        : "correct the file: it holds an array of objects, or objects alone",
                cause);
    }

    private static String firstSentence(String message) {
        String plain = message.replaceAll("\\s+", " ").strip();
        return plain.length() <= 200 ? plain : plain.substring(0, 200) + "…";
    }

    QuiverException notObject(JsonLocation location, String found) {
        return new QuiverException(
                ErrorCode.BAD_ROW,
                "%s stands where an object is expected".formatted(shown(found)),
                List.of(place(location)),
                "a row is an object such as {\"id\": 1}: one after the other, or all in one array");
    }

    RuntimeException keyTwice(JsonLocation location, String column) {
        if (diverts) return new BrokenRow(column, UnreadableRows.SHAPE);
        return new QuiverException(
                ErrorCode.BAD_ROW,
                "the key '%s' stands twice in one object".formatted(column),
                List.of(place(location)),
                "keep one of the two");
    }

    QuiverException keyUnknown(JsonLocation location, String key, List<String> known) {
        return new QuiverException(
                ErrorCode.BAD_ROW,
                "the key '%s' is no column that was found in the samples".formatted(key),
                List.of(
                        place(location),
                        "has: " + String.join(", ", known.subList(0, Math.min(20, known.size())))),
                NearestName.of(key, known).map("did you mean '%s'? "::formatted).orElse("")
                        + "the file is too large to look at all of it: declare the columns with"
                        + " .schema(…), which leaves other keys out");
    }

    /// An error of a value, with its place.
    RuntimeException at(JsonLocation location, String column, QuiverException cause) {
        if (diverts) return new BrokenRow(column, UnreadableRows.TYPE);
        var where =
                new java.util.ArrayList<>(
                        List.of(place(location) + ", column '%s'".formatted(column)));
        where.addAll(cause.where());
        return new QuiverException(cause.code(), cause.what(), where, cause.fix(), cause);
    }

    /// `file: …, line …` of a place in the parser's input.
    private String place(@Nullable JsonLocation location) {
        int line = location == null ? 1 : Math.max(1, location.getLineNr());
        return "file: %s, line %d".formatted(range.path(), lineFeedsBefore() + line);
    }

    private long lineFeedsBefore() {
        if (input.start() == 0) return 0;
        var whole =
                new FileRange(range.path(), 0, range.size(), range.size(), range.modifiedNanos());
        long lineFeeds = 0;
        try (ByteSource source = ByteSource.open(whole);
                Buffer buffer = account.allocate(BLOCK_BYTES)) {
            long left = input.start();
            while (left > 0) {
                int count = source.read(buffer.segment(), 0, (int) Math.min(BLOCK_BYTES, left));
                if (count < 0) break;
                for (int i = 0; i < count; i++) {
                    if (buffer.segment().get(Layouts.BYTE, i) == '\n') lineFeeds++;
                }
                left -= count;
            }
        }
        return lineFeeds;
    }

    private static String shown(String text) {
        String cut =
                text.length() <= TEXT_CHARS_MAX ? text : text.substring(0, TEXT_CHARS_MAX) + "…";
        return "'" + cut + "'";
    }

    private static String article(DataType type) {
        String name = type.toString();
        return ("aeiou".indexOf(name.charAt(0)) >= 0 ? "an " : "a ") + name;
    }
}
