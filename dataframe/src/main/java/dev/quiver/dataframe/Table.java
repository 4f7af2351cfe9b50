package dev.quiver.dataframe;

import dev.quiver.schema.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A result in memory: columns, not objects.
///
/// ```java
/// try (Table late = flights.filter(col("dep_delay").gt(60)).collect()) {
///     double[] delays = late.doubles("dep_delay");
///     System.out.println(late.rowCount() + " flights, first: " + late.row(0).getString("carrier"));
/// }
/// ```
///
/// It holds counted memory until it or its session is closed; reading it later throws
/// [Unavailable]. Safe for reading by several threads.
public interface Table extends AutoCloseable {
    Schema schema();

    long rowCount();

    Rows rows();

    /// One row.
    ///
    /// @throws IndexOutOfBoundsException unless `0 <= index < rowCount()`
    Row row(long index);

    /// A frame that reads this table. It needs the table open: not closed by anybody, and it isn't
    /// closed by itself as long as the frame can be reached.
    DataFrame df();

    /// The values of a column of whole numbers, copied.
    ///
    /// @throws dev.quiver.error.QuiverException when one is null
    long[] longs(String column);

    /// The values of a numeric column, copied and converted.
    ///
    /// @throws dev.quiver.error.QuiverException when one is null
    double[] doubles(String column);

    /// The values of a text column, null where they are null.
    List<@Nullable String> strings(String column);

    /// The rows as records; see [DataFrame#as].
    <R extends Record> List<R> as(Class<R> type);

    /// How much memory the table takes, by column, and what encoding saved.
    MemoryReport memory();

    @Override
    void close();
}
