package dev.quiver.dataframe;

import dev.quiver.schema.Schema;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.Optional;

/// One row of a result.
///
/// ```java
/// for (Row row : table.rows()) {
///     System.out.println(row.getString("carrier") + " " + row.getLong("late", 0));
/// }
/// ```
///
/// Each getter throws [ColumnNotFound] for an unknown column, [TypeMismatch] for a column of
/// another type, and a [QuiverException] that names row and column for a null; [#isNull], the
/// getters with a second argument and [#find] don't mind nulls.
public interface Row {
    Schema schema();

    boolean isNull(String column);

    boolean getBoolean(String column);

    /// A whole number of at most 32 bits.
    int getInt(String column);

    /// A whole number.
    long getLong(String column);

    long getLong(String column, long whenNull);

    /// A number: floats as they are, whole numbers and decimals converted.
    double getDouble(String column);

    double getDouble(String column, double whenNull);

    /// A text; other types don't turn into texts by themselves.
    String getString(String column);

    String getString(String column, String whenNull);

    BigDecimal getDecimal(String column);

    LocalDate getDate(String column);

    /// A timestamp with a zone.
    Instant getInstant(String column);

    /// A timestamp without a zone.
    LocalDateTime getDateTime(String column);

    /// The value as a class that fits the column's type; empty for a null.
    <T> Optional<T> find(String column, Class<T> type);

    /// This row as a record; see [DataFrame#as].
    <R extends Record> R as(Class<R> type);
}
