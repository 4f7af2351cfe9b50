package dev.quiver.schema;

import dev.quiver.error.ErrorCode;
import dev.quiver.error.NearestName;
import dev.quiver.error.QuiverException;
import dev.quiver.schema.DataType.TimeUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Reads the text form of types: `int64`, `decimal(10,2)`, `timestamp[us, UTC]`, and the names that
/// SQL has for them.
public final class DataTypeParser {
    private static final Map<String, DataType> SIMPLE = new TreeMap<>();

    static {
        for (DataType type :
                List.of(
                        DataType.BOOL,
                        DataType.INT8,
                        DataType.INT16,
                        DataType.INT32,
                        DataType.INT64,
                        DataType.UINT8,
                        DataType.UINT16,
                        DataType.UINT32,
                        DataType.UINT64,
                        DataType.FLOAT16,
                        DataType.FLOAT32,
                        DataType.FLOAT64,
                        DataType.DATE,
                        DataType.UTF8,
                        DataType.BINARY,
                        DataType.CATEGORICAL)) {
            SIMPLE.put(type.toString(), type);
        }
        SIMPLE.put("boolean", DataType.BOOL);
        SIMPLE.put("tinyint", DataType.INT8);
        SIMPLE.put("smallint", DataType.INT16);
        SIMPLE.put("int", DataType.INT32);
        SIMPLE.put("integer", DataType.INT32);
        SIMPLE.put("bigint", DataType.INT64);
        SIMPLE.put("long", DataType.INT64);
        SIMPLE.put("float", DataType.FLOAT32);
        SIMPLE.put("real", DataType.FLOAT32);
        SIMPLE.put("double", DataType.FLOAT64);
        SIMPLE.put("varchar", DataType.UTF8);
        SIMPLE.put("string", DataType.UTF8);
        SIMPLE.put("text", DataType.UTF8);
        SIMPLE.put("timestamp", DataType.TIMESTAMP);
        SIMPLE.put("time", DataType.TIME);
        SIMPLE.put("duration", DataType.DURATION);
    }

    private final String text;
    private int position;

    private DataTypeParser(String text, int position) {
        this.text = text;
        this.position = position;
    }

    /// A type and where its text ends.
    public record Parsed(DataType type, int end) {}

    /// The type that the whole text names.
    ///
    /// @throws QuiverException with the nearest name when there is no such type
    public static DataType parse(String text) {
        var parser = new DataTypeParser(text, 0);
        DataType type = parser.type();
        parser.blanks();
        if (parser.position < text.length()) throw parser.unreadable("nothing more after " + type);
        return type;
    }

    /// The type whose text starts at `start`.
    ///
    /// @throws QuiverException with the nearest name when there is no such type
    public static Parsed parse(String text, int start) {
        var parser = new DataTypeParser(text, start);
        DataType type = parser.type();
        return new Parsed(type, parser.position);
    }

    /// Whether a type can start with this word.
    public static boolean startsType(String word) {
        String name = word.toLowerCase(Locale.ROOT);
        return SIMPLE.containsKey(name)
                || name.equals("decimal")
                || name.equals("numeric")
                || name.equals("enum")
                || name.equals("list")
                || name.equals("struct");
    }

    private DataType type() {
        blanks();
        int start = position;
        String name = word().toLowerCase(Locale.ROOT);
        return switch (name) {
            case "decimal", "numeric" -> decimal(start);
            case "timestamp" -> timestamp();
            case "time" -> new DataType.Time(unit());
            case "duration" -> new DataType.Duration(unit());
            case "enum" -> enumeration();
            case "list" -> {
                expect('<');
                DataType element = type();
                expect('>');
                yield new DataType.ListOf(Field.of("element", element));
            }
            case "struct" -> struct();
            default -> {
                DataType type = SIMPLE.get(name);
                if (type == null) throw unknown(name, start);
                yield type;
            }
        };
    }

    private DataType decimal(int start) {
        expect('(');
        int precision = number();
        int scale = 0;
        if (accept(',')) scale = number();
        expect(')');
        try {
            return new DataType.Decimal(precision, scale);
        } catch (IllegalArgumentException e) {
            throw new QuiverException(
                    ErrorCode.EXPRESSION_INVALID,
                    "there is no type %s".formatted(text.substring(start, position)),
                    pointer(start),
                    "a decimal has 1 to 38 digits, and at most as many behind the point",
                    e);
        }
    }

    private DataType timestamp() {
        if (!accept('[')) return DataType.TIMESTAMP;
        TimeUnit unit = unitName();
        Optional<String> zone = Optional.empty();
        if (accept(',')) {
            blanks();
            int end = text.indexOf(']', position);
            if (end < 0) throw unreadable("']'");
            zone = Optional.of(text.substring(position, end).strip());
            position = end;
        }
        expect(']');
        return new DataType.Timestamp(unit, zone);
    }

    private TimeUnit unit() {
        if (!accept('[')) return TimeUnit.MICRO;
        TimeUnit unit = unitName();
        expect(']');
        return unit;
    }

    private TimeUnit unitName() {
        blanks();
        int start = position;
        String name = word();
        for (TimeUnit unit : TimeUnit.values()) {
            if (unit.toString().equals(name)) return unit;
        }
        position = start;
        throw unreadable("a unit: s, ms, us or ns");
    }

    private DataType enumeration() {
        expect('(');
        int end = text.indexOf(')', position);
        if (end < 0) throw unreadable("')'");
        var categories = new ArrayList<String>();
        for (String category : text.substring(position, end).split(",", -1)) {
            categories.add(category.strip());
        }
        position = end + 1;
        return new DataType.Enumeration(categories);
    }

    private DataType struct() {
        expect('<');
        var fields = new ArrayList<Field>();
        do {
            blanks();
            String name = word();
            expect(':');
            fields.add(Field.of(name, type()));
        } while (accept(','));
        expect('>');
        return new DataType.Struct(fields);
    }

    private void blanks() {
        while (position < text.length() && Character.isWhitespace(text.charAt(position)))
            position++;
    }

    private String word() {
        int start = position;
        while (position < text.length()
                && (Character.isLetterOrDigit(text.charAt(position))
                        || text.charAt(position) == '_')) position++;
        return text.substring(start, position);
    }

    private int number() {
        blanks();
        int start = position;
        String digits = word();
        if (digits.isEmpty()
                || digits.length() > 3
                || !digits.chars().allMatch(Character::isDigit)) {
            position = start;
            throw unreadable("a number of digits");
        }
        return Integer.parseInt(digits);
    }

    /// Skips blanks and the sign if it comes next; a blank before something else stays.
    private boolean accept(char sign) {
        int start = position;
        blanks();
        if (position < text.length() && text.charAt(position) == sign) {
            position++;
            return true;
        }
        position = start;
        return false;
    }

    private void expect(char sign) {
        if (!accept(sign)) {
            blanks();
            throw unreadable("'" + sign + "'");
        }
    }

    private QuiverException unknown(String name, int start) {
        String hint =
                NearestName.of(name, SIMPLE.keySet())
                        .map(nearest -> "did you mean %s? ".formatted(nearest))
                        .orElse("");
        return new QuiverException(
                ErrorCode.EXPRESSION_INVALID,
                "there is no type '%s'".formatted(name),
                pointer(start),
                hint
                        + "types are bool, int8 to int64, uint8 to uint64, float32, float64,"
                        + " decimal(p,s), date, timestamp[us], timestamp[us, UTC], utf8,"
                        + " categorical, binary");
    }

    private QuiverException unreadable(String expected) {
        return new QuiverException(
                ErrorCode.EXPRESSION_INVALID,
                "expected %s in a type".formatted(expected),
                pointer(position),
                "write the type like decimal(10,2) or timestamp[us, UTC]");
    }

    private List<String> pointer(int at) {
        return List.of("in: " + text, "    " + " ".repeat(at) + "^ here");
    }
}
