package dev.quiver.io.csv;

import dev.quiver.columnar.memory.Buffer;
import dev.quiver.columnar.memory.ByteSize;
import dev.quiver.columnar.memory.Layouts;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.io.csv.kernel.RowScanner;
import dev.quiver.operator.CsvFormat;
import dev.quiver.operator.FileRange;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Field;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// What can be wrong with a CSV file, as errors with file and line.
///
/// Lines are counted only when an error needs one: all line feeds before a position, so that the
/// number is the one an editor shows, in whatever range of the file the trouble is.
final class CsvTrouble {
    private static final int TEXT_CHARS_MAX = 60;
    private static final int BLOCK_BYTES = 1 << 20;

    private final FileRange range;
    private final CsvFormat format;
    private final MemoryAccount account;

    CsvTrouble(FileRange range, CsvFormat format, MemoryAccount account) {
        this.range = range;
        this.format = format;
        this.account = account;
    }

    /// A text that isn't a value of its column's type.
    ///
    /// @param position of the field in the file's text
    QuiverException badValue(long position, Field field, String text) {
        String name = field.name();
        String shown = shown(text);
        return new QuiverException(
                ErrorCode.BAD_VALUE,
                "'%s' is not %s".formatted(shown, article(field.type())),
                List.of(place(position) + ", column '%s'".formatted(name)),
                text.isBlank()
                        ? "correct the file, or read the column as text: .type(\"%s\", DataType.UTF8)"
                                .formatted(name)
                        : "correct the file, or read the column as text: .type(\"%s\", DataType.UTF8),"
                                        .formatted(name)
                                + " or where it means a missing value: .nulls(\"%s\")"
                                        .formatted(shown));
    }

    /// A row whose number of fields isn't that of the columns.
    QuiverException wrongFieldCount(long position, int fields, int columns, List<String> names) {
        var first = names.subList(0, Math.min(names.size(), 10));
        String list = String.join(", ", first) + (names.size() > first.size() ? ", …" : "");
        return new QuiverException(
                ErrorCode.BAD_ROW,
                "a row has %s, expected %d".formatted(count(fields, "field"), columns),
                List.of(place(position), "columns: " + list),
                fields > columns
                        ? "put fields that hold '%s' in quotes, or choose another .delimiter(…)"
                                .formatted(printed(format.delimiter()))
                        : "add the missing fields, empty for null, or choose another"
                                + " .delimiter(…)");
    }

    /// @param before the byte before the quote
    QuiverException textBehindQuote(long position, byte found, byte before) {
        boolean printable = found > ' ' && found < 0x7F;
        return new QuiverException(
                ErrorCode.BAD_ROW,
                "%s follows a closing quote"
                        .formatted(
                                printable
                                        ? "'%c'".formatted((char) found)
                                        : "byte %02X".formatted(found)),
                List.of(place(position)),
                before == '\\' && format.escape() == format.quote()
                        ? "where \\%c means a quote inside quotes, say so: .escape('\\\\')"
                                .formatted(format.quote())
                        : "write a quote inside a quoted field " + quoteInQuotes());
    }

    QuiverException openQuote(long position) {
        return new QuiverException(
                ErrorCode.BAD_ROW,
                "a quoted field never ends",
                List.of(place(position) + ", where its row begins"),
                "close the quote; a quote inside a quoted field is written " + quoteInQuotes());
    }

    private String quoteInQuotes() {
        return "%s%c%c"
                .formatted(
                        format.escape() == format.quote() ? "twice: " : "as ",
                        format.escape(),
                        format.quote());
    }

    QuiverException lineTooLong(long position) {
        return new QuiverException(
                ErrorCode.BAD_ROW,
                "a line is longer than %s".formatted(ByteSize.text(format.lineBytesMax())),
                List.of(place(position)),
                "close a quote that is open by mistake, or raise the limit: .lineMax(\"128MB\")");
    }

    /// @param at the byte in `data`
    QuiverException notUtf8(long position, MemorySegment data, long at) {
        var bytes = new StringBuilder();
        for (long i = at; i < Math.min(at + 4, data.byteSize()); i++)
            bytes.append(" %02X".formatted(data.get(Layouts.BYTE, i)));
        return new QuiverException(
                ErrorCode.BAD_VALUE,
                "the file is not UTF-8: bytes%s".formatted(bytes),
                List.of(place(position) + ", byte offset %d".formatted(position)),
                "say how it is written, for example .encoding(\"windows-1252\")");
    }

    /// @param bytes which, and where
    QuiverException undecodable(long position, String bytes) {
        return new QuiverException(
                ErrorCode.BAD_VALUE,
                "the file is not %s: bytes %s".formatted(format.text().charset(), bytes),
                List.of(place(position)),
                "say how it is written: .encoding(\"…\")");
    }

    QuiverException isUtf16() {
        return new QuiverException(
                ErrorCode.BAD_VALUE,
                "the file is not UTF-8: it begins with the mark of UTF-16",
                List.of("file: " + range.path()),
                "say so: .encoding(\"UTF-16\")");
    }

    QuiverException categoryUnknown(long position, Field field, String text, List<String> known) {
        return new QuiverException(
                ErrorCode.BAD_VALUE,
                "'%s' is not one of the categories of %s".formatted(shown(text), field.name()),
                List.of(
                        place(position) + ", column '%s'".formatted(field.name()),
                        "has: " + String.join(", ", known)),
                "add it to the enum, or use CATEGORICAL, which takes every value");
    }

    QuiverException headerDiffers(long position, List<String> expected, List<String> found) {
        return new QuiverException(
                ErrorCode.BAD_ROW,
                "the header differs from the schema",
                List.of(
                        place(position),
                        "expected: " + String.join(", ", expected),
                        "found: " + String.join(", ", found)),
                "declare the columns as the file has them, in its order, or read files of different"
                        + " columns apart and union them");
    }

    QuiverException headerBlank(long position) {
        return new QuiverException(
                ErrorCode.BAD_ROW,
                "the first line is blank, so there are no column names",
                List.of(place(position)),
                "remove the line, or say .header(false)");
    }

    QuiverException tooManyCategories(Field field, int max) {
        return new QuiverException(
                ErrorCode.UNSUPPORTED,
                "column '%s' has more than %d categories".formatted(field.name(), max),
                List.of("file: " + range.path()),
                "read it as text: .type(\"%s\", DataType.UTF8)".formatted(field.name()));
    }

    static QuiverException unsupported(Field field) {
        return new QuiverException(
                ErrorCode.UNSUPPORTED,
                "CSV can't hold column '%s' of %s".formatted(field.name(), field.type()),
                List.of(),
                "leave it out, cast it to utf8, or use Parquet");
    }

    /// The error for an outcome that is one.
    QuiverException of(
            RowScanner.Outcome outcome, RowScanner scanner, Window window, List<String> names) {
        long position = window.position(scanner.position());
        return switch (outcome) {
            case TOO_FEW, TOO_MANY ->
                    wrongFieldCount(position, scanner.fields(), names.size(), names);
            case AFTER_QUOTE -> {
                MemorySegment data = window.data();
                int at = scanner.position();
                yield textBehindQuote(
                        position, data.get(Layouts.BYTE, at), data.get(Layouts.BYTE, at - 2L));
            }
            case ROW, INCOMPLETE -> throw new IllegalArgumentException(outcome.toString());
        };
    }

    /// `file: …, line …` of a position in the text.
    String place(long position) {
        return "file: %s, line %d".formatted(range.path(), 1 + lineFeedsBefore(position));
    }

    private long lineFeedsBefore(long position) {
        var whole =
                new FileRange(range.path(), 0, range.size(), range.size(), range.modifiedNanos());
        long lineFeeds = 0;
        try (ByteSource source = ByteSource.open(whole, format.text(), account);
                Buffer buffer = account.allocate(BLOCK_BYTES)) {
            MemorySegment data = buffer.segment();
            long left = position;
            while (left > 0) {
                int count = source.read(data, 0, (int) Math.min(BLOCK_BYTES, left));
                if (count < 0) break;
                for (int i = 0; i < count; i++) {
                    if (data.get(Layouts.BYTE, i) == '\n') lineFeeds++;
                }
                left -= count;
            }
        }
        return lineFeeds;
    }

    static String text(MemorySegment data, long from, long to) {
        return new String(
                data.asSlice(from, to - from).toArray(ValueLayout.JAVA_BYTE),
                StandardCharsets.UTF_8);
    }

    private static String shown(String text) {
        return text.length() <= TEXT_CHARS_MAX ? text : text.substring(0, TEXT_CHARS_MAX) + "…";
    }

    private static String count(int count, String noun) {
        return count + " " + noun + (count == 1 ? "" : "s");
    }

    static String printed(char c) {
        return c == '\t' ? "\\t" : String.valueOf(c);
    }

    private static String article(DataType type) {
        String name = type.toString();
        return ("aeiou".indexOf(name.charAt(0)) >= 0 ? "an " : "a ") + name;
    }
}
