package dev.quiver.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quiver.scheduler.state.StageStatus;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// Progress as a terminal and as a log gets it, by a clock of the test's.
final class ProgressLinesTest {
    private static final long MEGABYTE = 1 << 20;
    private static final StageStatus HALF =
            stage("Scan[flights-2013.csv.gz, 7 columns] → Filter", 64, 32, 1_234_567_890);
    private static final StageStatus WAITING = stage("Aggregate[carrier]", 8, 0, 0);
    private static final StageStatus DONE = stage("Scan[airlines.csv]", 1, 1, 16);

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    private long nanos;

    private static StageStatus stage(String name, int total, int finished, long rows) {
        return new StageStatus(
                0,
                name,
                total,
                0,
                0,
                total - finished,
                finished,
                0,
                0,
                rows,
                finished * 512L * MEGABYTE,
                1);
    }

    private ProgressLines lines(boolean terminal, int width) {
        return new ProgressLines(
                out, new Screen(out), terminal, width, () -> nanos, () -> 300 * MEGABYTE, () -> "");
    }

    /// Shows the run at a time, and gives what was written since.
    private String at(double seconds, ProgressLines lines, StageStatus... stages) {
        nanos = (long) (seconds * TimeUnit.SECONDS.toNanos(1));
        bytes.reset();
        lines.show(() -> new Progress.Snapshot(List.of(stages)));
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void a_terminal_of_80_columns_gets_a_line_a_stage_with_all_figures() {
        var lines = lines(true, 80);

        String text = at(10, lines, DONE, HALF, WAITING);

        System.out.print(text);
        assertThat(text.lines().toList())
                .hasSize(4)
                .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(80));
        assertThat(text.lines().toList().get(0)).contains("Scan[airlines.csv]", "1/1");
        assertThat(text.lines().toList().get(1))
                .contains("32/64", "123M rows/s", "16.0 GB", "10 s left");
        assertThat(text.lines().toList().get(2)).contains("Aggregate[carrier]", "0/8");
        assertThat(text.lines().toList().get(3)).isEqualTo("10.0 s, memory 300 MB");
    }

    @Test
    void a_stage_that_began_late_is_as_fast_as_it_was_since() {
        var lines = lines(true, 80);
        var notYet = new StageStatus(0, "Aggregate[carrier]", 8, 8, 0, 0, 0, 0, 0, 0, 0, 0);
        var _ = at(99, lines, notYet);

        String text = at(101, lines, stage("Aggregate[carrier]", 8, 4, 1000));

        assertThat(text).contains("4/8", "500 rows/s", "2 s left");
    }

    @Test
    void no_terminal_is_too_narrow_and_a_wide_one_shows_longer_names() {
        for (int width : new int[] {20, 40, 60, 79, 80, 100, 132, 200}) {
            var lines = lines(true, width);

            String text = at(1e6 + width, lines, HALF, stage("x", 2_000_000_000, 1, 1L << 60));

            assertThat(text.lines())
                    .as("%d columns: %s", width, text)
                    .hasSize(3)
                    .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(width));
            if (width >= 100) assertThat(text).contains("Scan[flights-2013.csv.gz, 7 columns]");
        }
    }

    @Test
    void a_terminal_is_redrawn_ten_times_a_second_and_clean_at_the_end() {
        var lines = lines(true, 80);

        String early = at(0.2, lines, WAITING);
        String first = at(0.3, lines, WAITING);
        String soon = at(0.35, lines, WAITING);
        String second = at(0.4, lines, DONE, HALF);
        bytes.reset();
        lines.close();

        assertThat(early).as("a short run shows nothing").isEmpty();
        assertThat(first).startsWith("Aggregate");
        assertThat(soon).isEmpty();
        assertThat(second).as("two lines up, and clear").startsWith("\u001b[2A\r\u001b[J");
        assertThat(bytes.toString(StandardCharsets.UTF_8)).isEqualTo("\u001b[3A\r\u001b[J");
    }

    @Test
    void a_graph_of_many_stages_shows_the_last_dozen() {
        var stages = new ArrayList<StageStatus>();
        for (int i = 0; i < 40; i++) stages.add(stage("stage " + i, 1, 1, 1));

        String text = at(1, lines(true, 80), stages.toArray(StageStatus[]::new));

        assertThat(text.lines()).hasSize(14);
        assertThat(text).startsWith("… 28 stages before").contains("stage 39").doesNotContain("27");
    }

    @Test
    void a_log_gets_a_plain_line_every_five_seconds_and_one_at_the_end() {
        var lines = lines(false, 80);

        String early = at(1.9, lines, HALF);
        String first = at(2, lines, DONE, HALF);
        String soon = at(6.9, lines, HALF);
        String second = at(7, lines, HALF);
        bytes.reset();
        lines.close();

        assertThat(early + soon).isEmpty();
        assertThat(first)
                .isEqualTo(
                        "2 s: 33 of 65 tasks done (Scan[flights-2013.csv.gz, 7 columns] → Filter"
                                + " 32/64, 1,234,567,890 rows), memory 300 MB\n");
        assertThat(second).startsWith("7 s: 32 of 64").doesNotContain("\u001b");
        assertThat(bytes.toString(StandardCharsets.UTF_8)).isEqualTo("7.0 s: done\n");
    }

    @Test
    void a_short_run_leaves_no_line_in_a_log() {
        var lines = lines(false, 80);

        at(1, lines, HALF);
        lines.close();

        assertThat(bytes.toByteArray()).isEmpty();
    }
}
