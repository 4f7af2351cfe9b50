package dev.quiver.dataframe.chart;

import java.util.List;
import java.util.StringJoiner;

/// What people are told beside a drawing.
///
/// @param x what is along the horizontal axis
/// @param y what is along the vertical one
/// @param notes what isn't shown, and why
public record Caption(String title, String x, String y, List<String> notes) {
    public Caption {
        notes = List.copyOf(notes);
    }

    /// The same with another title.
    public Caption with(String other) {
        return new Caption(other, x, y, notes);
    }

    /// The notes as one line; empty when there are none.
    String note() {
        var line = new StringJoiner("; ");
        notes.forEach(line::add);
        return line.toString();
    }
}
