package dev.quiver.dataframe;

import dev.quiver.schema.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Some rows of a frame as columns: what a function of [DataFrame#mapBatches] gets and returns.
///
/// ```java
/// batch -> batch.with("late", compare(batch.longs("dep_delay", 0), 15))
/// ```
///
/// Arrays are copies: they are the function's own. A batch is immutable, and good until the
/// function returns.
public interface Batch {
    /// The columns that it has.
    Schema schema();

    int rowCount();

    /// A column of whole numbers. Dates are days since 1970-01-01; timestamps, times and durations
    /// are counted in their unit.
    ///
    /// @throws dev.quiver.error.QuiverException when one is null
    long[] longs(String column);

    /// The same, with a number where a value is null.
    long[] longs(String column, long whereNull);

    /// A column of numbers, converted.
    ///
    /// @throws dev.quiver.error.QuiverException when one is null
    double[] doubles(String column);

    /// The same, with a number where a value is null, such as `Double.NaN`.
    double[] doubles(String column, double whereNull);

    /// A column of truth values.
    ///
    /// @throws dev.quiver.error.QuiverException when one is null
    boolean[] booleans(String column);

    /// A column of texts, null where they are null.
    List<@Nullable String> strings(String column);

    /// A column of any type, as [dev.quiver.expression.Values] lists the classes.
    List<@Nullable Object> values(String column);

    /// Which rows of a column are null.
    boolean[] nulls(String column);

    /// This batch with a column of whole numbers more, or with another one of that name. What
    /// [#longs] says about dates and times holds here too.
    ///
    /// @param column one of those that `mapBatches` was told
    /// @throws dev.quiver.error.QuiverException when there are more or fewer values than rows, or
    ///   one doesn't fit the type
    Batch with(String column, long[] values);

    /// The same with numbers of type float16, float32 or float64.
    Batch with(String column, double[] values);

    /// The same with truth values.
    Batch with(String column, boolean[] values);

    /// The same with values of any type, null where there is none.
    Batch with(String column, List<? extends @Nullable Object> values);

    /// The rows for which `keep` is true.
    Batch filter(boolean[] keep);

    /// A batch of so many rows, and no column yet, for a function that makes other rows than it
    /// got.
    Batch ofRows(int rows);
}
