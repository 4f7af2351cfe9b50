package dev.quiver.scheduler.server;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The first rows of a frame as texts, for people.
///
/// @param columns their names, the first [#COLUMNS_MAX]
/// @param rows at most [#ROWS_MAX], each with a text a column: long ones are clipped, null is empty
public record FrameHead(List<String> columns, List<List<Optional<String>>> rows) {
    public static final int ROWS_MAX = 10;
    public static final int COLUMNS_MAX = 20;

    /// Of longer texts so many code points are told.
    public static final int LETTERS_MAX = 80;

    public FrameHead {
        columns = List.copyOf(columns);
        rows = List.copyOf(rows);
    }

    /// A value as it is told.
    public static Optional<String> text(@Nullable Object value) {
        if (value == null) return Optional.empty();
        String text = value.toString();
        if (text.codePointCount(0, text.length()) <= LETTERS_MAX) return Optional.of(text);
        return Optional.of(text.substring(0, text.offsetByCodePoints(0, LETTERS_MAX)) + "…");
    }
}
