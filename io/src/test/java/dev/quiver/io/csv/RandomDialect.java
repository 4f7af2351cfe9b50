package dev.quiver.io.csv;

import dev.quiver.operator.CsvFormat;
import dev.quiver.operator.CsvText;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Field;
import dev.quiver.schema.Schema;
import java.math.BigDecimal;
import java.nio.charset.Charset;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/// A random CSV file in a random dialect, and what it says.
final class RandomDialect {
    static final Schema SCHEMA =
            Schema.of(
                    Field.of("text", DataType.UTF8),
                    Field.of("whole", DataType.INT64),
                    Field.of("number", DataType.FLOAT64),
                    Field.of("price", DataType.decimal(12, 3)),
                    Field.of("day", DataType.DATE),
                    Field.of("word", DataType.UTF8));

    private static final List<String> ENCODINGS =
            List.of("UTF-8", "UTF-8", "ISO-8859-1", "windows-1252", "UTF-16", "UTF-16LE");
    private static final String[] PIECES = {
        "a",
        "bc",
        "ü",
        "é",
        " ",
        "0",
        "#",
        "NA",
        ",",
        ";",
        "\n",
        "'",
        "\"",
        "longer text",
        "1,5",
        "\\"
    };
    private static final String[] WORDS = {"red", "green", "NA", "", "#blue", "b\\"};

    private final Random random;
    private final String lineEnd;
    private final String quote;
    private final List<String> nulls;

    /// Whether comment and escape signs stand in quotes wherever they are in a text, and skipped
    /// lines hold no quotes, as DuckDB wants them.
    final boolean quoteSigns;

    final CsvFormat format;
    final List<List<@Nullable Object>> rows = new ArrayList<>();
    final String text;

    RandomDialect(long seed, int rowsMax) {
        random = new Random(seed);
        lineEnd = random.nextBoolean() ? "\n" : "\r\n";
        quote = random.nextBoolean() ? "\"" : "'";
        nulls = random.nextBoolean() ? List.of("NA") : List.of();
        quoteSigns = random.nextBoolean();
        format = format();
        var built = new StringBuilder();
        for (int i = 0; i < format.text().skipLines(); i++) built.append(title()).append(lineEnd);
        comments(built);
        if (format.header()) built.append(header()).append(lineEnd);
        int count = 1 + random.nextInt(rowsMax);
        for (int i = 0; i < count; i++) {
            comments(built);
            addRow(built);
        }
        comments(built);
        text = built.toString();
    }

    private String title() {
        if (quoteSigns) return "a title, of";
        return random.nextBoolean() ? "\"a title, of " : "it's";
    }

    private CsvFormat format() {
        boolean decimalComma = random.nextBoolean();
        char delimiter = (decimalComma ? ";|\t" : ",;|\t").charAt(random.nextInt(3));
        var changed =
                CsvText.PLAIN
                        .withEncoding(ENCODINGS.get(random.nextInt(ENCODINGS.size())))
                        .withSkipLines(Math.max(0, random.nextInt(6) - 3));
        if (decimalComma) changed = changed.withDecimalComma();
        if (random.nextInt(3) == 0) changed = changed.withComment('#');
        if (random.nextInt(3) == 0) changed = changed.withQuotedNulls();
        if (random.nextInt(3) == 0) changed = changed.withEscape('\\');
        return new CsvFormat(
                delimiter,
                quote.charAt(0),
                random.nextInt(3) > 0,
                nulls,
                CsvFormat.LINE_BYTES_MAX,
                changed);
    }

    byte[] bytes() {
        String encoding = format.text().encoding();
        String marked =
                encoding.equals("UTF-16LE") && random.nextBoolean() ? "\uFEFF" + text : text;
        return marked.getBytes(Charset.forName(encoding));
    }

    private String header() {
        return String.join(String.valueOf(format.delimiter()), SCHEMA.names());
    }

    private void comments(StringBuilder built) {
        if (format.text().comment().isEmpty()) return;
        while (random.nextInt(4) == 0) {
            String d = String.valueOf(format.delimiter());
            switch (random.nextInt(4)) {
                case 0 -> built.append("# it's ").append(quote).append("not").append(d);
                case 1 -> built.append("#").append(String.join(d, "1", "2", "3", "4", "5", "6"));
                case 2 -> built.append("#");
                default -> built.append("#").append(d.repeat(9));
            }
            built.append(lineEnd);
        }
    }

    private void addRow(StringBuilder built) {
        var row = new ArrayList<@Nullable Object>();
        for (int c = 0; c < SCHEMA.size(); c++) {
            if (c > 0) built.append(format.delimiter());
            Object value = random.nextInt(5) == 0 ? null : value(SCHEMA.field(c));
            boolean mayBeNull = value instanceof String s && (s.isEmpty() || nulls.contains(s));
            built.append(value == null ? nullText() : field(value));
            row.add(mayBeNull && format.text().quotedNulls() ? null : value);
        }
        rows.add(row);
        built.append(lineEnd);
    }

    private String nullText() {
        String plain = nulls.isEmpty() || random.nextBoolean() ? "" : nulls.getFirst();
        return format.text().quotedNulls() && random.nextBoolean() ? quote + plain + quote : plain;
    }

    private Object value(Field field) {
        return switch (field.name()) {
            case "text" -> text();
            case "word" -> WORDS[random.nextInt(WORDS.length)];
            case "whole" -> random.nextLong() >> random.nextInt(64);
            case "number" -> random.nextInt(2_000_000) / 100.0 - 10_000;
            case "price" -> BigDecimal.valueOf(random.nextInt(), 3);
            case "day" -> LocalDate.ofEpochDay(random.nextInt(80_000) - 40_000);
            default -> throw new IllegalArgumentException(field.name());
        };
    }

    private String text() {
        var made = new StringBuilder();
        int pieces = random.nextInt(5);
        for (int i = 0; i < pieces; i++) made.append(PIECES[random.nextInt(PIECES.length)]);
        return made.toString();
    }

    private String field(Object value) {
        String plain = value instanceof BigDecimal d ? d.toPlainString() : value.toString();
        boolean number = value instanceof BigDecimal || value instanceof Double;
        if (number && format.text().decimalComma()) plain = plain.replace('.', ',');
        boolean isText = value instanceof String;
        boolean must =
                isText
                        && (plain.isEmpty()
                                || (quoteSigns ? plain.contains("#") : plain.startsWith("#"))
                                || nulls.contains(plain)
                                || plain.contains(quote)
                                || (quoteSigns && isEscaped() && plain.contains("\\"))
                                || plain.indexOf('\n') >= 0
                                || plain.indexOf(format.delimiter()) >= 0);
        boolean may = random.nextInt(8) == 0;
        if (!must && !may) return plain;
        if (!isEscaped()) return quote + plain.replace(quote, quote + quote) + quote;
        return quote + plain.replace("\\", "\\\\").replace(quote, "\\" + quote) + quote;
    }

    private boolean isEscaped() {
        return format.text().escape().isPresent();
    }
}
