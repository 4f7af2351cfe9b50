package dev.quiver.notebook;

import dev.quiver.dataframe.QFuture;
import dev.quiver.dataframe.Status;
import dev.quiver.dataframe.chart.Markup;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Tasks and how far they are, as they stand.
final class TasksDisplay {
    private static final int FAILURE_LENGTH_MAX = 300;

    private final List<QFuture<?>> futures;

    private TasksDisplay(List<QFuture<?>> futures) {
        this.futures = futures;
    }

    /// Empty when they aren't all futures, or none.
    static Optional<TasksDisplay> of(Collection<?> values) {
        List<QFuture<?>> futures = new ArrayList<>(values.size());
        for (Object value : values) {
            if (!(value instanceof QFuture<?> future)) return Optional.empty();
            futures.add(future);
        }
        return futures.isEmpty() ? Optional.empty() : Optional.of(new TasksDisplay(futures));
    }

    boolean isFinal() {
        for (QFuture<?> future : futures) if (!future.status().isFinal()) return false;
        return true;
    }

    /// What they are, whatever becomes of them.
    String name() {
        return futures.size() == 1
                ? futures.getFirst().toString().replaceFirst(", [A-Z]+]$", "]")
                : String.format(Locale.ROOT, "%,d tasks", futures.size());
    }

    Map<String, String> bundle() {
        Map<Status, Integer> counts = new EnumMap<>(Status.class);
        String failure = "";
        for (QFuture<?> future : futures) {
            Status status = future.status();
            counts.merge(status, 1, Integer::sum);
            if (status == Status.FAILED && failure.isEmpty())
                failure = future.exception().map(Throwable::toString).orElse("");
        }
        var bar =
                new TaskBar(
                        counts.getOrDefault(Status.FINISHED, 0),
                        counts.getOrDefault(Status.FAILED, 0)
                                + counts.getOrDefault(Status.CANCELLED, 0),
                        counts.getOrDefault(Status.RUNNING, 0),
                        futures.size());
        String figures = figures(counts);
        if (failure.length() > FAILURE_LENGTH_MAX)
            failure = failure.substring(0, FAILURE_LENGTH_MAX) + "…";
        var bundle = new LinkedHashMap<String, String>();
        bundle.put(
                MimeBundle.HTML,
                "%s<div class=\"quiver-run\">%s%s</div>"
                        .formatted(
                                TaskBar.STYLE,
                                bar.html(name(), figures),
                                failure.isEmpty()
                                        ? ""
                                        : "<div class=\"about\">%s</div>"
                                                .formatted(Markup.text(failure))));
        bundle.put(
                MimeBundle.TEXT,
                "%s %s: %s%s"
                        .formatted(
                                bar.text(),
                                name(),
                                figures,
                                failure.isEmpty() ? "" : "\n" + failure));
        return bundle;
    }

    private String figures(Map<Status, Integer> counts) {
        if (futures.size() == 1) return futures.getFirst().status().name().toLowerCase(Locale.ROOT);
        List<String> parts = new ArrayList<>();
        counts.forEach((status, count) ->
                parts.add(
                        String.format(
                                Locale.ROOT,
                                "%,d %s",
                                count,
                                status.name().toLowerCase(Locale.ROOT))));
        return String.join(", ", parts);
    }
}
