package dev.quiver.scheduler.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quiver.protocol.LogLine;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

/// Of each worker the latest lines are remembered.
final class WorkerLogsTest {
    private static LogLine line(String text) {
        return new LogLine(0, LogLine.Level.INFO, "", text);
    }

    private static List<String> texts(WorkerLogs logs, long after, int worker) {
        return logs.after(after, other -> other == worker).stream()
                .map(entry -> entry.line().text())
                .toList();
    }

    @Test
    void a_worker_that_says_much_pushes_out_its_own_lines_only() {
        var logs = new WorkerLogs();
        logs.add(7, line("quiet"));

        for (int i = 1; i <= 2 * WorkerLogs.LINES_MAX; i++) logs.add(1, line("line " + i));

        assertThat(texts(logs, 0, 7)).containsExactly("quiet");
        assertThat(texts(logs, 0, 1)).hasSize(WorkerLogs.LINES_MAX).endsWith("line 1000");
        assertThat(texts(logs, logs.last() - 2, 1)).containsExactly("line 999", "line 1000");
    }

    @Test
    void long_lines_are_kept_up_to_so_many_letters() {
        var logs = new WorkerLogs();
        String text = "x".repeat(WorkerLogs.LETTERS_MAX / 10);

        for (int i = 0; i < 100; i++) logs.add(1, line(text));

        assertThat(texts(logs, 0, 1)).hasSize(10);
    }

    @Test
    void lines_of_the_worker_that_was_heard_of_longest_ago_go_first() {
        var logs = new WorkerLogs();
        logs.add(-1, line("old"));
        logs.add(-2, line("older"));
        logs.add(-1, line("new"));

        for (int i = 0; i < WorkerLogs.WORKERS_MAX - 1; i++) logs.add(i, line("one"));

        assertThat(texts(logs, 0, -2)).isEmpty();
        assertThat(texts(logs, 0, -1)).containsExactly("old", "new");
    }

    @Test
    void what_the_process_logs_is_heard_with_what_was_thrown_until_it_is_closed() {
        var heard = new ArrayList<LogLine>();
        var logger = Logger.getLogger("dev.quiver.test.Heard");

        try (var _ = ProcessLog.heardBy(heard::add)) {
            logger.log(Level.WARNING, "it broke", new IllegalStateException("at last"));
        }
        logger.warning("nobody listens");

        assertThat(heard).hasSize(1);
        LogLine line = heard.getFirst();
        assertThat(line.level()).isEqualTo(LogLine.Level.WARNING);
        assertThat(line.source()).isEqualTo("dev.quiver.test.Heard");
        assertThat(line.text())
                .startsWith("it broke\njava.lang.IllegalStateException: at last\n  at dev.quiver");
    }
}
