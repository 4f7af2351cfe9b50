package dev.quiver.notebook;

import dev.quiver.client.Progress;
import dev.quiver.columnar.memory.ByteSize;
import dev.quiver.dataframe.chart.Markup;
import dev.quiver.scheduler.state.StageStatus;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A run's progress under its cell: a bar a stage, which moves in place. At the end it says how
/// long it took, and the bars of a run that ended well are folded up. Runs that are over soon show
/// nothing.
final class RunDisplay implements Progress {
    private static final long FIRST_NANOS = TimeUnit.MILLISECONDS.toNanos(300);
    private static final long NEXT_NANOS = TimeUnit.MILLISECONDS.toNanos(150);
    private static final int STAGES_SHOWN_MAX = 12;
    private static final String DONE = "done";

    private final LongSupplier clock;
    private final LongSupplier memoryBytes;
    private final Supplier<String> dashboard;
    private final long fromNanos;
    private long nextNanos;
    private @Nullable Supplier<Snapshot> run;
    private @Nullable LiveDisplay shown;

    RunDisplay(LongSupplier clock, LongSupplier memoryBytes, Supplier<String> dashboard) {
        this.clock = clock;
        this.memoryBytes = memoryBytes;
        this.dashboard = dashboard;
        this.fromNanos = clock.getAsLong();
        this.nextNanos = fromNanos + FIRST_NANOS;
    }

    @Override
    public long pauseNanos() {
        return Math.max(1, nextNanos - clock.getAsLong());
    }

    @Override
    public void show(Supplier<Snapshot> stages) {
        run = stages;
        long now = clock.getAsLong();
        if (now < nextNanos) return;
        nextNanos = now + NEXT_NANOS;
        draw(stages.get().stages(), "");
    }

    @Override
    public void close() {
        Supplier<Snapshot> stages = run;
        if (shown == null || stages == null) return;
        List<StageStatus> last = stages.get().stages();
        boolean isDone = last.stream().allMatch(s -> s.finished() + s.dropped() == s.total());
        draw(last, isDone ? DONE : "ended");
    }

    private void draw(List<StageStatus> stages, String end) {
        Map<String, String> bundle = bundle(stages, end);
        LiveDisplay there = shown;
        if (there != null) there.update(bundle);
        else {
            Optional<LiveDisplay> opened = NotebookFrontEnd.show(bundle);
            shown = opened.orElse(null);
        }
    }

    private Map<String, String> bundle(List<StageStatus> stages, String end) {
        int skipped = Math.max(0, stages.size() - STAGES_SHOWN_MAX);
        List<StageStatus> last = stages.subList(skipped, stages.size());
        String about =
                String.format(
                        Locale.ROOT,
                        "%s%.1f s, memory %s",
                        end.isEmpty() ? "" : end + " after ",
                        (clock.getAsLong() - fromNanos) / 1e9,
                        ByteSize.text(memoryBytes.getAsLong()));
        var html = new StringBuilder();
        var text = new StringBuilder();
        if (skipped > 0) {
            html.append("<div>… %d stages before</div>".formatted(skipped));
            text.append("… %d stages before\n".formatted(skipped));
        }
        for (StageStatus stage : last) {
            TaskBar bar =
                    new TaskBar(
                            stage.finished() + stage.dropped(),
                            stage.failed(),
                            stage.assigned(),
                            stage.total());
            String figures = bar.figures() + (stage.rows() == 0 ? "" : rows(stage));
            html.append(bar.html(stage.name(), figures));
            text.append("%s %s %s\n".formatted(bar.text(), stage.name(), figures));
        }
        String bars = html.toString();
        var bundle = new LinkedHashMap<String, String>();
        bundle.put(
                MimeBundle.HTML,
                TaskBar.STYLE
                        + (end.equals(DONE)
                                ? folded(bars, about, stages.size())
                                : open(bars, about, end)));
        bundle.put(MimeBundle.TEXT, text.append(about).toString());
        return bundle;
    }

    /// What is left of a run is a line; the bars are behind it.
    private static String folded(String bars, String about, int stages) {
        return """
        <details class="quiver-done"><summary>%s, %d %s</summary><div class="quiver-run">%s</div></details>\
        """
                .formatted(about, stages, stages == 1 ? "stage" : "stages", bars);
    }

    private String open(String bars, String about, String end) {
        String link = end.isEmpty() ? dashboard.get() : "";
        String linked =
                link.isEmpty()
                        ? ""
                        : " · <a href=\"%s\" target=\"_blank\" rel=\"noopener\">dashboard</a>"
                                .formatted(Markup.text(link));
        return "<div class=\"quiver-run\">%s<div class=\"about\">%s%s</div></div>"
                .formatted(bars, about, linked);
    }

    private static String rows(StageStatus stage) {
        return String.format(
                Locale.ROOT, ", %,d %s", stage.rows(), stage.rows() == 1 ? "row" : "rows");
    }
}
