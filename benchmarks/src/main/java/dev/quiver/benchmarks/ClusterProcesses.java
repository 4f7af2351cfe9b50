package dev.quiver.benchmarks;

import dev.quiver.benchmarks.Contest.Figure;
import dev.quiver.benchmarks.Contest.Question;
import dev.quiver.benchmarks.Contest.Timed;
import dev.quiver.client.Options;
import dev.quiver.client.Quiver;
import dev.quiver.client.Session;
import dev.quiver.config.Settings;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// A scheduler and workers in processes of their own, as the commands `quiver scheduler` and
/// `quiver worker` start them, and a session on them. What they print is in files.
final class ClusterProcesses implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long PAUSE_MILLIS = 50;

    private final Path logs;
    private final int port;
    private final List<Process> workers = new ArrayList<>();
    private final Thread ending = new Thread(this::destroy);
    private final Process scheduler;
    private final Session session;

    /// @param folder for what they print
    /// @param count of workers, each of which has one slot
    /// @param memory of each worker, as `--memory` has it
    ClusterProcesses(Path folder, int count, String memory) {
        this.logs = folder;
        this.port = freePort();
        Runtime.getRuntime().addShutdownHook(ending);
        this.scheduler = start("scheduler", List.of("scheduler", "--port", "" + port));
        try {
            this.session = connect();
            String place = "127.0.0.1:" + port;
            for (int i = 0; i < count; i++) {
                String name = "worker-" + i;
                workers.add(
                        start(
                                name,
                                List.of(
                                        "worker",
                                        "--join",
                                        place,
                                        "--name",
                                        name,
                                        "--slots",
                                        "1",
                                        "--memory",
                                        memory)));
            }
            awaitSlots(count);
        } catch (RuntimeException | Error e) {
            destroy();
            throw e;
        }
    }

    private static int freePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException("looking for a free port", e);
        }
    }

    /// Runs the quiver command that this process is, too.
    private Process start(String name, List<String> arguments) {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("@" + flags());
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.add(System.getProperty("sun.java.command").split(" ", 2)[0]);
        command.addAll(arguments);
        try {
            Files.createDirectories(logs);
            var builder =
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(logs.resolve(name + ".log").toFile());
            builder.environment().put(Settings.Key.HISTORY.variable(), "never");
            return builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The clone, or where a distribution was unzipped.
    static Path root() {
        return Path.of(Optional.ofNullable(System.getProperty("quiver.root")).orElse("."))
                .toAbsolutePath();
    }

    /// The JVM flags of nodes, in a clone or where a distribution was unzipped.
    private static Path flags() {
        Path root = root();
        return Stream.of("jvm", "deploy/src/main/jvm")
                .map(folder -> root.resolve(folder).resolve("node.options"))
                .filter(Files::exists)
                .findFirst()
                .orElseThrow(() -> unavailable("the JVM flags of nodes aren't in " + root));
    }

    private Session connect() {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                return Quiver.connect("quiver://127.0.0.1:" + port, Options.defaults().quiet());
            } catch (QuiverException e) {
                if (e.code() != ErrorCode.UNAVAILABLE || !goesOn(deadline)) throw e;
            }
        }
    }

    private void awaitSlots(int count) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (session.usage().slots() < count) {
            if (!goesOn(deadline))
                throw unavailable("%d workers aren't there; see %s".formatted(count, logs));
        }
    }

    private boolean goesOn(long deadline) {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
        return System.nanoTime() - deadline < 0 && scheduler.isAlive();
    }

    private static QuiverException unavailable(String what) {
        return new QuiverException(
                ErrorCode.UNAVAILABLE, what, List.of(), "run it by the quiver command");
    }

    Session session() {
        return session;
    }

    /// The processor time that each kind of process has used, in seconds: client, scheduler,
    /// workers.
    record Cpu(double client, double scheduler, double workers) {
        double total() {
            return client + scheduler + workers;
        }

        Cpu since(Cpu before) {
            return new Cpu(
                    client - before.client, scheduler - before.scheduler, workers - before.workers);
        }
    }

    Cpu cpu() {
        return new Cpu(
                seconds(ProcessHandle.current()),
                seconds(scheduler.toHandle()),
                workerProcesses().mapToDouble(ClusterProcesses::seconds).sum());
    }

    /// The most memory that a worker has had in use since [#forgetPeaks], in bytes.
    long peakBytes() {
        return workerProcesses().mapToLong(ClusterProcesses::peakBytes).max().orElse(0);
    }

    /// The peaks of workers count from here on.
    void forgetPeaks() {
        workerProcesses()
                .forEach(process -> {
                    try {
                        Files.writeString(Path.of("/proc", "" + process.pid(), "clear_refs"), "5");
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
    }

    private static long peakBytes(ProcessHandle process) {
        try (Stream<String> lines = Files.lines(Path.of("/proc", "" + process.pid(), "status"))) {
            return lines.filter(line -> line.startsWith("VmHWM:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D+", "")) << 10)
                    .sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Stream<ProcessHandle> workerProcesses() {
        return workers.stream()
                .map(Process::toHandle)
                .flatMap(handle -> Stream.concat(Stream.of(handle), handle.descendants()));
    }

    /// A question that tells processor time and peak memory, too.
    Question watched(Question question) {
        return () -> {
            forgetPeaks();
            Cpu before = cpu();
            Timed timed = question.ask();
            double cpuMillis = cpu().since(before).total() * 1e3;
            var figures = Map.of(Figure.CPU, cpuMillis, Figure.PEAK, peakBytes() / 1e6);
            return new Timed(timed.answer(), timed.millis(), figures);
        };
    }

    private static double seconds(ProcessHandle process) {
        return process.info().totalCpuDuration().map(Duration::toNanos).orElse(0L) / 1e9;
    }

    private void destroy() {
        workers.forEach(Process::destroy);
        scheduler.destroy();
    }

    @Override
    public void close() {
        session.close();
        destroy();
        try {
            var all = new ArrayList<>(workers);
            all.add(scheduler);
            for (Process process : all) {
                if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().removeShutdownHook(ending);
    }
}
