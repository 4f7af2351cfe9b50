package dev.quiver.io.jdbc;

import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.io.rows.BoolAppender;
import dev.quiver.io.rows.ColumnAppender;
import dev.quiver.io.rows.FixedAppender;
import dev.quiver.io.rows.ListAppender;
import dev.quiver.io.rows.StructAppender;
import dev.quiver.io.rows.TextAppender;
import dev.quiver.schema.DataType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A column of a result set on its way into a chunk.
final class JdbcCell {
    private final ColumnAppender column;
    private final int index;
    private final String label;
    private final boolean timesAreText;

    /// @param index of the column, from 1
    /// @param label of what is read, for people
    /// @param timesAreText whether dates and times come as ISO 8601 text
    JdbcCell(ColumnAppender column, int index, String label, boolean timesAreText) {
        this.column = column;
        this.index = index;
        this.label = label;
        this.timesAreText = timesAreText;
    }

    /// What a driver takes for a value of the user's.
    static Object parameter(Object value) {
        if (value instanceof Instant instant) return instant.atOffset(ZoneOffset.UTC);
        if (value instanceof BigInteger whole) return new BigDecimal(whole);
        return value;
    }

    void take(ResultSet row) throws SQLException {
        try {
            switch (column) {
                case FixedAppender fixed -> fixed(fixed, row);
                case BoolAppender bool -> {
                    boolean value = row.getBoolean(index);
                    if (row.wasNull()) bool.appendNull();
                    else bool.append(value);
                }
                case TextAppender text -> text(text, row);
                case ListAppender _, StructAppender _ ->
                        throw new IllegalStateException("no nested columns in " + label);
            }
        } catch (ArithmeticException
                | DateTimeException
                | NumberFormatException
                | ClassCastException e) {
            throw bad(row, e);
        }
    }

    private QuiverException bad(ResultSet row, RuntimeException cause) throws SQLException {
        return bad(
                column.field().name(), label, column.field().type(), row.getString(index), cause);
    }

    static QuiverException bad(
            String name,
            String label,
            DataType type,
            @Nullable String text,
            @Nullable Exception cause) {
        return new QuiverException(
                ErrorCode.BAD_VALUE,
                "'%s' in column '%s' of %s is no %s".formatted(text, name, label, type),
                List.of(),
                "leave such rows out in a query, or say another type: read().type(\"%s\", …)"
                        .formatted(name),
                cause);
    }

    private void text(TextAppender text, ResultSet row) throws SQLException {
        if (text.field().type() instanceof DataType.Binary) {
            byte[] bytes = row.getBytes(index);
            if (bytes == null) text.appendNull();
            else text.append(bytes);
            return;
        }
        String value = row.getString(index);
        if (value == null) text.appendNull();
        else text.append(value);
    }

    private void fixed(FixedAppender fixed, ResultSet row) throws SQLException {
        DataType type = fixed.field().type();
        if (type instanceof DataType.Int(var bits, _) && bits < 64 || type == DataType.INT64) {
            long value = row.getLong(index);
            if (row.wasNull()) fixed.appendNull();
            else if (!fixed.appendLong(value)) throw new ArithmeticException("too large");
            return;
        }
        if (type instanceof DataType.FloatingPoint) {
            double value = row.getDouble(index);
            if (row.wasNull()) fixed.appendNull();
            else fixed.append(value);
            return;
        }
        Object value = value(type, row);
        if (value == null) fixed.appendNull();
        else fixed.append(value);
    }

    private @Nullable Object value(DataType type, ResultSet row) throws SQLException {
        if (type instanceof DataType.Decimal decimal) {
            BigDecimal number = row.getBigDecimal(index);
            return number == null ? null : exact(number, decimal);
        }
        if (type instanceof DataType.Int) {
            BigDecimal number = row.getBigDecimal(index);
            return number == null ? null : number.toBigIntegerExact();
        }
        if (timesAreText) {
            String text = row.getString(index);
            return text == null ? null : time(type, text.strip());
        }
        return switch (type) {
            case DataType.Date _ -> row.getObject(index, LocalDate.class);
            case DataType.Time _ -> row.getObject(index, LocalTime.class);
            case DataType.Timestamp(_, var zone) -> {
                if (zone.isEmpty()) yield row.getObject(index, LocalDateTime.class);
                OffsetDateTime moment = row.getObject(index, OffsetDateTime.class);
                yield moment == null ? null : moment.toInstant();
            }
            default -> throw new IllegalStateException(type + " of a database");
        };
    }

    /// The number with the scale of a decimal.
    ///
    /// @throws ArithmeticException when digits would be lost
    static BigDecimal exact(BigDecimal number, DataType.Decimal decimal) {
        BigDecimal scaled = number.setScale(decimal.scale(), RoundingMode.UNNECESSARY);
        if (scaled.precision() > decimal.precision()) throw new ArithmeticException("too large");
        return scaled;
    }

    private static Object time(DataType type, String text) {
        String iso = text.indexOf(' ') < 0 ? text : text.replaceFirst(" ", "T");
        return switch (type) {
            case DataType.Date _ -> LocalDate.parse(iso);
            case DataType.Time _ -> LocalTime.parse(iso);
            case DataType.Timestamp(_, var zone) -> {
                if (zone.isPresent()) yield OffsetDateTime.parse(iso).toInstant();
                yield iso.indexOf('T') < 0
                        ? LocalDate.parse(iso).atStartOfDay()
                        : LocalDateTime.parse(iso);
            }
            default -> throw new IllegalStateException(type + " as text");
        };
    }
}
