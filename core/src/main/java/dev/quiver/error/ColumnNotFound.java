package dev.quiver.error;

import java.util.Collection;
import java.util.List;

/// A name that the schema doesn't have; names the nearest one that it has.
public final class ColumnNotFound extends QuiverException {
    private static final long serialVersionUID = 1L;
    private static final int NAMES_SHOWN_MAX = 20;

    /// @param name the name that was asked for
    /// @param place where it was looked up, such as `Scan[sales.parquet]`
    /// @param names the names that exist, in order
    public ColumnNotFound(String name, String place, Collection<String> names) {
        super(
                ErrorCode.COLUMN_NOT_FOUND,
                "no column '%s' in %s".formatted(name, place),
                List.of("has: " + shown(names)),
                NearestName.of(name, names)
                                .map(nearest -> "did you mean '%s'? ".formatted(nearest))
                                .orElse("")
                        + "print df.schema() to list the columns");
    }

    private static String shown(Collection<String> names) {
        if (names.size() <= NAMES_SHOWN_MAX) return String.join(", ", names);
        return String.join(", ", names.stream().limit(NAMES_SHOWN_MAX).toList())
                + " and %d more".formatted(names.size() - NAMES_SHOWN_MAX);
    }
}
