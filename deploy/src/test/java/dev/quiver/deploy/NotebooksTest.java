package dev.quiver.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quiver.client.Options;
import dev.quiver.client.Quiver;
import dev.quiver.client.Session;
import dev.quiver.pipeline.history.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Notebooks as Jupyter runs them, with the kernel that `quiver kernel install` writes. The Python
/// is that of the environment variable QUIVER_PYTHON, else `python3`; it has nbclient and jjava.
@Tag("python")
@Timeout(240)
final class NotebooksTest {
    private static final String PYTHON =
            Objects.requireNonNullElse(System.getenv("QUIVER_PYTHON"), "python3");
    private static final Path ROOT = Clone.repository();
    private static final Path NOTEBOOKS = ROOT.resolve("docs").resolve("notebooks");

    private static final int LEASE_SECONDS = 4;

    @TempDir private static Path prefix;
    @TempDir private Path directory;

    @BeforeAll
    static void install() throws IOException, InterruptedException {
        Process process =
                Spoken.process(
                                "kernel",
                                "install",
                                "--prefix",
                                prefix.toString(),
                                "--python",
                                PYTHON)
                        .directory(ROOT.toFile())
                        .redirectErrorStream(true)
                        .start();
        String said = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor()).as(said).isZero();
    }

    /// Runs notebooks, and says what isn't as their cells expect it.
    private static Spoken check(Map<String, String> settings, List<Path> notebooks)
            throws IOException, InterruptedException {
        var words = new ArrayList<String>(List.of(PYTHON));
        words.add(NOTEBOOKS.resolve("check.py").toString());
        for (Path notebook : notebooks) words.add(notebook.toString());
        return Spoken.byProcess(ROOT, environment(settings), words);
    }

    private static Map<String, String> environment(Map<String, String> settings) {
        var environment = new HashMap<>(settings);
        environment.put("PATH", System.getenv("PATH"));
        environment.put("HOME", prefix.resolve("home").toString());
        // Kernels and what cells start don't live long enough for code to be compiled well.
        environment.put("JDK_JAVA_OPTIONS", "-XX:TieredStopAtLevel=1");
        environment.put("JUPYTER_PATH", prefix.resolve("share").resolve("jupyter").toString());
        return environment;
    }

    /// A notebook of cells, each with something that it must show.
    private Path notebook(List<Map.Entry<String, List<String>>> cells) throws IOException {
        var list = new ArrayList<Map<String, Object>>();
        for (int i = 0; i < cells.size(); i++)
            list.add(
                    Map.of(
                            "cell_type",
                            "code",
                            "id",
                            "cell-" + i,
                            "metadata",
                            Map.of("expect", cells.get(i).getValue()),
                            "outputs",
                            List.of(),
                            "source",
                            cells.get(i).getKey()));
        Path file = directory.resolve("notebook.ipynb");
        return Files.writeString(
                file,
                Json.text(
                        Map.of(
                                "cells",
                                list,
                                "metadata",
                                Map.of("kernelspec", Map.of("name", Kernelspec.NAME)),
                                "nbformat",
                                4,
                                "nbformat_minor",
                                5)));
    }

    @Test
    void notebooks_show_in_this_process_what_they_say() throws Exception {
        Spoken spoken =
                check(
                        Map.of(),
                        List.of(
                                NOTEBOOKS.resolve("1-first-look.ipynb"),
                                NOTEBOOKS.resolve("2-categoricals-and-memory.ipynb"),
                                NOTEBOOKS.resolve("3-a-slow-query.ipynb")));

        assertThat(spoken.status()).as(spoken.toString()).isZero();
    }

    @Test
    void a_notebook_with_a_pipeline_goes_on_where_a_killed_process_was() throws Exception {
        Spoken spoken =
                check(Map.of(), List.of(NOTEBOOKS.resolve("5-a-pipeline-that-survives.ipynb")));

        assertThat(spoken.status()).as(spoken.toString()).isZero();
    }

    @Test
    void a_notebook_with_futures_runs_on_a_cluster() throws Exception {
        try (ClusterProcess cluster =
                ClusterProcess.up("--workers", "2", "--port", "48906", "--memory", "256MB")) {
            String address = cluster.read(ClusterProcess.ADDRESS);

            Spoken spoken =
                    check(
                            Map.of("QUIVER_CLUSTER_ADDRESS", address),
                            List.of(NOTEBOOKS.resolve("4-a-cluster-with-futures.ipynb")));

            assertThat(spoken.status()).as(spoken.toString()).isZero();
        }
    }

    /// Each run makes a frame that is kept, one that isn't, and a table, under names of before.
    @Test
    @Tag("nightly")
    void a_cell_that_is_run_a_hundred_times_keeps_memory_flat() throws Exception {
        String cell =
                """
                var kept = flights.filter(col("dep_delay").gt(15)).persist();
                var late = kept.groupBy("carrier").agg(count()).collect();
                kept.sort("arr_delay")\
                """;
        String flights =
                "var flights = q.read().nulls(\"NA\").csv(\"%s\").persist();"
                        .formatted(ROOT.resolve("examples/nycflights13/flights.csv.gz"));
        var cells = new ArrayList<Map.Entry<String, List<String>>>();
        cells.add(Map.entry(flights, List.of()));
        for (int i = 0; i < 100; i++) {
            cells.add(Map.entry(cell, List.of("first 10 rows")));
            if (i == 4) cells.add(Map.entry("long first = q.usage().memoryBytes();", List.of()));
        }
        cells.add(
                Map.entry(
                        """
                        long last = q.usage().memoryBytes();
                        System.out.println("%,d bytes, were %,d".formatted(last, first));
                        System.out.println(last < 2.5 * first ? "flat" : "grown");\
                        """,
                        List.of("flat")));

        Spoken spoken = check(Map.of(), List.of(notebook(cells)));

        assertThat(spoken.status()).as(spoken.toString()).isZero();
    }

    /// Starts a kernel, runs a cell to its end and another one for as long as that takes, and says
    /// so; then ends the kernel in the way that it reads, and says that.
    private static final String KERNEL_THAT_ENDS =
            """
            import sys
            from jupyter_client.manager import start_new_kernel
            name, first, second = sys.argv[1:]
            manager, client = start_new_kernel(kernel_name=name)
            said = client.execute_interactive(first, timeout=100, output_hook=lambda _: None)
            reply = said["content"]
            client.execute(second)
            print("holds" if reply["status"] == "ok" else reply, flush=True)
            how = input()
            if how == "restart":
                manager.restart_kernel()
            else:
                manager.shutdown_kernel(now=how == "kill")
            print("ended", flush=True)
            input()
            manager.shutdown_kernel(now=True)
            """;

    /// A kept frame of 8 MB, the result of a task, a task that runs, and another that a cell waits
    /// for.
    private Process holdingKernel(String address) throws IOException {
        Path file = directory.resolve("numbers.csv");
        var numbers = new StringBuilder("n\n");
        for (int i = 0; i < 1_000_000; i++) numbers.append(i).append('\n');
        Files.writeString(file, numbers);
        String first =
                """
                var kept = q.read().csv("%s").persist();
                var result = q.submit(() -> "x".repeat(1_000_000));
                result.result();
                var running = q.submit(() -> {
                    while (true) { Quiver.checkCancelled(); Thread.sleep(5); }
                });\
                """
                        .formatted(file);
        String second =
                """
                q.submit(() -> { while (true) { Quiver.checkCancelled(); Thread.sleep(5); } }).result()\
                """;
        var builder =
                new ProcessBuilder(PYTHON, "-c", KERNEL_THAT_ENDS, Kernelspec.NAME, first, second)
                        .redirectError(directory.resolve("errors").toFile());
        builder.environment()
                .putAll(
                        environment(
                                Map.of(
                                        "QUIVER_CLUSTER_ADDRESS",
                                        address,
                                        "QUIVER_CLUSTER_LEASE",
                                        Integer.toString(LEASE_SECONDS))));
        return builder.start();
    }

    /// @return how long it took until nothing was held any more
    private Duration endOfKernel(String how, String address) throws Exception {
        Process kernel = holdingKernel(address);
        try (Session q = Quiver.connect(address, Options.defaults().quiet());
                var said = kernel.inputReader();
                var asked = kernel.outputWriter()) {
            String holds = said.readLine();
            assertThat(holds).as(Files.readString(directory.resolve("errors"))).isEqualTo("holds");
            await(() -> q.usage().slotsBusy() == 2 && q.usage().memoryBytes() > 8_000_000);

            asked.write(how + "\n");
            asked.flush();
            assertThat(said.readLine()).isEqualTo("ended");
            long ended = System.nanoTime();
            await(() -> q.usage().slotsBusy() == 0 && q.usage().memoryBytes() < 1_000_000);
            var took = Duration.ofNanos(System.nanoTime() - ended);

            asked.write("\n");
            asked.flush();
            kernel.waitFor();
            return took;
        } finally {
            kernel.descendants().forEach(ProcessHandle::destroyForcibly);
            kernel.destroyForcibly();
        }
    }

    private static void await(BooleanSupplier done) throws InterruptedException {
        while (!done.getAsBoolean()) Thread.sleep(10); // as long as the test may take
    }

    @Test
    @Tag("nightly")
    void what_a_kernel_has_on_a_cluster_goes_with_it() throws Exception {
        try (ClusterProcess cluster =
                ClusterProcess.up("--workers", "2", "--port", "48906", "--memory", "256MB")) {
            String address = cluster.read(ClusterProcess.ADDRESS);

            Duration shutDown = endOfKernel("shutdown", address);
            Duration restarted = endOfKernel("restart", address);
            Duration killed = endOfKernel("kill", address);

            assertThat(shutDown).isLessThan(Duration.ofSeconds(1));
            assertThat(restarted).isLessThan(Duration.ofSeconds(1));
            assertThat(killed)
                    .isBetween(
                            Duration.ofSeconds(LEASE_SECONDS - 1),
                            Duration.ofSeconds(LEASE_SECONDS + 3));
        }
    }

    @Test
    void a_kernel_whose_cluster_is_away_starts_and_says_so_and_errors_name_cells()
            throws Exception {
        String tooLarge =
                """
                record Sale(long amount) {}
                var large = q.of(Sale.class, List.of(new Sale(5)))
                        .withColumn("twice", col("amount").multiply(Long.MAX_VALUE));\
                """;
        String caught =
                """
                try {
                    large.collect();
                } catch (QuiverException e) {
                    System.out.println(e.getMessage());
                }\
                """;
        Path notebook =
                notebook(
                        List.of(
                                Map.entry(
                                        "20 + 1", List.of("There is no session q", "fix: ", "21")),
                                Map.entry("q = Quiver.local()", List.of()),
                                Map.entry("q.submit(() -> 40 + 2).result()", List.of("42")),
                                Map.entry(tooLarge, List.of()),
                                Map.entry(
                                        caught,
                                        List.of(
                                                "step: select",
                                                "at cell [4]",
                                                "asked for at: cell [5]"))));

        Spoken spoken =
                check(Map.of("QUIVER_CLUSTER_ADDRESS", "quiver://127.0.0.1:9"), List.of(notebook));

        assertThat(spoken.status()).as(spoken.toString()).isZero();
    }
}
