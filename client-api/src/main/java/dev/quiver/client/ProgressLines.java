package dev.quiver.client;

import dev.quiver.columnar.memory.ByteSize;
import dev.quiver.scheduler.state.StageStatus;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// Progress as text: on a terminal a line a stage, redrawn in place and gone at the end; elsewhere
/// a line every few seconds, and none for short runs.
final class ProgressLines implements Progress {
    private static final long TERMINAL_FIRST_NANOS = TimeUnit.MILLISECONDS.toNanos(300);
    private static final long TERMINAL_NEXT_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long PLAIN_FIRST_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final long PLAIN_NEXT_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final int BAR_WIDTH = 6;

    /// All of a line but the stage's name.
    private static final int FIGURES_WIDTH = 1 + BAR_WIDTH + 12 + 15 + 9 + 12;

    private static final int NAME_WIDTH_MIN = 12;
    private static final int NAME_WIDTH_MAX = 40;
    private static final String UNITS = "KMGT";
    private static final int STAGES_SHOWN_MAX = 12;

    private final PrintStream out;
    private final Screen screen;
    private final boolean terminal;
    private final int width;
    private final LongSupplier clock;
    private final LongSupplier memoryBytes;
    private final Supplier<String> dashboard;
    private final long fromNanos;
    private long nextNanos;

    /// When each stage was looked at for the last time before a task of it had begun.
    private final Map<Integer, Long> begun = new HashMap<>();

    private long lookedNanos;
    private boolean shown;

    /// @param out where lines go that stay
    /// @param screen where they are redrawn
    /// @param terminal whether lines can be redrawn
    /// @param width of the terminal in columns; no line is longer
    /// @param memoryBytes counted memory in use
    /// @param dashboard where more is shown, or nothing; asked on terminals, when something is
    ///   drawn
    ProgressLines(
            PrintStream out,
            Screen screen,
            boolean terminal,
            int width,
            LongSupplier clock,
            LongSupplier memoryBytes,
            Supplier<String> dashboard) {
        this.dashboard = dashboard;
        this.out = out;
        this.screen = screen;
        this.terminal = terminal;
        this.width = width;
        this.clock = clock;
        this.memoryBytes = memoryBytes;
        this.fromNanos = clock.getAsLong();
        this.lookedNanos = fromNanos;
        this.nextNanos = fromNanos + (terminal ? TERMINAL_FIRST_NANOS : PLAIN_FIRST_NANOS);
    }

    @Override
    public long pauseNanos() {
        return Math.max(1, nextNanos - clock.getAsLong());
    }

    @Override
    public void show(Supplier<Snapshot> run) {
        long now = clock.getAsLong();
        if (now < nextNanos) return;
        nextNanos = now + (terminal ? TERMINAL_NEXT_NANOS : PLAIN_NEXT_NANOS);
        double seconds = (now - fromNanos) / 1e9;
        List<StageStatus> stages = run.get().stages();
        shown = true;
        for (StageStatus stage : stages)
            if (stage.assigned() + stage.finished() > 0)
                begun.putIfAbsent(stage.stage(), lookedNanos);
        lookedNanos = now;
        if (terminal) redraw(stages, now);
        else out.println(summary(stages, seconds));
    }

    private void redraw(List<StageStatus> stages, long now) {
        var lines = new ArrayList<String>();
        int skipped = Math.max(0, stages.size() - STAGES_SHOWN_MAX);
        if (skipped > 0) lines.add("… %d stages before".formatted(skipped));
        for (StageStatus stage : stages.subList(skipped, stages.size()))
            lines.add(line(stage, (now - begun.getOrDefault(stage.stage(), fromNanos)) / 1e9));
        String link = dashboard.get();
        lines.add(
                String.format(
                        Locale.ROOT,
                        "%.1f s, memory %s%s",
                        (now - fromNanos) / 1e9,
                        ByteSize.text(memoryBytes.getAsLong()),
                        link.isEmpty() ? "" : ", more at " + link));
        lines.replaceAll(line -> line.length() < width ? line : line.substring(0, width - 1));
        screen.draw(lines);
    }

    /// One stage, in a line that fits 80 columns: name, tasks done of all, rows in a second, bytes,
    /// seconds to go.
    ///
    /// @param seconds since the stage began
    private String line(StageStatus stage, double seconds) {
        int done = stage.finished() + stage.dropped();
        int nameWidth = Math.clamp(width - 1L - FIGURES_WIDTH, NAME_WIDTH_MIN, NAME_WIDTH_MAX);
        String name = stage.name();
        if (name.length() > nameWidth) name = name.substring(0, nameWidth - 1) + "…";
        String tasks =
                String.format(
                        Locale.ROOT,
                        "%-" + nameWidth + "s %s %11s",
                        name,
                        bar(done, stage.total()),
                        done + "/" + stage.total());
        if (stage.finished() == 0) return tasks;
        String rates =
                String.format(
                        Locale.ROOT,
                        "%s %7s rows/s %8s",
                        tasks,
                        number(stage.rows() / seconds),
                        ByteSize.text(stage.bytes()));
        if (done >= stage.total()) return rates;
        return rates + " %6s left".formatted(time(seconds / done * (stage.total() - done)));
    }

    private static String bar(int done, int total) {
        int full = total == 0 ? 0 : (int) ((long) BAR_WIDTH * done / total);
        return "█".repeat(full) + "░".repeat(BAR_WIDTH - full);
    }

    /// Three digits or four and a unit: `1.5M`.
    private static String number(double count) {
        if (count < 9_999.5) return String.format(Locale.ROOT, "%.0f", count);
        double scaled = count / 1000;
        int unit = 0;
        while (scaled >= 999.5 && unit < UNITS.length() - 1) {
            scaled /= 1000;
            unit++;
        }
        return String.format(
                Locale.ROOT, scaled < 99.95 ? "%.1f%c" : "%.0f%c", scaled, UNITS.charAt(unit));
    }

    private static String time(double seconds) {
        if (seconds < 120) return String.format(Locale.ROOT, "%.0f s", seconds);
        if (seconds < 7200) return String.format(Locale.ROOT, "%.0f min", seconds / 60);
        return String.format(Locale.ROOT, "%.0f h", Math.min(seconds / 3600, 9999));
    }

    private String summary(List<StageStatus> stages, double seconds) {
        long done = 0;
        long total = 0;
        StageStatus current = null;
        for (StageStatus stage : stages) {
            done += stage.finished() + stage.dropped();
            total += stage.total();
            if (current == null && stage.finished() + stage.dropped() < stage.total())
                current = stage;
        }
        String doing =
                current == null
                        ? "ending"
                        : String.format(
                                Locale.ROOT,
                                "%s %d/%d, %,d rows",
                                current.name(),
                                current.finished() + current.dropped(),
                                current.total(),
                                current.rows());
        return String.format(
                Locale.ROOT,
                "%.0f s: %d of %d tasks done (%s), memory %s",
                seconds,
                done,
                total,
                doing,
                ByteSize.text(memoryBytes.getAsLong()));
    }

    @Override
    public void close() {
        if (!shown) return;
        if (terminal) {
            screen.clear();
            return;
        }
        out.println(
                String.format(Locale.ROOT, "%.1f s: done", (clock.getAsLong() - fromNanos) / 1e9));
    }
}
