package dev.quiver.dataframe;

import dev.quiver.dataframe.Profile.ColumnProfile;
import dev.quiver.expression.Ordering;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// One column now and before.
record ColumnDrift(ColumnProfile now, ColumnProfile before, long rowsNow, long rowsBefore) {
    /// A share of nulls that moves by less isn't worth a word.
    private static final double SHARE_MIN = 0.01;

    /// A range that is narrower than this share of the one before is worth a word.
    private static final double WIDTH_SHARE_MIN = 0.5;

    private static final int VALUES_SHOWN_MAX = 5;

    void addTo(List<String> drift) {
        if (!now.type().equals(before.type())) {
            drift.add("%s is %s, was %s".formatted(now.name(), now.type(), before.type()));
            return;
        }
        double share = share(now.nulls(), rowsNow);
        double was = share(before.nulls(), rowsBefore);
        boolean firstNulls = now.nulls() > 0 && before.nulls() == 0 && rowsBefore > 0;
        if (firstNulls || Math.abs(share - was) >= SHARE_MIN)
            drift.add(
                    String.format(
                            Locale.ROOT,
                            "%s is null in %.1f %% of the rows, was in %.1f %%",
                            now.name(),
                            share * 100,
                            was * 100));
        if (!before.values().isEmpty()) addValues(drift);
        else addRange(drift);
    }

    private static double share(long nulls, long rows) {
        return rows == 0 ? 0 : (double) nulls / (double) rows;
    }

    private void addValues(List<String> drift) {
        if (now.values().isEmpty() && now.different() > 0) {
            drift.add(
                    "%s has %,d different values, had %d"
                            .formatted(now.name(), now.different(), before.values().size()));
            return;
        }
        var fresh = new ArrayList<>(now.values());
        fresh.removeAll(before.values());
        if (fresh.isEmpty()) return;
        var shown = fresh.stream().limit(VALUES_SHOWN_MAX).map(v -> "'" + v + "'").toList();
        int hidden = fresh.size() - shown.size();
        drift.add(
                "%s has new values: %s%s"
                        .formatted(
                                now.name(),
                                String.join(", ", shown),
                                hidden > 0 ? " and %d more".formatted(hidden) : ""));
    }

    private void addRange(List<String> drift) {
        if (before.lengthMax() >= 0) {
            if (now.lengthMax() > before.lengthMax())
                drift.add(
                        "%s has up to %d letters, had up to %d"
                                .formatted(now.name(), now.lengthMax(), before.lengthMax()));
            return;
        }
        if (now.min().isEmpty() || before.min().isEmpty()) return;
        Comparator<Object> order = Ordering.of(now.type());
        boolean lower = order.compare(now.min().get(), before.min().get()) < 0;
        boolean higher = order.compare(now.max().orElseThrow(), before.max().orElseThrow()) > 0;
        if (lower) drift.add(bound("down to", now.min(), before.min()));
        if (higher) drift.add(bound("up to", now.max(), before.max()));
        if (!lower && !higher && width(now) < WIDTH_SHARE_MIN * width(before))
            drift.add(
                    "%s ranges from %s to %s, ranged from %s to %s"
                            .formatted(
                                    now.name(),
                                    now.min().get(),
                                    now.max().get(),
                                    before.min().get(),
                                    before.max().get()));
    }

    private static double width(ColumnProfile column) {
        return place(column.max().orElseThrow()) - place(column.min().orElseThrow());
    }

    /// Where a value lies among others of its type; NaN where there are no distances.
    private static double place(Object value) {
        return switch (value) {
            case Number number -> number.doubleValue();
            case LocalDate day -> day.toEpochDay();
            case LocalDateTime moment -> moment.toEpochSecond(ZoneOffset.UTC);
            case Instant moment -> moment.getEpochSecond();
            default -> Double.NaN;
        };
    }

    private String bound(String word, Optional<Object> is, Optional<Object> was) {
        return "%s goes %s %s, went %s %s"
                .formatted(now.name(), word, is.orElseThrow(), word, was.orElseThrow());
    }
}
