package dev.quiver.io.excel;

import dev.quiver.io.csv.FieldText;
import dev.quiver.io.csv.kernel.FieldKind;
import dev.quiver.schema.DataType;
import java.lang.foreign.MemorySegment;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What cells of a workbook mean, by its formats, its texts and its count of days.
///
/// @param nulls texts that mean null, errors such as `#N/A` among them
record CellMeaning(CellFormats formats, Serial serial, SharedStrings strings, List<String> nulls) {
    /// A time of day, beside the kinds of CSV.
    static final int TIME = 1 << 16;

    /// A length of time.
    static final int LENGTH = 1 << 17;

    private static final double WHOLE_MAX = 1L << 53;

    /// The digits that Excel shows.
    private static final MathContext DIGITS = new MathContext(15);

    private static final int PLAIN_DIGITS_MAX = 25;

    private static final Pattern NUMBER =
            Pattern.compile("[+-]?([0-9]++(\\.[0-9]*+)?|\\.[0-9]++)([eE][+-]?[0-9]{1,9})?");

    private static final Pattern DIGITS_ALONE = Pattern.compile("-?[0-9]{1,25}");

    CellMeaning {
        nulls = List.copyOf(nulls);
    }

    /// The most special type that holds values of all these kinds, utf8 for none.
    static DataType typeOf(int kinds) {
        if (kinds == TIME) return DataType.TIME;
        if (kinds == LENGTH) return DataType.DURATION;
        return (kinds & (TIME | LENGTH)) == 0 ? FieldKind.typeOf(kinds) : DataType.UTF8;
    }

    /// Whether nothing is seen in the cell.
    boolean isBlank(Cell cell) {
        if (cell.content != Cell.Content.SHARED) return cell.content == Cell.Content.NOTHING;
        int index = index(cell);
        return index >= 0 && strings.length(index) == 0;
    }

    /// Whether the cell stands for null.
    boolean isNull(Cell cell) {
        return switch (cell.content) {
            case NOTHING -> true;
            case TEXT, ERROR -> nulls.contains(cell.text);
            case SHARED -> {
                if (isBlank(cell)) yield true;
                int index = index(cell);
                yield index >= 0 && !nulls.isEmpty() && nulls.contains(strings.get(index));
            }
            case NUMBER, BOOL, DATE, UNCOMPUTED -> false;
        };
    }

    /// The number of the text that the cell names; -1 when it names none.
    int index(Cell cell) {
        return SheetRows.wholeNumber(cell.text, strings.count() - 1);
    }

    /// The kinds of the cell's value, as bits; none for cells without one.
    int kinds(Cell cell) {
        return switch (cell.content) {
            case NUMBER -> kindsOfNumber(cell);
            case BOOL -> FieldKind.BOOL.bit();
            case TEXT, DATE -> kindsOf(cell.text);
            case SHARED -> {
                int index = index(cell);
                if (index < 0) yield 0;
                int begin = strings.begin(index);
                int end = begin + strings.length(index);
                yield FieldKind.of(strings.data(index), begin, end).bit();
            }
            case NOTHING, ERROR, UNCOMPUTED -> 0;
        };
    }

    private static int kindsOf(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        byte[] padded = Arrays.copyOf(bytes, bytes.length + SharedStrings.PADDING_BYTES);
        return FieldKind.of(MemorySegment.ofArray(padded), 0, bytes.length).bit();
    }

    private int kindsOfNumber(Cell cell) {
        double number = number(cell);
        if (Double.isNaN(number)) return 0;
        return switch (look(cell, number)) {
            case NUMBER -> (isWhole(number) ? FieldKind.INT64 : FieldKind.FLOAT64).bit();
            case TIME -> TIME;
            case LENGTH -> LENGTH;
            case DATE -> {
                Optional<LocalDateTime> time = serial.time(number);
                if (time.isEmpty()) yield 0;
                boolean isDay = time.get().toLocalTime().equals(LocalTime.MIDNIGHT);
                yield (isDay ? FieldKind.DATE : FieldKind.TIMESTAMP).bit();
            }
        };
    }

    /// A time of day that counts days is a date as well.
    private NumberLook look(Cell cell, double number) {
        NumberLook look = formats.look(cell.style);
        return look == NumberLook.TIME && Serial.timeOfDay(number).isEmpty()
                ? NumberLook.DATE
                : look;
    }

    private static boolean isWhole(double number) {
        return number == Math.rint(number) && Math.abs(number) <= WHOLE_MAX;
    }

    /// The cell's number; NaN for a text that is none.
    private static double number(Cell cell) {
        if (!NUMBER.matcher(cell.text).matches()) return Double.NaN;
        double number = Double.parseDouble(cell.text);
        return Double.isInfinite(number) ? Double.NaN : number;
    }

    /// The cell's number with all digits where they were written out, else what a double holds.
    private static BigDecimal exact(Cell cell, double number) {
        return DIGITS_ALONE.matcher(cell.text).matches()
                ? new BigDecimal(cell.text)
                : BigDecimal.valueOf(number);
    }

    /// The cell's truth; null for a text that is none.
    private static @Nullable Boolean truth(Cell cell) {
        return switch (cell.text) {
            case "1", "true" -> true;
            case "0", "false" -> false;
            default -> null;
        };
    }

    /// The cell's value as one of a type that isn't text; null when it isn't of it.
    @Nullable Object value(DataType type, Cell cell) {
        return switch (cell.content) {
            case NUMBER -> ofNumber(type, cell);
            case BOOL -> type instanceof DataType.Bool ? truth(cell) : null;
            case TEXT -> FieldText.value(type, cell.text);
            case SHARED -> index(cell) < 0 ? null : FieldText.value(type, strings.get(index(cell)));
            case DATE -> FieldText.value(type, isoDay(type, cell.text));
            case NOTHING, ERROR, UNCOMPUTED -> null;
        };
    }

    private static String isoDay(DataType type, String text) {
        return type instanceof DataType.Date
                ? text.replaceFirst("T00:00(:00(\\.0+)?)?$", "")
                : text;
    }

    private @Nullable Object ofNumber(DataType type, Cell cell) {
        double number = number(cell);
        if (Double.isNaN(number)) return null;
        NumberLook look = look(cell, number);
        return switch (type) {
            case DataType.Int _ -> look == NumberLook.NUMBER ? whole(type, cell, number) : null;
            case DataType.FloatingPoint _ -> look == NumberLook.NUMBER ? (Object) number : null;
            case DataType.Decimal _ ->
                    look == NumberLook.NUMBER
                            ? FieldText.value(type, plain(exact(cell, number).round(DIGITS)))
                            : null;
            case DataType.Date _ ->
                    look == NumberLook.DATE
                            ? serial.time(number)
                                    .filter(t -> t.toLocalTime().equals(LocalTime.MIDNIGHT))
                                    .map(LocalDateTime::toLocalDate)
                                    .orElse(null)
                            : null;
            case DataType.Timestamp(_, var zone) ->
                    look == NumberLook.DATE && zone.isEmpty()
                            ? serial.time(number).orElse(null)
                            : null;
            case DataType.Time _ ->
                    look == NumberLook.TIME ? Serial.timeOfDay(number).orElse(null) : null;
            case DataType.Duration _ ->
                    look == NumberLook.LENGTH ? Serial.length(number).orElse(null) : null;
            case DataType.Bool _,
                    DataType.Utf8 _,
                    DataType.Categorical _,
                    DataType.Enumeration _,
                    DataType.Binary _,
                    DataType.ListOf _,
                    DataType.Struct _ ->
                    null;
        };
    }

    private static @Nullable Object whole(DataType type, Cell cell, double number) {
        if (number != Math.rint(number)) return null;
        if (type.equals(DataType.INT64) && isWhole(number)) return (long) number;
        return FieldText.value(type, plain(exact(cell, number)));
    }

    private static String plain(BigDecimal number) {
        return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
    }

    /// The cell's value as text: dates in ISO form, numbers in plain digits.
    ///
    /// @return null when the cell has none
    @Nullable String text(Cell cell) {
        return switch (cell.content) {
            case NUMBER -> textOfNumber(cell);
            case BOOL -> {
                Boolean truth = truth(cell);
                yield truth == null ? null : truth.toString();
            }
            case TEXT, DATE -> cell.text;
            case SHARED -> index(cell) < 0 ? null : strings.get(index(cell));
            case NOTHING, ERROR, UNCOMPUTED -> null;
        };
    }

    private @Nullable String textOfNumber(Cell cell) {
        double number = number(cell);
        if (Double.isNaN(number)) return null;
        return switch (look(cell, number)) {
            case NUMBER -> {
                String plain = plain(BigDecimal.valueOf(number));
                yield plain.length() <= PLAIN_DIGITS_MAX ? plain : Double.toString(number);
            }
            case DATE -> serial.time(number).map(CellMeaning::isoText).orElse(null);
            case TIME ->
                    Serial.timeOfDay(number)
                            .map(DateTimeFormatter.ISO_LOCAL_TIME::format)
                            .orElse(null);
            case LENGTH -> Serial.length(number).map(Duration::toString).orElse(null);
        };
    }

    private static String isoText(LocalDateTime time) {
        return time.toLocalTime().equals(LocalTime.MIDNIGHT)
                ? time.toLocalDate().toString()
                : DateTimeFormatter.ISO_LOCAL_DATE_TIME.format(time);
    }

    /// What people see of the cell, for messages.
    String shown(Cell cell) {
        String text = cell.content == Cell.Content.SHARED ? text(cell) : cell.text;
        String known = text == null ? cell.text : text;
        return known.length() <= 60 ? known : known.substring(0, 60) + "…";
    }

    /// What is shown of a number that looks like something else.
    String looks(Cell cell) {
        if (cell.content != Cell.Content.NUMBER) return "";
        return switch (formats.look(cell.style)) {
            case NUMBER -> "";
            case DATE -> ", shown as a date,";
            case TIME -> ", shown as a time,";
            case LENGTH -> ", shown as a length of time,";
        };
    }
}
