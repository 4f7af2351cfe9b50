package dev.quiver.testkit;

import dev.quiver.dataframe.DataFrame;
import dev.quiver.schema.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.opentest4j.AssertionFailedError;

/// Says what a frame is to be; where it isn't, the error shows what differs, side by side.
///
/// ```java
/// assertThat(frame)
///         .hasSchema("id: int64", "city: utf8")
///         .hasRows(
///                 """
///                 id | city
///                 1  | Oslo
///                 2  |
///                 """);
/// ```
///
/// In a table nothing between bars is null, and `""` is the empty text. Its columns may stand in
/// another order than the frame's.
public final class FrameAssert {
    private final DataFrame frame;

    private FrameAssert(DataFrame frame) {
        this.frame = frame;
    }

    /// Begins to say what a frame is to be.
    public static FrameAssert assertThat(DataFrame frame) {
        return new FrameAssert(frame);
    }

    /// Its columns with their types, in order, such as `id: int64`.
    public FrameAssert hasSchema(String... columns) {
        List<String> actual =
                frame.schema().fields().stream()
                        .map(field -> "%s: %s".formatted(field.name(), field.type()))
                        .toList();
        return hasColumns("columns", List.of(columns), actual);
    }

    /// As [#hasSchema(String...)], whatever may be null.
    public FrameAssert hasSchema(Schema schema) {
        return hasSchema(
                schema.fields().stream()
                        .map(field -> "%s: %s".formatted(field.name(), field.type()))
                        .toArray(String[]::new));
    }

    /// The names of its columns, in order.
    public FrameAssert hasColumns(String... names) {
        return hasColumns("names of the columns", List.of(names), frame.schema().names());
    }

    private FrameAssert hasColumns(String what, List<String> expected, List<String> actual) {
        if (expected.equals(actual)) return this;
        var text = new StringBuilder("the %s differ   (- expected, + found)".formatted(what));
        for (int i = 0; i < Math.max(expected.size(), actual.size()); i++) {
            String here = i < expected.size() ? expected.get(i) : "";
            String there = i < actual.size() ? actual.get(i) : "";
            if (here.equals(there)) {
                text.append("\n    ").append(here);
                continue;
            }
            if (!here.isEmpty()) text.append("\n  - ").append(here);
            if (!there.isEmpty()) text.append("\n  + ").append(there);
        }
        throw failed(text.toString(), String.join("\n", expected), String.join("\n", actual));
    }

    /// How many rows it has.
    public FrameAssert hasRowCount(long rows) {
        long actual = frame.count();
        if (actual == rows) return this;
        throw failed("%d rows expected, %d found".formatted(rows, actual), "" + rows, "" + actual);
    }

    /// It has no rows.
    public FrameAssert isEmpty() {
        return hasRowCount(0);
    }

    /// Its rows, in any order.
    public FrameAssert hasRows(String table) {
        return compare(Grid.parse(table), false);
    }

    /// The rows of another frame, in any order.
    public FrameAssert hasRows(DataFrame other) {
        return compare(Grid.of(other), false);
    }

    /// Its rows, in this order.
    public FrameAssert hasRowsInOrder(String table) {
        return compare(Grid.parse(table), true);
    }

    /// The rows of another frame, in its order.
    public FrameAssert hasRowsInOrder(DataFrame other) {
        return compare(Grid.of(other), true);
    }

    private FrameAssert compare(Grid written, boolean inOrder) {
        List<String> names = frame.schema().names();
        var missing = new ArrayList<>(written.names());
        missing.removeAll(names);
        var unexpected = new ArrayList<>(names);
        unexpected.removeAll(written.names());
        if (!missing.isEmpty() || !unexpected.isEmpty())
            hasColumns(written.names().toArray(String[]::new));
        Grid expected = written.like(frame.schema());
        Grid actual = Grid.of(frame);
        Optional<String> differences =
                inOrder
                        ? Differences.inOrder(expected, actual)
                        : Differences.inAnyOrder(expected, actual);
        if (differences.isEmpty()) return this;
        throw failed(differences.get(), expected.csv(), actual.csv());
    }

    private static AssertionFailedError failed(String what, String expected, String actual) {
        return new AssertionFailedError(what, expected, actual);
    }
}
