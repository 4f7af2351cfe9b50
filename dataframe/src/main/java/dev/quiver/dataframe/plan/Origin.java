package dev.quiver.dataframe.plan;

import dev.quiver.error.UserLine;
import java.util.ArrayList;
import java.util.List;

/// Where in the user's program a step of a plan was asked for. It says nothing about what the step
/// means, so all origins are equal: plans that mean the same stay the same, wherever they were
/// written.
public final class Origin {
    /// Of what nobody's program asked for, or where it isn't known.
    public static final Origin UNKNOWN = new Origin(List.of());

    private static final int LINES_SHOWN_MAX = 3;

    private final List<String> lines;

    private Origin(List<String> lines) {
        this.lines = List.copyOf(lines);
    }

    /// The line that calls now: the nearest one that isn't Quiver's.
    public static Origin here() {
        return UserLine.here().map(line -> new Origin(List.of(line))).orElse(UNKNOWN);
    }

    /// Of a step that does what two did.
    public Origin and(Origin other) {
        if (lines.containsAll(other.lines)) return this;
        var both = new ArrayList<>(lines);
        for (String line : other.lines) if (!both.contains(line)) both.add(line);
        return new Origin(both);
    }

    public boolean isKnown() {
        return !lines.isEmpty();
    }

    /// For people, such as `Report.java:42`, or `Report.java:42, 45` of what two lines asked for;
    /// empty when it isn't known.
    public String text() {
        var text = new StringBuilder();
        String file = "";
        for (String line : lines.subList(0, Math.min(lines.size(), LINES_SHOWN_MAX))) {
            int colon = line.lastIndexOf(':');
            String its = colon < 0 ? line : line.substring(0, colon);
            boolean same = colon >= 0 && its.equals(file);
            if (!text.isEmpty()) text.append(", ");
            text.append(same ? line.substring(colon + 1) : line);
            file = its;
        }
        int more = lines.size() - LINES_SHOWN_MAX;
        return more > 0 ? "%s and %d more".formatted(text, more) : text.toString();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Origin;
    }

    @Override
    public int hashCode() {
        return 1;
    }

    /// The same for all, as what a plan is is told from its text, too: a pipeline's run goes on
    /// although lines of the program have moved.
    @Override
    public String toString() {
        return "";
    }
}
