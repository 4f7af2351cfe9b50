package dev.quiver.deploy;

import dev.quiver.deploy.TopBoard.Failure;
import dev.quiver.deploy.TopBoard.Job;
import dev.quiver.deploy.TopBoard.Stage;
import dev.quiver.deploy.TopBoard.Worker;
import dev.quiver.deploy.TopInk.Part;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// The lines of `quiver top`: what a board tells, for a terminal of a size.
///
/// @param columns of the terminal, at least 80 are used
/// @param rows of the terminal; 0 for as many lines as there are
record TopScreen(TopInk ink, int columns, int rows) {
    static final int COLUMNS_MIN = 80;

    private static final int FAILURES_SHOWN = 3;
    private static final int LINES_PRINTED = 60;
    private static final int WORKERS_SHOWN_MIN = 4;
    private static final int NAME_WIDTH = 25;
    private static final int BAR_WIDTH = 15;
    private static final int WORKER_WIDTH = 13;
    private static final int SLOTS_WIDTH = 8;
    private static final int MEMORY_WIDTH = 8;
    private static final int MEMORY_TEXT_WIDTH = 16;
    private static final double NEARLY_FULL = 0.9;
    private static final double MICROS_PER_SECOND = 1e6;
    private static final double DAYS_SHOWN_MAX = 9999;
    private static final double THOUSAND = 1000;

    /// What stands above the board.
    ///
    /// @param address of the dashboard
    /// @param place which board of how many, such as `1 of 2`
    /// @param trouble why nothing new is heard; empty when all is well
    record Heading(String address, String place, String trouble) {}

    TopScreen {
        columns = Math.max(COLUMNS_MIN, columns);
    }

    /// @param scrolled how many stages are left out at the top
    List<String> lines(TopBoard board, TopPace pace, Heading heading, int scrolled) {
        var lines = new ArrayList<>(head(board, pace, heading));
        List<String> alerts = alerts(board);
        List<String> workers = workers(board);
        List<String> stages = stages(board);
        int room = rows == 0 ? LINES_PRINTED : rows - lines.size() - 1;
        int alertLines = alerts.isEmpty() ? 0 : alerts.size() + 2;
        int workerLines = Math.min(workers.size(), Math.max(WORKERS_SHOWN_MIN, room / 3));
        int stageLines = Math.max(1, room - alertLines - workerLines - 4);
        lines.add("");
        lines.add(stageHead());
        lines.addAll(cut(stages, stageLines, scrolled, "stages"));
        lines.add("");
        lines.add(workerHead());
        lines.addAll(cut(workers, workerLines, 0, "workers"));
        if (!alerts.isEmpty()) {
            lines.add("");
            lines.add(ink.as(Part.ALERT, "ALERTS"));
            lines.addAll(alerts);
        }
        return lines.stream().map(ink::drawn).toList();
    }

    private List<String> head(TopBoard board, TopPace pace, Heading heading) {
        String title = "quiver top  " + board.name() + heading.place();
        String address = heading.address();
        int room = columns - address.length() - 2;
        var lines = new ArrayList<String>();
        lines.add(ink.as(Part.TITLE, left(title, room)) + "  " + ink.as(Part.HEAD, address));
        String dot = ink.separator();
        String since =
                "%s %s%s%,d tasks ended%s%,d failed"
                        .formatted(
                                board.isOpen() ? "up" : "ended after",
                                span(board.micros() / MICROS_PER_SECOND),
                                dot,
                                board.tasksEnded(),
                                dot,
                                board.tasksFailed());
        lines.add(since);
        lines.add(
                "%s tasks/s%s%s/s%s%s rows/s  %s"
                        .formatted(
                                count(Math.round(pace.tasksPerSecond())),
                                dot,
                                bytes(Math.round(pace.bytesPerSecond())),
                                dot,
                                count(Math.round(pace.rowsPerSecond())),
                                ink.columns(pace.tasksLately())));
        List<Job> running = board.jobs().stream().filter(job -> job.untilMicros() < 0).toList();
        if (!running.isEmpty()) {
            Job last = running.getLast();
            String more = running.size() == 1 ? "" : " (and %d more)".formatted(running.size() - 1);
            String place = last.place().isEmpty() ? "" : " at " + last.place();
            lines.add(RunText.cut("runs " + last.title() + place + more, columns));
        }
        if (!heading.trouble().isEmpty())
            lines.add(ink.as(Part.ALERT, RunText.cut(heading.trouble(), columns)));
        return lines;
    }

    private int nameWidth() {
        return NAME_WIDTH + (columns - COLUMNS_MIN) / 2;
    }

    private int barWidth() {
        return BAR_WIDTH + (columns - COLUMNS_MIN) - (columns - COLUMNS_MIN) / 2;
    }

    private String stageHead() {
        return ink.as(
                Part.HEAD,
                left("STAGES", nameWidth() + 1 + barWidth())
                        + "%12s %6s %8s %10s".formatted("tasks", "rows", "bytes", "time"));
    }

    /// Those that run first, then those that wait, then those that ended, the latest first.
    private List<String> stages(TopBoard board) {
        var order =
                Comparator.comparingInt((Stage s) -> s.hasEnded() ? 2 : s.hasBegun() ? 0 : 1)
                        .thenComparingLong(s -> s.hasEnded() ? -s.untilMicros() : 0);
        return board.stages().stream().sorted(order).map(s -> line(s, board.micros())).toList();
    }

    private String line(Stage stage, long nowMicros) {
        String bar =
                ink.bar(barWidth(), stage.done(), stage.failed(), stage.assigned(), stage.total());
        String tasks = count(stage.done()) + "/" + count(stage.total());
        return "%s %s%12s %6s %8s %10s"
                .formatted(
                        left(stage.name(), nameWidth()),
                        bar,
                        tasks,
                        stage.rows() > 0 ? count(stage.rows()) : "",
                        stage.bytes() > 0 ? bytes(stage.bytes()) : "",
                        time(stage, nowMicros));
    }

    /// How long it took, or will take when it goes on as it does.
    private static String time(Stage stage, long nowMicros) {
        if (!stage.hasBegun()) return stage.hasEnded() ? "" : "waits";
        if (stage.hasEnded())
            return span((stage.untilMicros() - stage.sinceMicros()) / MICROS_PER_SECOND);
        double seconds = (nowMicros - stage.sinceMicros()) / MICROS_PER_SECOND;
        long left = stage.total() - stage.done() - stage.failed();
        if (stage.done() == 0) return span(seconds);
        return "in " + span(seconds * left / stage.done());
    }

    private String workerHead() {
        return ink.as(
                Part.HEAD,
                left("WORKERS", WORKER_WIDTH + 1 + SLOTS_WIDTH)
                        + "%6s %6s  %-25s %7s %8s"
                                .formatted("slots", "cpu", "memory", "spilled", "net"));
    }

    private List<String> workers(TopBoard board) {
        return board.workers().stream().map(this::line).toList();
    }

    private String line(Worker worker) {
        int slotsWidth = Math.clamp(worker.slots(), 1, SLOTS_WIDTH);
        String slots =
                ink.bar(slotsWidth, 0, 0, worker.running(), worker.slots())
                        + " ".repeat(SLOTS_WIDTH - slotsWidth);
        String memory =
                ink.bar(MEMORY_WIDTH, worker.usedBytes(), 0, 0, worker.limitBytes())
                        + " "
                        + left(
                                bytes(worker.usedBytes()) + " of " + bytes(worker.limitBytes()),
                                MEMORY_TEXT_WIDTH);
        long net = Math.max(0, worker.sentPerSecond()) + Math.max(0, worker.receivedPerSecond());
        return "%s %s%6s %6s  %s %7s %8s"
                .formatted(
                        left(worker.name(), WORKER_WIDTH),
                        slots,
                        worker.running() + "/" + worker.slots(),
                        worker.cpuPercent() < 0 ? "" : worker.cpuPercent() + " %",
                        memory,
                        worker.spilledBytes() > 0 ? bytes(worker.spilledBytes()) : "",
                        net > 0 ? bytes(net) + "/s" : "")
                .stripTrailing();
    }

    private List<String> alerts(TopBoard board) {
        var alerts = new ArrayList<String>();
        List<Worker> full =
                board.workers().stream()
                        .filter(w -> w.limitBytes() > 0)
                        .filter(w -> w.usedBytes() > NEARLY_FULL * w.limitBytes())
                        .toList();
        if (!full.isEmpty())
            alerts.add(
                    "%s uses %d %% of its memory%s"
                            .formatted(
                                    full.getFirst().name(),
                                    100
                                            * full.getFirst().usedBytes()
                                            / full.getFirst().limitBytes(),
                                    full.size() == 1
                                            ? ""
                                            : ", and %d more are nearly full"
                                                    .formatted(full.size() - 1)));
        List<Failure> failures = board.failures();
        for (Failure failure :
                failures.subList(Math.max(0, failures.size() - FAILURES_SHOWN), failures.size()))
            alerts.add(sentence(board, failure));
        return alerts.stream()
                .map(text -> ink.as(Part.FAILED, RunText.cut("! " + text, columns)))
                .toList();
    }

    private static String sentence(TopBoard board, Failure failure) {
        Optional<String> stage =
                board.stages().stream()
                        .filter(s -> s.id() == failure.stage())
                        .map(Stage::name)
                        .findFirst();
        Optional<String> worker =
                board.workers().stream()
                        .filter(w -> w.id() == failure.worker())
                        .map(Worker::name)
                        .findFirst();
        return "%s, partition %d, attempt %d%s: %s"
                .formatted(
                        stage.orElse("stage " + failure.stage()),
                        failure.partition(),
                        failure.attempt(),
                        worker.map(name -> " on " + name).orElse(""),
                        failure.why());
    }

    /// As many lines as there is room for, from one on; the last line says how many there are more.
    private List<String> cut(List<String> lines, int room, int from, String what) {
        if (lines.isEmpty()) return List.of(ink.as(Part.HEAD, "no " + what + " yet"));
        int first = Math.clamp(from, 0, Math.max(0, lines.size() - 1));
        List<String> rest = lines.subList(first, lines.size());
        if (rest.size() <= room) return rest;
        var shown = new ArrayList<>(rest.subList(0, Math.max(0, room - 1)));
        shown.add(ink.as(Part.HEAD, "%,d more %s".formatted(rest.size() - shown.size(), what)));
        return shown;
    }

    private static String left(String text, int width) {
        String cut = RunText.cut(text, width);
        return cut + " ".repeat(width - cut.length());
    }

    /// A number in at most six characters, such as `9,999` or `12.3 M`.
    static String count(long count) {
        if (count < 10_000) return String.format(Locale.ROOT, "%,d", Math.max(0, count));
        String[] units = {" k", " M", " G", " T"};
        double value = count;
        int unit = -1;
        while (value >= THOUSAND && unit < units.length - 1) {
            value /= THOUSAND;
            unit++;
        }
        return String.format(Locale.ROOT, value < 100 ? "%.1f%s" : "%.0f%s", value, units[unit]);
    }

    /// A number of bytes in at most seven characters.
    static String bytes(long bytes) {
        if (bytes < 1024) return Math.max(0, bytes) + " B";
        String[] units = {" KB", " MB", " GB", " TB"};
        double value = bytes;
        int unit = -1;
        while (value >= 1000 && unit < units.length - 1) {
            value /= 1024;
            unit++;
        }
        return String.format(Locale.ROOT, value < 10 ? "%.1f%s" : "%.0f%s", value, units[unit]);
    }

    /// A time in at most seven characters.
    static String span(double seconds) {
        if (seconds < 9.95) return String.format(Locale.ROOT, "%.1f s", seconds);
        if (seconds < 120) return String.format(Locale.ROOT, "%.0f s", seconds);
        if (seconds < 7200) return String.format(Locale.ROOT, "%.0f min", seconds / 60);
        if (seconds < 360_000) return String.format(Locale.ROOT, "%.0f h", seconds / 3600);
        return String.format(Locale.ROOT, "%.0f d", Math.min(seconds / 86_400, DAYS_SHOWN_MAX));
    }
}
