package dev.quiver.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quiver.pipeline.PipelineRun;
import dev.quiver.pipeline.PipelineRun.StepRun;
import dev.quiver.pipeline.RowCounts;
import dev.quiver.pipeline.RunEnd;
import dev.quiver.pipeline.RunStart;
import dev.quiver.pipeline.history.Json;
import dev.quiver.pipeline.serve.PipelineStatus;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `quiver serve` in a process of its own, which is stopped and killed.
final class ServeTest {
    private static final int SECONDS_MAX = 120;

    /// Its third unit takes a while the first time, so that the process can be killed in it.
    private static final String NIGHTLY =
            """
            import dev.quiver.pipeline.*;
            import dev.quiver.pipeline.serve.*;
            import java.nio.file.*;
            import java.time.Duration;

            class Nightly {
                static Served pipelines() {
                    Pipeline orders = Pipeline.named("orders")
                            .extract(read -> read.chunkBytes("4KB").csv("orders.csv"))
                            .load(Load.parquet("out/orders").overwrite())
                            .troubled((step, unit) -> {
                                if (unit != 3 || Files.exists(Path.of("there"))) return;
                                try {
                                    Files.writeString(Path.of("there"), "");
                                    Thread.sleep(60_000);
                                } catch (Exception e) {
                                    throw new IllegalStateException(e);
                                }
                            });
                    return Served.of(orders, Schedule.every(Duration.ofSeconds(1)));
                }
            }
            """;

    @TempDir private Path directory;

    private Process serve(String log) throws IOException {
        return process(log, "serve", "Nightly.java");
    }

    private Process process(String log, String... words) throws IOException {
        ProcessBuilder builder =
                Spoken.process(words)
                        .directory(directory.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(directory.resolve(log).toFile());
        builder.environment().put("QUIVER_LOG_FORMAT", "json");
        return builder.start();
    }

    private String said(String log) throws IOException {
        Path file = directory.resolve(log);
        return Files.exists(file) ? Files.readString(file) : "";
    }

    private void await(Process process, String log, String text) throws Exception {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS_MAX);
        while (!said(log).contains(text)) {
            assertThat(process.isAlive() && System.nanoTime() < until).as(said(log)).isTrue();
            Thread.sleep(20);
        }
    }

    @Test
    void it_goes_on_after_a_kill_and_leaves_when_told() throws Exception {
        Files.writeString(directory.resolve("Nightly.java"), NIGHTLY);
        Files.writeString(directory.resolve("orders.csv"), "id,amount\n" + "1,10\n".repeat(5_000));
        Process first = serve("first.log");
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS_MAX);
        while (!Files.exists(directory.resolve("there"))) {
            assertThat(first.isAlive() && System.nanoTime() < until).as(said("first.log")).isTrue();
            Thread.sleep(20);
        }
        first.destroyForcibly().waitFor();

        Process second = serve("second.log");
        await(second, "second.log", "'orders-1' is done: 5000 rows");
        await(second, "second.log", "'orders-2' is done: 5000 rows");
        second.destroy();
        assertThat(second.waitFor(SECONDS_MAX, TimeUnit.SECONDS)).isTrue();
        System.out.println(said("second.log"));
        assertThat(second.exitValue()).isZero();

        assertThat(process("runs.log", "runs", "orders-1").waitFor()).isZero();
        System.out.println(said("runs.log"));
        assertThat(said("runs.log"))
                .contains("orders-1: done", "in 2 processes; before: killed", "5,000 rows");
        // The JVM of this test has none of the launcher's flags, and warns about that.
        List<String> logged =
                said("second.log").lines().filter(line -> line.startsWith("{")).toList();
        assertThat(logged).hasSizeGreaterThan(4);
        for (String line : logged)
            assertThat(Json.object(line)).containsKeys("time", "level", "logger", "message");
        assertThat(logged)
                .filteredOn(line -> line.contains("'orders-2' is done"))
                .singleElement()
                .satisfies(line ->
                        assertThat(Json.object(line))
                                .containsEntry("run", "orders-2")
                                .containsEntry("rows", 5_000L)
                                .containsEntry("dropped", 0L));
    }

    @Test
    void what_serves_nothing_is_told_what_to_declare() throws IOException {
        Path file = directory.resolve("Empty.java");
        Files.writeString(file, "class Empty {}");

        CommandTest.assertFailed(
                List.of("serve", file.toString()),
                "no method 'pipelines' in Empty",
                "PROGRAM_INVALID");
        CommandTest.assertUsage(List.of("serve"), "quiver serve needs FILE.java|JAR", "usage");
    }

    @Test
    void its_status_fits_a_terminal_and_is_redrawn_when_it_changed() {
        var bytes = new ByteArrayOutputStream();
        var out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        Instant now = Instant.parse("2026-06-01T12:00:00Z");
        var screen = new ServeScreen(out, now.minusSeconds(60), ZoneId.of("UTC"));
        List<PipelineStatus> all =
                List.of(
                        status("airlines", "0 5 * * MON-FRI Europe/Berlin", RunEnd.State.DONE, now),
                        status("orders-of-all-our-shops", "every 5 s", RunEnd.State.FAILED, now),
                        new PipelineStatus(
                                "flights",
                                "after airlines",
                                Optional.of("flights-1"),
                                Optional.of(now),
                                "load parquet out/flights/",
                                3,
                                22,
                                Optional.empty(),
                                Optional.empty(),
                                0,
                                0));

        screen.show(all, now);
        screen.show(all, now);
        String text = bytes.toString(StandardCharsets.UTF_8);
        System.out.println(text);
        screen.show(all.subList(0, 1), now);

        assertThat(text.lines()).hasSize(5).allMatch(line -> line.length() < 80);
        assertThat(text)
                .startsWith("quiver serves 3 pipelines since 11:59:00. Ctrl-C stops it.")
                .contains("done 12:00:00, 1,000 rows, 10 bad\n")
                .contains("FAILED 12:00:00, quiver runs --failed\n")
                .contains("running load, 3 of 22 units");
        assertThat(bytes.toString(StandardCharsets.UTF_8).substring(text.length()))
                .startsWith("\u001b[5A\r\u001b[J")
                .contains("done 12:00:00, 1,000 rows, 10 bad, next 18:00:00\n");
    }

    private static PipelineStatus status(
            String name, String when, RunEnd.State state, Instant now) {
        var start =
                new RunStart(name + "-1", name, Path.of("x"), when, new TreeMap<>(), now, false);
        var end =
                new RunEnd(
                        start,
                        now,
                        state,
                        new RowCounts(1_000, 10, 0, new PipelineRun.Merged(0, 0, 0)),
                        List.of(),
                        1,
                        1,
                        List.<StepRun>of(),
                        Optional.empty());
        return new PipelineStatus(
                name,
                when,
                Optional.empty(),
                Optional.empty(),
                "",
                0,
                0,
                Optional.of(end),
                Optional.of(Instant.parse("2026-06-01T18:00:00Z")),
                0,
                0);
    }

    @Test
    void log_lines_as_json_say_run_and_exception() throws Exception {
        Path file = directory.resolve("log.json");
        var handler = LogLines.to(file, LogLines.Format.JSON);
        org.slf4j.MDC.put("run", "orders-1");
        org.slf4j.MDC.put("step", "extract");
        org.slf4j.MDC.put("dropped", "12");
        try {
            var event =
                    new java.util.logging.LogRecord(
                            java.util.logging.Level.WARNING, "{0} \"went\"\n");
            event.setParameters(new Object[] {"it"});
            event.setLoggerName("dev.quiver.Test");
            event.setThrown(new IllegalStateException("gone"));
            handler.publish(event);
        } finally {
            org.slf4j.MDC.clear();
        }

        Map<String, Object> line = Json.object(Files.readString(file).strip());
        assertThat(line)
                .containsEntry("level", "WARN")
                .containsEntry("logger", "dev.quiver.Test")
                .containsEntry("message", "it \"went\"\n")
                .containsEntry("run", "orders-1")
                .containsEntry("step", "extract")
                .containsEntry("dropped", 12L)
                .containsKeys("time", "thread");
        assertThat((Map<?, ?>) line.get("exception")).extracting("message").isEqualTo("gone");
    }
}
