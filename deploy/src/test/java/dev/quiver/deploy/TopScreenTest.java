package dev.quiver.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quiver.deploy.TopBoard.Failure;
import dev.quiver.deploy.TopBoard.Job;
import dev.quiver.deploy.TopBoard.Stage;
import dev.quiver.deploy.TopBoard.Worker;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// What `quiver top` draws of what a dashboard tells.
final class TopScreenTest {
    private static final TopInk PLAIN = new TopInk(false, true);
    private static final TopScreen.Heading HEADING =
            new TopScreen.Heading("http://127.0.0.1:8787/", "", "");
    private static final Worker WORKER =
            new Worker(
                    1, "worker-1", 4, 3, 950 << 20, 1000 << 20, 5L << 30, 1234, 1 << 20, 1 << 20);

    private static Stage stage(int id, String name, long done, long total, boolean hasEnded) {
        return new Stage(
                id,
                name,
                total,
                hasEnded ? 0 : 2,
                done,
                0,
                1_234_567,
                98L << 30,
                0,
                hasEnded ? id : -1);
    }

    private static TopBoard board(List<Stage> stages, List<Worker> workers) {
        return new TopBoard(
                1,
                "session",
                true,
                60_000_000,
                1_234_567,
                2,
                List.of(new Job("groupBy", "Job.java:12", -1)),
                stages,
                workers,
                List.of(new Failure(1, 7, 2, 1, "IllegalStateException: " + "no ".repeat(40))));
    }

    private static List<String> lines(TopInk ink, int rows, TopBoard board, int scrolled) {
        return new TopScreen(ink, 80, rows).lines(board, new TopPace(), HEADING, scrolled);
    }

    @Test
    void it_fits_into_eighty_columns_and_the_rows_that_there_are() {
        List<Stage> stages =
                IntStream.range(0, 50)
                        .mapToObj(i ->
                                stage(i, "scan of a long name ".repeat(5), i, 50_000_000, i > 2))
                        .toList();
        List<Worker> workers = IntStream.range(0, 20).mapToObj(_ -> WORKER).toList();

        List<String> lines = lines(PLAIN, 24, board(stages, workers), 0);

        assertThat(lines).hasSizeLessThan(24).allMatch(line -> line.length() <= 80);
        assertThat(lines)
                .anyMatch(line -> line.startsWith("scan of a long name scan… ▒"))
                .anyMatch(line -> line.endsWith(" more stages"))
                .anyMatch(line -> line.endsWith(" more workers"))
                .anyMatch(
                        line -> line.startsWith("! worker-1 uses 95 % of its memory, and 19 more"))
                .anyMatch(line -> line.startsWith("! scan of a long name "));
    }

    @Test
    void what_runs_stands_above_what_has_ended_and_tells_when_it_will_have() {
        Stage ended = stage(1, "scan", 8, 8, true);
        Stage runs = stage(2, "join", 15, 60, false);
        Stage waits = new Stage(3, "sort", 4, 0, 0, 0, 0, 0, -1, -1);

        List<String> lines = lines(PLAIN, 0, board(List.of(ended, waits, runs), List.of()), 0);

        int first =
                lines.indexOf(
                        lines.stream().filter(l -> l.startsWith("join")).findFirst().orElseThrow());
        assertThat(lines.get(first))
                .contains("███▒", "15/60", "1.2 M", "98 GB")
                .endsWith("in 3 min");
        assertThat(lines.get(first + 1)).startsWith("sort").contains("0/4").endsWith("waits");
        assertThat(lines.get(first + 2)).startsWith("scan").contains("8/8");
        assertThat(lines)
                .contains("runs groupBy at Job.java:12", "no workers yet")
                .anyMatch(line -> line.startsWith("! scan, partition 7, attempt 2: Illegal"));
    }

    @Test
    void one_goes_down_through_the_stages() {
        List<Stage> stages =
                IntStream.range(0, 9).mapToObj(i -> stage(i, "stage " + i, 0, 4, false)).toList();

        List<String> lines = lines(PLAIN, 0, board(stages, List.of(WORKER)), 7);

        assertThat(lines)
                .noneMatch(line -> line.startsWith("stage 6 "))
                .anyMatch(line -> line.startsWith("stage 7 "));
    }

    @Test
    void a_terminal_is_given_what_it_can_draw() {
        Stage runs = stage(1, "a stage with a name that is too long", 2, 4, false);

        String plain =
                String.join(
                        "\n",
                        lines(
                                TopInk.of(Map.of("LANG", "C"), false),
                                0,
                                board(List.of(runs), List.of(WORKER)),
                                0));
        TopInk none = TopInk.of(Map.of("TERM", "xterm", "NO_COLOR", "1"), true);
        TopInk dumb = TopInk.of(Map.of("TERM", "dumb"), true);
        TopInk full = TopInk.of(Map.of("TERM", "xterm", "LC_ALL", "de_DE.UTF-8"), true);

        assertThat(plain).contains("#######=======").matches("\\p{ASCII}*");
        assertThat(none).isEqualTo(new TopInk(false, true));
        assertThat(dumb.colours()).isFalse();
        assertThat(full).isEqualTo(new TopInk(true, true));
        assertThat(full.as(TopInk.Part.FAILED, "x")).isEqualTo("\u001b[31mx\u001b[0m");
    }

    @Test
    void the_pace_is_what_came_between_two_looks() {
        var pace = new TopPace();
        TopBoard before = board(List.of(), List.of());
        var after =
                new TopBoard(
                        1,
                        "session",
                        true,
                        62_000_000,
                        1_234_767,
                        2,
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of());

        pace.hear(before);
        pace.hear(after);

        assertThat(pace.tasksPerSecond()).isEqualTo(100);
        assertThat(pace.tasksLately()).hasSize(1);
    }

    @Test
    void what_an_older_dashboard_does_not_tell_is_left_out() throws IOException {
        TopBoard board =
                TopBoard.of(
                        """
                        {"id": 3, "name": "old\\u001b[2J one", "workers": [{"id": 1, "name": "w", "slots": 2, "running": 0,
                        "usedBytes": 1024, "limitBytes": 4096}]}
                        """);

        List<String> lines = lines(PLAIN, 0, board, 0);

        assertThat(lines.getFirst()).startsWith("quiver top  old [2J one");
        assertThat(lines).anyMatch(line -> line.matches("w +░░ +0/2 +██░░░░░░ 1.0 KB of 4.0 KB"));
    }

    @Test
    void numbers_keep_to_their_columns() {
        assertThat(List.of(0L, 9_999L, 10_000L, 99_999L, 123_456_789L, Long.MAX_VALUE / 1000))
                .extracting(TopScreen::count)
                .containsExactly("0", "9,999", "10.0 k", "100.0 k", "123 M", "9223 T");
        assertThat(List.of(1023L, 1024L, 10L << 20, 1_020L << 20))
                .extracting(TopScreen::bytes)
                .containsExactly("1023 B", "1.0 KB", "10 MB", "1.0 GB");
    }
}
