package dev.quiver.dataframe;

import static dev.quiver.dataframe.Functions.col;
import static dev.quiver.dataframe.Functions.count;
import static dev.quiver.dataframe.Functions.lit;

import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// What there is of a column along an axis, found by one query.
///
/// @param rows how many can be drawn
/// @param min of those, as they are along the axis
/// @param notes why others can't
record PlotRange(long rows, double min, double max, List<String> notes) {
    PlotRange {
        notes = List.copyOf(notes);
    }

    /// @param across the column whose range it is
    /// @param more columns that must have a value as well
    static PlotRange of(DataFrame frame, PlotColumn across, PlotColumn... more) {
        var columns = new ArrayList<PlotColumn>();
        columns.add(across);
        columns.addAll(List.of(more));
        Expr drawable = lit(true);
        for (PlotColumn column : columns) drawable = drawable.and(column.isDrawable());
        var wanted = new ArrayList<Expr>();
        wanted.add(count().filter(drawable).as("drawable"));
        wanted.add(across.value().min().filter(drawable).as("min"));
        wanted.add(across.value().max().filter(drawable).as("max"));
        for (int i = 0; i < columns.size(); i++) {
            Expr value = col(columns.get(i).name());
            wanted.add(count().filter(value.isNull()).as("nulls" + i));
            wanted.add(
                    count().filter(value.isNotNull().and(columns.get(i).isDrawable().not()))
                            .as("infinite" + i));
        }
        try (Table table = frame.agg(count().as("all"), wanted.toArray(Expr[]::new)).collect()) {
            return read(table.row(0), columns);
        }
    }

    private static PlotRange read(Row row, List<PlotColumn> columns) {
        var notes = new ArrayList<String>();
        for (int i = 0; i < columns.size(); i++) {
            String name = columns.get(i).name();
            note(notes, row.getLong("nulls" + i), "of %s %s null", name);
            note(notes, row.getLong("infinite" + i), "of %s %s NaN or infinite", name);
        }
        long rows = row.getLong("drawable");
        if (rows == 0) {
            notes.add("there is nothing to draw");
            return new PlotRange(0, 0, 1, notes);
        }
        PlotColumn across = columns.getFirst();
        return new PlotRange(rows, across.read(row, "min"), across.read(row, "max"), notes);
    }

    private static void note(List<String> notes, long count, String text, String name) {
        if (count == 0) return;
        notes.add(
                String.format(Locale.ROOT, "%,d " + text, count, name, count == 1 ? "is" : "are"));
    }

    /// The earliest, where it is a time.
    LocalDateTime from() {
        return LocalDateTime.ofEpochSecond((long) Math.floor(min), 0, ZoneOffset.UTC);
    }
}
