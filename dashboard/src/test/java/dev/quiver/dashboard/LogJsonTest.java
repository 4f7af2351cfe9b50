package dev.quiver.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quiver.protocol.LogLine;
import dev.quiver.scheduler.server.WorkerLogs;
import java.nio.charset.StandardCharsets;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.Test;

/// What workers logged is told from where it was read last.
final class LogJsonTest {
    private static String json(WorkerLogs logs, long after, IntPredicate workers) {
        return new String(LogJson.of(logs, after, workers), StandardCharsets.UTF_8);
    }

    @Test
    void lines_behind_a_number_of_some_workers_are_told() {
        var logs = new WorkerLogs();
        logs.add(0, new LogLine(7, LogLine.Level.WARNING, "a.Logger", "it \"hurts\" <b>\n  at x"));
        logs.add(3, new LogLine(8, LogLine.Level.INFO, LogLine.PRINTED, "six"));

        String all = json(logs, 0, _ -> true);
        String later = json(logs, 1, _ -> true);
        String ofOne = json(logs, 0, worker -> worker == 0);
        String none = json(logs, 2, _ -> true);

        assertThat(all)
                .contains("\"last\":2", "it \\\"hurts\\\" <b>\\n  at x", "\"level\":\"warning\"")
                .contains("\"worker\":3,\"level\":\"info\",\"source\":\"printed by a task\"");
        assertThat(later).contains("six").doesNotContain("hurts");
        assertThat(ofOne).contains("hurts").doesNotContain("six");
        assertThat(none).isEqualTo("{\"version\":1,\"last\":2,\"lines\":[]}");
    }
}
