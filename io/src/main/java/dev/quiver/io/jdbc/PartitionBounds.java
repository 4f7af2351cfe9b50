package dev.quiver.io.jdbc;

import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.operator.TableQuery;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Schema;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/// Cuts the values of a column into ranges of about equal width.
final class PartitionBounds {
    private static final long MICROS = 1_000_000L;

    private PartitionBounds() {}

    /// A condition for each range. Every row fulfils just one: the first range is open below and
    /// has the nulls, the last is open above.
    static List<String> conditions(
            Connection connection, TableQuery query, Schema schema, String column, int count)
            throws SQLException {
        DataType type = schema.field(schema.indexOf(column, query.label())).type();
        boolean fits =
                DataType.isNumeric(type)
                        || type instanceof DataType.Date
                        || type instanceof DataType.Timestamp;
        if (!fits) throw refused(column, type);
        String name = TableQuery.quoted(column, query.quote());
        String sql = query.sql(List.of("MIN(" + name + ")", "MAX(" + name + ")"), "");
        var bounds = new ArrayList<String>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            JdbcReader.bind(statement, query.parameters());
            try (ResultSet results = statement.executeQuery()) {
                if (!results.next() || results.getObject(1) == null) return List.of("");
                BigDecimal least = position(results, 1, type, column);
                BigDecimal greatest = position(results, 2, type, column);
                bounds.addAll(bounds(least, greatest, count, type));
            }
        }
        return conditions(name, bounds);
    }

    private static List<String> conditions(String name, List<String> bounds) {
        if (bounds.isEmpty()) return List.of("");
        var conditions = new ArrayList<String>();
        conditions.add("(%s < %s OR %s IS NULL)".formatted(name, bounds.getFirst(), name));
        for (int i = 1; i < bounds.size(); i++)
            conditions.add(
                    "%s >= %s AND %s < %s".formatted(name, bounds.get(i - 1), name, bounds.get(i)));
        conditions.add("%s >= %s".formatted(name, bounds.getLast()));
        return conditions;
    }

    /// The borders between ranges as SQL, each once.
    private static List<String> bounds(
            BigDecimal least, BigDecimal greatest, int count, DataType type) {
        boolean whole = !(type instanceof DataType.FloatingPoint);
        var bounds = new ArrayList<String>();
        BigDecimal width = greatest.subtract(least);
        for (int i = 1; i < count; i++) {
            BigDecimal at =
                    width.multiply(BigDecimal.valueOf(i))
                            .divide(BigDecimal.valueOf(count), MathContext.DECIMAL128)
                            .add(least);
            if (whole) at = at.setScale(0, RoundingMode.CEILING);
            String literal = literal(at, type);
            if (at.compareTo(least) > 0 && !bounds.contains(literal)) bounds.add(literal);
        }
        return bounds;
    }

    private static BigDecimal position(ResultSet row, int index, DataType type, String column)
            throws SQLException {
        return switch (type) {
            case DataType.FloatingPoint _ -> {
                double value = row.getDouble(index);
                if (!Double.isFinite(value)) throw refused(column, type);
                yield BigDecimal.valueOf(value);
            }
            case DataType.Date _ ->
                    BigDecimal.valueOf(row.getObject(index, LocalDate.class).toEpochDay());
            case DataType.Timestamp(_, var zone) -> {
                LocalDateTime moment =
                        zone.isPresent()
                                ? row.getObject(index, OffsetDateTime.class)
                                        .withOffsetSameInstant(ZoneOffset.UTC)
                                        .toLocalDateTime()
                                : row.getObject(index, LocalDateTime.class);
                yield BigDecimal.valueOf(moment.toEpochSecond(ZoneOffset.UTC))
                        .multiply(BigDecimal.valueOf(MICROS));
            }
            default -> row.getBigDecimal(index);
        };
    }

    private static String literal(BigDecimal at, DataType type) {
        return switch (type) {
            case DataType.Date _ -> "DATE '%s'".formatted(LocalDate.ofEpochDay(at.longValue()));
            case DataType.Timestamp(_, var zone) -> {
                LocalDateTime moment =
                        LocalDateTime.ofEpochSecond(
                                Math.floorDiv(at.longValue(), MICROS), 0, ZoneOffset.UTC);
                String text = moment.toString().replace('T', ' ');
                yield zone.isPresent()
                        ? "TIMESTAMP WITH TIME ZONE '%s+00'".formatted(text)
                        : "TIMESTAMP '%s'".formatted(text);
            }
            default -> at.toPlainString();
        };
    }

    private static QuiverException refused(String column, DataType type) {
        return new QuiverException(
                ErrorCode.ARGUMENT_INVALID,
                "partitionBy(\"%s\", …): ranges of %s can't be made".formatted(column, type),
                List.of(),
                "give a column of finite numbers, dates or timestamps");
    }
}
