package dev.quiver.client.oracle;

import dev.quiver.dataframe.Row;
import dev.quiver.dataframe.Table;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Field;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/// Rows of both engines in one form, a line a row: what is equal prints equal.
final class Answers {
    private static final int DIGITS = 10;
    private static final long TEN_DIGITS = 10_000_000_000L;

    private Answers() {}

    /// A DuckDB for many small questions: without the optimizer, which would take most of the time
    /// and could be wrong the way ours is.
    static Connection open() throws SQLException {
        Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
        try (Statement sql = duckdb.createStatement()) {
            sql.execute("set TimeZone='UTC'");
            sql.execute("set threads=1");
            sql.execute("pragma disable_optimizer");
        }
        return duckdb;
    }

    static List<String> duckdb(Connection duckdb, String query) throws SQLException {
        try (Statement statement = duckdb.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            return lines(rows);
        }
    }

    static List<String> duckdb(PreparedStatement query) throws SQLException {
        try (ResultSet rows = query.executeQuery()) {
            return lines(rows);
        }
    }

    private static List<String> lines(ResultSet rows) throws SQLException {
        int columns = rows.getMetaData().getColumnCount();
        var lines = new ArrayList<String>();
        while (rows.next()) {
            var values = new ArrayList<String>();
            for (int i = 1; i <= columns; i++) values.add(form(rows.getObject(i)));
            lines.add(String.join(" | ", values));
        }
        return lines;
    }

    static List<String> quiver(Table table) {
        var lines = new ArrayList<String>();
        List<Field> fields = table.schema().fields();
        for (Row row : table.rows()) {
            var values = new ArrayList<String>();
            for (Field field : fields)
                values.add(row.isNull(field.name()) ? "null" : value(row, field));
            lines.add(String.join(" | ", values));
        }
        return lines;
    }

    private static String value(Row row, Field field) {
        String name = field.name();
        return switch (field.type()) {
            case DataType.Bool _ -> form(row.getBoolean(name));
            case DataType.Int(var bits, var signed) ->
                    bits == 64 && !signed
                            ? form(row.find(name, java.math.BigInteger.class).orElseThrow())
                            : Long.toString(row.getLong(name));
            case DataType.FloatingPoint _ -> form(row.getDouble(name));
            case DataType.Decimal _ -> form(row.getDecimal(name));
            case DataType.Date _ -> form(row.getDate(name));
            case DataType.Timestamp(_, var zone) ->
                    zone.isPresent()
                            ? form(row.getInstant(name).atOffset(ZoneOffset.UTC))
                            : form(row.getDateTime(name));
            case DataType.Time _ -> form(row.find(name, LocalTime.class).orElseThrow());
            case DataType.Binary _ ->
                    HexFormat.of().formatHex(row.find(name, byte[].class).orElseThrow());
            default -> form(row.getString(name));
        };
    }

    private static String form(Object value) {
        return switch (value) {
            case null -> "null";
            case Double number -> form(number.doubleValue());
            case Float number -> form(number.doubleValue());
            case BigDecimal number ->
                    number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
            case java.math.BigInteger number -> number.toString();
            case Number number -> Long.toString(number.longValue());
            case java.sql.Timestamp time -> form(time.toLocalDateTime());
            case java.sql.Date date -> date.toLocalDate().toString();
            case OffsetDateTime time -> time.toInstant().toString();
            case LocalTime time -> time.toString();
            case java.sql.Blob bytes -> hex(bytes);
            case LocalDateTime time -> time.toInstant(ZoneOffset.UTC).toString();
            default -> value.toString();
        };
    }

    private static String hex(java.sql.Blob bytes) {
        try {
            return HexFormat.of().formatHex(bytes.getBytes(1, (int) bytes.length()));
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Ten significant digits: aggregates of floats may differ in the last bits.
    private static String form(double number) {
        if (Double.isNaN(number)) return "NaN";
        if (number == 0) return "0";
        if (Double.isInfinite(number)) return number > 0 ? "Infinity" : "-Infinity";
        int exponent = (int) Math.floor(Math.log10(Math.abs(number)));
        if (Math.abs(exponent) > 250) return String.format(Locale.ROOT, "%.9e", number);
        long digits = Math.round(number * Math.pow(10, DIGITS - 1 - exponent));
        if (Math.abs(digits) == TEN_DIGITS) {
            digits /= 10;
            exponent++;
        }
        return digits + "e" + exponent;
    }
}
