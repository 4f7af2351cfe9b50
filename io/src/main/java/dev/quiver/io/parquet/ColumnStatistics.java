package dev.quiver.io.parquet;

import java.util.Optional;
import java.util.OptionalLong;

/// What a row group says of one of its columns.
///
/// Bounds are of the classes that `Values` lists; they bound all values but nulls and NaN, and
/// needn't be values of the column. Absent where the file says nothing, or nothing that can be
/// trusted.
public record ColumnStatistics(Optional<Object> min, Optional<Object> max, OptionalLong nullCount) {
    /// Nothing is known.
    public static final ColumnStatistics UNKNOWN =
            new ColumnStatistics(Optional.empty(), Optional.empty(), OptionalLong.empty());
}
