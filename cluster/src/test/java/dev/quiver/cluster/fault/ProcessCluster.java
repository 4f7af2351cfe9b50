package dev.quiver.cluster.fault;

import dev.quiver.client.Options;
import dev.quiver.client.Quiver;
import dev.quiver.client.Session;
import dev.quiver.cluster.control.Answer;
import dev.quiver.cluster.control.Question;
import dev.quiver.cluster.control.SchedulerAddress;
import dev.quiver.cluster.node.SchedulerClientPort;
import dev.quiver.cluster.security.Credentials;
import dev.quiver.config.Settings;
import dev.quiver.error.Unavailable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// A cluster all of whose processes can be killed, whose output is in files.
final class ProcessCluster implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /// Another one in each of the JVMs that run tests beside each other.
    private static final int PORT = 20_006 + (int) (ProcessHandle.current().pid() % 400) * 20;

    private final Path directory;
    private final Map<String, String> environment;
    private final SchedulerAddress place = new SchedulerAddress("127.0.0.1", PORT);
    private final List<Process> workers = new ArrayList<>();
    private Process scheduler;

    /// @param directory for output and the log of jobs
    ProcessCluster(Path directory, int workers) {
        this(directory, workers, Map.of());
    }

    /// @param environment settings of its processes, and of those that talk with it
    ProcessCluster(Path directory, int workers, Map<String, String> environment) {
        this.directory = directory;
        this.environment = environment;
        this.scheduler = startScheduler();
        try {
            awaitWorkers(0);
            for (int i = 0; i < workers; i++) startWorker();
            awaitWorkers(workers);
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    private Process startScheduler() {
        return Jvm.start(
                SchedulerProcess.class,
                List.of("" + PORT, directory.resolve("jobs").toString()),
                directory.resolve("scheduler.log"),
                Path.of(""),
                environment);
    }

    private void startWorker() {
        String name = "w" + workers.size();
        workers.add(
                Jvm.start(
                        WorkerProcess.class,
                        List.of(place.toString(), name, "2", "" + (256L << 20)),
                        directory.resolve(name + ".log"),
                        Path.of(""),
                        environment));
    }

    /// Waits until so many workers are there.
    void awaitWorkers(int count) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        try (var port = new SchedulerClientPort(place, Credentials.of(settings()))) {
            while (members(port) != count) {
                if (System.nanoTime() - deadline > 0 || !scheduler.isAlive())
                    throw new AssertionError(
                            "%d workers aren't there%n%s".formatted(count, logs()));
                Thread.sleep(50);
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /// -1 when nobody answers.
    private static int members(SchedulerClientPort port) {
        try {
            return port.ask(new Question.Members(), Answer.Members.class).workers().size();
        } catch (Unavailable e) {
            return -1;
        }
    }

    private Settings settings() {
        return Settings.defaults().withEnvironment(environment);
    }

    /// Kills the scheduler and starts another one on its directory.
    void restartScheduler() {
        kill(scheduler);
        scheduler = startScheduler();
    }

    private static void kill(Process process) {
        try {
            process.destroyForcibly().waitFor();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /// All its processes.
    List<Process> processes() {
        var all = new ArrayList<>(workers);
        all.addFirst(scheduler);
        return all;
    }

    /// What one of [#processes] has printed.
    String log(int index) throws IOException {
        String name = index == 0 ? "scheduler" : "w" + (index - 1);
        return Files.readString(directory.resolve(name + ".log"));
    }

    Process scheduler() {
        return scheduler;
    }

    Process worker(int index) {
        return workers.get(index);
    }

    /// What clients connect to.
    String address() {
        return "quiver://" + place;
    }

    Session connect() {
        Options options = Options.defaults().quiet();
        Settings settings = settings();
        String ca = settings.value(Settings.Key.CLUSTER_TLS_CA);
        if (!ca.isEmpty())
            options =
                    options.tls(Path.of(ca))
                            .certificate(
                                    Path.of(settings.value(Settings.Key.CLUSTER_TLS_CERTIFICATE)),
                                    Path.of(settings.value(Settings.Key.CLUSTER_TLS_KEY)));
        return Quiver.connect(address(), options);
    }

    /// What the processes printed.
    String logs() {
        var text = new StringBuilder();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path log : files.filter(f -> f.toString().endsWith(".log")).sorted().toList())
                text.append(log).append('\n').append(Files.readString(log)).append('\n');
        } catch (IOException e) {
            text.append(e).append('\n');
        }
        return text.toString();
    }

    /// Ends all; no process stays.
    @Override
    public void close() {
        kill(scheduler);
        workers.forEach(ProcessCluster::kill);
    }
}
