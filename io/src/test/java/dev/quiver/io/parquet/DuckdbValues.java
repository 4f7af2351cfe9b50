package dev.quiver.io.parquet;

import dev.quiver.schema.DataType;
import java.math.BigInteger;
import java.sql.Array;
import java.sql.Blob;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Struct;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// DuckDB's values in the classes that Quiver uses.
final class DuckdbValues {
    private DuckdbValues() {}

    static @Nullable Object get(ResultSet result, int column, DataType type) throws SQLException {
        if (result.getObject(column) == null) return null;
        return switch (type) {
            case DataType.Bool _ -> result.getBoolean(column);
            case DataType.Int(var bits, var signed) ->
                    bits == 64 && !signed
                            ? new BigInteger(result.getString(column))
                            : (Object) Long.parseLong(result.getString(column));
            case DataType.FloatingPoint _ -> result.getDouble(column);
            case DataType.Decimal _ -> result.getBigDecimal(column);
            case DataType.Date _ -> result.getObject(column, LocalDate.class);
            case DataType.Timestamp(_, var zone) ->
                    zone.isPresent()
                            ? result.getObject(column, OffsetDateTime.class).toInstant()
                            : result.getObject(column, LocalDateTime.class);
            case DataType.Time _ -> result.getObject(column, LocalTime.class);
            case DataType.Duration(var unit) ->
                    Duration.ofNanos(result.getLong(column) * (1_000_000_000L / unit.perSecond()));
            case DataType.Binary _ -> {
                Blob blob = result.getBlob(column);
                yield blob.getBytes(1, (int) blob.length());
            }
            case DataType.ListOf _, DataType.Struct _ -> part(result.getObject(column), type);
            default -> result.getString(column);
        };
    }

    /// A part of a nested value.
    private static @Nullable Object part(@Nullable Object value, DataType type)
            throws SQLException {
        if (value == null) return null;
        return switch (value) {
            case Array array -> {
                DataType element = ((DataType.ListOf) type).element().type();
                var parts = new ArrayList<@Nullable Object>();
                for (Object part : (Object[]) array.getArray()) parts.add(part(part, element));
                yield parts;
            }
            case Struct struct -> {
                var fields = ((DataType.Struct) type).fields();
                var parts = new ArrayList<@Nullable Object>();
                for (int i = 0; i < fields.size(); i++)
                    parts.add(part(struct.getAttributes()[i], fields.get(i).type()));
                yield parts;
            }
            case Map<?, ?> map -> {
                var pair = (DataType.Struct) ((DataType.ListOf) type).element().type();
                var parts = new ArrayList<@Nullable Object>();
                for (var entry : map.entrySet()) {
                    var values = new ArrayList<@Nullable Object>();
                    values.add(part(entry.getKey(), pair.fields().get(0).type()));
                    if (pair.fields().size() > 1)
                        values.add(part(entry.getValue(), pair.fields().get(1).type()));
                    parts.add(values);
                }
                yield parts;
            }
            case Integer number -> number.longValue();
            case Float number -> number.doubleValue();
            default -> value;
        };
    }
}
