package dev.quiver.cluster.fault;

import dev.quiver.client.Options;
import dev.quiver.client.Quiver;
import dev.quiver.client.Session;
import dev.quiver.cluster.control.Answer;
import dev.quiver.cluster.control.Question;
import dev.quiver.cluster.control.SchedulerAddress;
import dev.quiver.cluster.node.SchedulerClientPort;
import dev.quiver.cluster.node.SchedulerDoors;
import dev.quiver.cluster.security.Credentials;
import dev.quiver.config.Settings;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// A cluster all of whose processes can be killed, whose output is in files.
final class ProcessCluster implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /// Another one in each of the JVMs that run tests beside each other.
    private static final int PORT = 20_006 + (int) (ProcessHandle.current().pid() % 400) * 20;

    private final Path directory;
    private final Map<String, String> environment;
    private final List<Machine> schedulerMachines;
    private final List<Machine> workerMachines;
    private final List<SchedulerAddress> places;
    private final List<Process> schedulers = new ArrayList<>();
    private final List<Process> workers = new ArrayList<>();

    /// @param directory for output and the log of jobs
    ProcessCluster(Path directory, int workers) {
        this(directory, workers, Map.of());
    }

    /// @param environment settings of its processes, and of those that talk with it
    ProcessCluster(Path directory, int workers, Map<String, String> environment) {
        this(directory, here(1), here(workers), environment);
    }

    private ProcessCluster(
            Path directory,
            List<Machine> schedulers,
            List<Machine> workers,
            Map<String, String> environment) {
        this.directory = directory;
        this.environment = environment;
        this.schedulerMachines = schedulers;
        this.workerMachines = workers;
        this.places =
                IntStream.range(0, schedulers.size())
                        .mapToObj(i -> new SchedulerAddress(schedulers.get(i).host(), PORT + i))
                        .toList();
        try {
            for (int i = 0; i < schedulers.size(); i++) this.schedulers.add(startScheduler(i));
            awaitWorkers(0);
            for (int i = 0; i < workers.size(); i++) this.workers.add(startWorker(i));
            awaitWorkers(workers.size());
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    /// With several schedulers, one of which is active.
    static ProcessCluster withStandbys(Path directory, int schedulers, int workers) {
        return new ProcessCluster(directory, here(schedulers), here(workers), Map.of());
    }

    /// Each process on a machine of its own.
    ///
    /// @param environment settings of its processes, and of those that talk with it
    static ProcessCluster on(
            List<Machine> schedulers,
            List<Machine> workers,
            Path directory,
            Map<String, String> environment) {
        return new ProcessCluster(directory, schedulers, workers, environment);
    }

    private static List<Machine> here(int count) {
        return Collections.nCopies(count, Machine.THIS);
    }

    private static String name(int scheduler) {
        return scheduler == 0 ? "scheduler" : "scheduler" + scheduler;
    }

    private Process startScheduler(int index) {
        var arguments = new ArrayList<String>();
        arguments.add(places.get(index).toString());
        arguments.add(directory.resolve("jobs" + index).toString());
        if (places.size() > 1) arguments.add(SchedulerAddress.text(places));
        return Jvm.start(
                SchedulerProcess.class,
                arguments,
                directory.resolve(name(index) + ".log"),
                Path.of(""),
                environment,
                schedulerMachines.get(index));
    }

    private Process startWorker(int index) {
        String name = "w" + index;
        Machine machine = workerMachines.get(index);
        return Jvm.start(
                WorkerProcess.class,
                List.of(
                        SchedulerAddress.text(places),
                        name,
                        "2",
                        "" + (256L << 20),
                        machine.host()),
                directory.resolve(name + ".log"),
                Path.of(""),
                environment,
                machine);
    }

    /// Waits until so many workers are there.
    void awaitWorkers(int count) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        try (var doors = new SchedulerDoors(places, Credentials.of(settings()))) {
            while (members(doors) != count) {
                if (System.nanoTime() - deadline > 0
                        || schedulers.stream().noneMatch(Process::isAlive))
                    throw new AssertionError(
                            "%d workers aren't there%n%s".formatted(count, logs()));
                Thread.sleep(50);
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /// -1 when nobody answers.
    private static int members(SchedulerDoors doors) {
        try {
            return doors.ask(new Question.Members(), Answer.Members.class, Duration.ZERO)
                    .workers()
                    .size();
        } catch (QuiverException e) {
            if (e.code() == ErrorCode.UNAVAILABLE) return -1;
            throw e;
        }
    }

    /// Which scheduler is the active one, once one is.
    int awaitActive() {
        return awaitActive(-1);
    }

    /// Which one is, of all but one.
    int awaitActive(int notThis) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() - deadline < 0)
            for (int i = 0; i < places.size(); i++) if (i != notThis && isActive(i)) return i;
        throw new AssertionError("no scheduler is active\n" + logs());
    }

    boolean isActive(int scheduler) {
        if (!schedulers.get(scheduler).isAlive()) return false;
        try (var port =
                new SchedulerClientPort(places.get(scheduler), Credentials.of(settings()))) {
            var _ = port.ask(new Question.Members(), Answer.Members.class);
            return true;
        } catch (QuiverException e) {
            if (e.code() == ErrorCode.UNAVAILABLE) return false;
            throw e;
        }
    }

    private Settings settings() {
        return Settings.defaults().withEnvironment(environment);
    }

    /// Kills the scheduler and starts another one on its directory.
    void restartScheduler() {
        restartScheduler(0);
    }

    void restartScheduler(int index) {
        kill(schedulers.get(index));
        schedulers.set(index, startScheduler(index));
    }

    /// Starts each process again that has ended.
    void restartTheDead() {
        for (int i = 0; i < schedulers.size(); i++)
            if (!schedulers.get(i).isAlive()) schedulers.set(i, startScheduler(i));
        for (int i = 0; i < workers.size(); i++)
            if (!workers.get(i).isAlive()) workers.set(i, startWorker(i));
    }

    static void kill(Process process) {
        try {
            process.destroyForcibly().waitFor();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /// All its processes.
    List<Process> processes() {
        var all = new ArrayList<>(schedulers);
        all.addAll(workers);
        return all;
    }

    /// What one of [#processes] has printed.
    String log(int index) throws IOException {
        int count = schedulers.size();
        String name = index < count ? name(index) : "w" + (index - count);
        return Files.readString(directory.resolve(name + ".log"));
    }

    /// Where the first scheduler is.
    SchedulerAddress place() {
        return places.getFirst();
    }

    Process scheduler() {
        return scheduler(0);
    }

    Process scheduler(int index) {
        return schedulers.get(index);
    }

    Process worker(int index) {
        return workers.get(index);
    }

    /// What clients connect to.
    String address() {
        return "quiver://" + SchedulerAddress.text(places);
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
        schedulers.forEach(ProcessCluster::kill);
        workers.forEach(ProcessCluster::kill);
    }
}
