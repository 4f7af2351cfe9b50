package dev.quiver.dataframe;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

/// What a query did: rows and time by operator, as `toString` prints them.
///
/// ```java
/// System.out.println(flights.groupBy("carrier").count().analyze());
/// ```
///
/// @param steps the operators, the last one of the query first
/// @param elapsed from the call to the last row
/// @param rows of the result
/// @param peakBytes the most counted memory that was held during the query
public record Analysis(List<Step> steps, Duration elapsed, long rows, long peakBytes) {
    public Analysis {
        steps = List.copyOf(steps);
    }

    /// An operator of a stage.
    ///
    /// @param depth how far it is indented: the operators it reads are one deeper
    /// @param stage the number of the stage that ran it
    /// @param partitions of that stage
    /// @param estimated rows that were expected, or -1
    /// @param rows that it made
    /// @param bytes that it made, or -1 where they weren't measured
    /// @param time spent in it, all slots together
    public record Step(
            String operator,
            int depth,
            int stage,
            int partitions,
            long estimated,
            long rows,
            long bytes,
            Duration time) {}

    @Override
    public String toString() {
        var text = new StringBuilder();
        text.append(
                String.format(
                        Locale.ROOT,
                        "%-38s %12s %12s %10s%n",
                        "operator",
                        "rows",
                        "estimated",
                        "ms"));
        for (Step step : steps) {
            String name = "  ".repeat(step.depth()) + step.operator();
            text.append(
                    String.format(
                            Locale.ROOT,
                            "%-38s %,12d %12s %,10.1f%n",
                            name.length() <= 38 ? name : name.substring(0, 37) + "…",
                            step.rows(),
                            step.estimated() < 0
                                    ? ""
                                    : String.format(Locale.ROOT, "%,d", step.estimated()),
                            step.time().toNanos() / 1e6));
        }
        return text.append(
                        String.format(
                                Locale.ROOT,
                                "%,d rows in %,.1f ms, peak memory %,d bytes",
                                rows,
                                elapsed.toNanos() / 1e6,
                                peakBytes))
                .toString();
    }
}
