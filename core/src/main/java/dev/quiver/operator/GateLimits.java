package dev.quiver.operator;

import dev.quiver.error.GateFailed;
import java.util.List;
import java.util.Locale;

/// How many bad rows a gate lets a load have.
///
/// @param rowsMax bad rows; `Long.MAX_VALUE` for any number
/// @param shareMax bad rows among all, from 0 to 1
public record GateLimits(long rowsMax, double shareMax) {
    /// Any number of bad rows.
    public static final GateLimits NONE = new GateLimits(Long.MAX_VALUE, 1);

    /// Stops a load with too many bad rows.
    ///
    /// @param rejected bad rows of the whole load
    /// @param checked all its rows
    /// @throws GateFailed when they are more than the limits allow
    public void check(long rejected, long checked) {
        if (rejected > rowsMax)
            throw tooMany(rejected, checked, String.format(Locale.ROOT, "%,d", rowsMax));
        if (rejected > shareMax * (double) checked)
            throw tooMany(rejected, checked, "%s %% of the rows".formatted(percent(shareMax)));
    }

    private static GateFailed tooMany(long rejected, long checked, String limit) {
        return new GateFailed(
                String.format(
                        Locale.ROOT,
                        "the gate turned away %,d of %,d rows (%s %%), more than the %s that it"
                                + " may",
                        rejected,
                        checked,
                        percent((double) rejected / (double) Math.max(1, checked)),
                        limit),
                List.of("nothing was published"),
                "look at the rows with df.rejects(gate).show(), mend the data or the rule, or raise"
                        + " the gate's limit");
    }

    private static String percent(double share) {
        String text = String.format(Locale.ROOT, "%.2f", share * 100);
        return text.endsWith(".00") ? text.substring(0, text.length() - 3) : text;
    }
}
