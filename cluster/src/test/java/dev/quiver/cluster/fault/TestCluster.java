package dev.quiver.cluster.fault;

import dev.quiver.client.Options;
import dev.quiver.client.Quiver;
import dev.quiver.client.Session;
import dev.quiver.cluster.control.Answer;
import dev.quiver.cluster.control.Question;
import dev.quiver.cluster.node.SchedulerDoors;
import dev.quiver.cluster.node.SchedulerNode;
import dev.quiver.cluster.security.Credentials;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A scheduler in this process and workers in processes of their own, whose output is in files.
public final class TestCluster implements AutoCloseable {
    private static final int SLOTS = 2;
    private static final long MEMORY_BYTES = 256L << 20;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int PORT = 28_786;
    private static final long WORDS_BYTES_MAX = 64 << 10;

    private final Path directory;
    private final long memoryBytes;
    private final Map<String, String> environment;
    private final SchedulerNode scheduler;
    private final List<Process> workers = new ArrayList<>();

    private TestCluster(Path directory, long memoryBytes, Map<String, String> environment) {
        this.environment = environment;
        this.directory = directory;
        this.memoryBytes = memoryBytes;
        this.scheduler = SchedulerNode.start(new SchedulerNode.Setup("127.0.0.1", PORT));
    }

    /// Starts workers and waits until they have joined.
    ///
    /// @param directory for their output
    public static TestCluster start(Path directory, int workers) {
        return start(directory, workers, MEMORY_BYTES);
    }

    /// As above, workers with a budget.
    static TestCluster start(Path directory, int workers, long memoryBytes) {
        return start(directory, workers, memoryBytes, Map.of());
    }

    /// @param environment of each worker, beyond that of this process
    static TestCluster start(
            Path directory, int workers, long memoryBytes, Map<String, String> environment) {
        var cluster = new TestCluster(directory, memoryBytes, environment);
        try {
            for (int i = 0; i < workers; i++) cluster.begin();
            cluster.awaitWorkers(workers);
            return cluster;
        } catch (RuntimeException | Error e) {
            cluster.close();
            throw e;
        }
    }

    /// Starts another worker, which joins when it does.
    Process begin() {
        return begin(Path.of(""));
    }

    /// @param directory in which it runs
    Process begin(Path directory) {
        String name = "w" + workers.size();
        String place = scheduler.place().toString();
        Process process =
                Jvm.start(
                        WorkerProcess.class,
                        List.of(place, name, "" + SLOTS, "" + memoryBytes),
                        this.directory.resolve(name + ".log"),
                        directory,
                        environment);
        workers.add(process);
        return process;
    }

    /// Waits until so many workers are there.
    void awaitWorkers(int count) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (scheduler.workerCount() != count) {
            if (System.nanoTime() - deadline > 0)
                throw new AssertionError(
                        "%d workers of %d are there%n%s"
                                .formatted(scheduler.workerCount(), count, logs()));
            pause();
        }
    }

    /// Has a worker leave.
    void retire(int index) {
        try (var doors = new SchedulerDoors(List.of(scheduler.place()), Credentials.NONE)) {
            var _ =
                    doors.ask(
                            new Question.Retire(List.of("w" + index), PATIENCE.toMillis(), false),
                            Answer.Retiring.class,
                            Duration.ZERO);
        }
    }

    /// Has what workers keep spread evenly, and waits until it is.
    void rebalance() throws InterruptedException {
        try (var doors = new SchedulerDoors(List.of(scheduler.place()), Credentials.NONE)) {
            Question next = new Question.Rebalance();
            while (doors.ask(next, Answer.Rebalancing.class, Duration.ZERO).left().outputs() > 0) {
                Thread.sleep(20);
                next = new Question.Rebalancing();
            }
        }
    }

    /// How much of its memory a worker had in use when it last said so; 0 when it isn't there.
    long memoryBytes(int index) {
        return members().stream()
                .filter(member -> member.name().equals("w" + index))
                .mapToLong(Answer.Member::memoryBytes)
                .sum();
    }

    /// Waits until no worker has an output in memory or in a file. The words of categoricals that
    /// were read stay for the next who reads these files.
    void awaitNoOutputs() {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (members().stream()
                .anyMatch(m -> m.memoryBytes() > WORDS_BYTES_MAX || m.spilledBytes() > 0)) {
            if (System.nanoTime() - deadline > 0)
                throw new AssertionError("workers still hold something: " + members());
            pause();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(20);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /// The workers that are there, as they last said.
    List<Answer.Member> members() {
        try (var doors = new SchedulerDoors(List.of(scheduler.place()), Credentials.NONE)) {
            return doors.ask(new Question.Members(), Answer.Members.class, Duration.ZERO).workers();
        }
    }

    /// What the workers printed.
    String logs() {
        var text = new StringBuilder();
        for (int i = 0; i < workers.size(); i++) {
            Path log = directory.resolve("w" + i + ".log");
            try {
                text.append(log).append('\n').append(Files.readString(log)).append('\n');
            } catch (IOException e) {
                text.append(e).append('\n');
            }
        }
        return text.toString();
    }

    SchedulerNode scheduler() {
        return scheduler;
    }

    public Process worker(int index) {
        return workers.get(index);
    }

    public String address() {
        return scheduler.address();
    }

    public Session connect() {
        return Quiver.connect(scheduler.address(), Options.defaults().quiet());
    }

    /// Ends all; no process stays.
    @Override
    public void close() {
        scheduler.close();
        for (Process worker : workers) worker.destroyForcibly();
        for (Process worker : workers) worker.onExit().join();
    }
}
