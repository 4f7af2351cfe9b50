package dev.quiver.dataframe;

import java.util.ArrayList;
import java.util.List;

/// The columns whose values a join compares. A null key equals nothing.
///
/// ```java
/// flights.join(weather, How.LEFT, On.keys("origin", "time_hour"))
/// flights.join(airports, How.LEFT, On.pair("dest", "faa"))
/// ```
public final class On {
    /// A column of the left frame and the column of the right one it is compared with.
    record Pair(String left, String right) {}

    private final List<Pair> pairs;

    private On(List<Pair> pairs) {
        this.pairs = List.copyOf(pairs);
    }

    /// Columns that have the same name on both sides.
    public static On keys(String name, String... more) {
        On on = pair(name, name);
        for (String next : more) on = on.and(next, next);
        return on;
    }

    /// Columns that have different names.
    public static On pair(String left, String right) {
        return new On(List.of(new Pair(left, right)));
    }

    /// These columns must be equal too.
    public On and(String left, String right) {
        var longer = new ArrayList<>(pairs);
        longer.add(new Pair(left, right));
        return new On(longer);
    }

    List<Pair> pairs() {
        return pairs;
    }

    @Override
    public String toString() {
        return String.join(
                ", ",
                pairs.stream()
                        .map(p ->
                                p.left().equals(p.right()) ? p.left() : p.left() + "=" + p.right())
                        .toList());
    }
}
