package dev.quiver.io.csv;

import dev.quiver.schema.DataType;
import dev.quiver.schema.Field;
import dev.quiver.schema.Schema;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/// A random CSV text, and what it says: a column of each type, with all that RFC 4180 allows.
final class RandomCsv {
    static final Schema SCHEMA =
            Schema.of(
                    Field.of("text", DataType.UTF8),
                    Field.of("whole", DataType.INT64),
                    Field.of("small", DataType.INT32),
                    Field.of("number", DataType.FLOAT64),
                    Field.of("day", DataType.DATE),
                    Field.of("at", DataType.TIMESTAMP),
                    Field.of("instant", DataType.TIMESTAMP_UTC),
                    Field.of("flag", DataType.BOOL),
                    Field.of("price", DataType.decimal(12, 3)),
                    Field.of("word", DataType.UTF8));

    private static final String[] PIECES = {
        "a",
        "bc",
        "ü",
        "€",
        "😀",
        " ",
        "0",
        "NA",
        "\"",
        "\"\"",
        ",",
        "\n",
        "\r\n",
        ";",
        "'",
        "\\",
        "long text here"
    };
    private static final String[] WORDS = {"", "red", "green", "blue", "a,b", "x\"y"};

    private final Random random;
    private final String lineEnd;
    private final boolean quoteAll;

    final List<List<@Nullable Object>> rows = new ArrayList<>();
    final String text;

    RandomCsv(long seed, int rowsMax) {
        random = new Random(seed);
        lineEnd = random.nextBoolean() ? "\n" : "\r\n";
        quoteAll = random.nextInt(6) == 0;
        var built = new StringBuilder();
        if (random.nextInt(4) == 0) built.append('\uFEFF');
        built.append(String.join(",", SCHEMA.names())).append(lineEnd);
        int count = random.nextInt(rowsMax + 1);
        for (int i = 0; i < count; i++) addRow(built, i + 1 == count);
        text = built.toString();
    }

    private void addRow(StringBuilder built, boolean last) {
        var row = new ArrayList<@Nullable Object>();
        for (int c = 0; c < SCHEMA.size(); c++) {
            if (c > 0) built.append(',');
            Object value = random.nextInt(5) == 0 ? null : value(SCHEMA.field(c));
            row.add(value);
            if (value != null) built.append(field(value));
        }
        rows.add(row);
        if (!last || random.nextInt(3) > 0) built.append(lineEnd);
        if (!last && random.nextInt(30) == 0) built.append(lineEnd);
    }

    private Object value(Field field) {
        return switch (field.name()) {
            case "text" -> text();
            case "word" -> WORDS[random.nextInt(WORDS.length)];
            case "whole" -> random.nextLong() >> random.nextInt(64);
            case "small" -> (long) (random.nextInt() >> random.nextInt(32));
            case "number" -> number();
            case "day" -> LocalDate.ofEpochDay(random.nextInt(80_000) - 40_000);
            case "at" ->
                    LocalDateTime.ofEpochSecond(
                            random.nextInt(), random.nextInt(1_000_000) * 1000, ZoneOffset.UTC);
            case "instant" -> Instant.ofEpochSecond(random.nextInt());
            case "flag" -> random.nextBoolean();
            case "price" -> BigDecimal.valueOf(random.nextInt(), 3);
            default -> throw new IllegalArgumentException(field.name());
        };
    }

    private double number() {
        return switch (random.nextInt(4)) {
            case 0 -> random.nextInt(100_000) / 100.0;
            case 1 -> random.nextDouble();
            case 2 -> random.nextGaussian() * Math.pow(10, random.nextInt(60) - 30);
            default -> random.nextInt(1000);
        };
    }

    private String text() {
        var made = new StringBuilder();
        int pieces = random.nextInt(5);
        for (int i = 0; i < pieces; i++) made.append(PIECES[random.nextInt(PIECES.length)]);
        return made.toString();
    }

    private String field(Object value) {
        String plain = value instanceof Double number ? number(number) : value.toString();
        boolean isText = value instanceof String;
        boolean must =
                isText
                        && (plain.isEmpty()
                                || plain.indexOf(',') >= 0
                                || plain.indexOf('"') >= 0
                                || plain.indexOf('\n') >= 0
                                || plain.indexOf('\r') >= 0);
        boolean may = quoteAll || random.nextInt(8) == 0;
        return must || may ? '"' + plain.replace("\"", "\"\"") + '"' : plain;
    }

    private String number(double number) {
        String plain = new BigDecimal(number).toPlainString();
        return plain.length() < 18 && random.nextBoolean() ? plain : Double.toString(number);
    }
}
