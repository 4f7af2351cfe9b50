package dev.quiver.io.parquet;

import dev.quiver.schema.DataType;
import java.math.BigInteger;
import java.sql.Blob;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
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
            default -> result.getString(column);
        };
    }
}
