package dev.quiver.cluster.process;

import dev.quiver.cluster.control.DriverAnswer;
import dev.quiver.cluster.control.DriverOrder;
import dev.quiver.cluster.control.DriverQuestion;
import dev.quiver.cluster.control.PrintedLine;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.error.Unavailable;
import dev.quiver.operator.Bytes;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The drivers of submitted programs on a worker: each a process, which ends with the worker.
/// Thread-safe.
public final class DriverProcesses implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DriverProcesses.class);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration RETRY = Duration.ofMillis(500);

    /// So many lines wait at most; then the driver does.
    private static final int LINES_WAITING = 4096;

    private static final int LINES_TOLD = 1024;

    private final int worker;
    private final Launcher launcher;
    private final Path scratch;
    private final Function<DriverQuestion, DriverAnswer> scheduler;
    private final Map<String, Run> runs = new ConcurrentHashMap<>();
    private volatile boolean closed;

    /// Says how a driver is started.
    public interface Launcher {
        /// For workers that run no drivers.
        Launcher NONE =
                (program, arguments) -> {
                    throw new IOException("this worker starts no programs");
                };

        /// @param program a jar that names its main class
        /// @return not yet started; its working directory is set by whoever starts it
        /// @throws IOException when none can be started here
        ProcessBuilder driver(Path program, List<String> arguments) throws IOException;
    }

    /// @param worker the number of this one
    /// @param scratch for programs; whoever gives it deletes it
    /// @param scheduler is asked; throws UNAVAILABLE when it isn't there or the attempt doesn't
    ///   count any more
    public DriverProcesses(
            int worker,
            Launcher launcher,
            Path scratch,
            Function<DriverQuestion, DriverAnswer> scheduler) {
        this.worker = worker;
        this.launcher = launcher;
        this.scratch = scratch;
        this.scheduler = scheduler;
    }

    /// Does what the scheduler says; returns at once.
    public void obey(DriverOrder order) {
        switch (order) {
            case DriverOrder.Start start -> {
                String name = start.driver();
                var run = new Run(start);
                Run before = runs.put(name, run);
                if (before != null) Thread.ofVirtual().start(before::stop);
                if (closed) return;
                Thread.ofVirtual().name("quiver-driver-" + name).start(run::run);
            }
            case DriverOrder.Stop(var name, int attempt) -> {
                Run run = runs.get(name);
                if (run != null && run.attempt == attempt) Thread.ofVirtual().start(run::stop);
            }
        }
    }

    /// Whether none runs.
    public boolean isEmpty() {
        return runs.isEmpty();
    }

    /// Tells the scheduler, which may be another one than before, what runs here; returns at once.
    public void introduce() {
        for (Run run : runs.values())
            Thread.ofVirtual().name("quiver-driver-" + run.name).start(run::introduceOrStop);
    }

    /// One attempt of one driver.
    private final class Run {
        private final String name;
        private final int attempt;
        private final DriverOrder.Start start;
        private final Path program;

        /// Behind the last line of a stream comes none.
        private final LinkedBlockingQueue<Optional<PrintedLine>> lines =
                new LinkedBlockingQueue<>(LINES_WAITING);

        private @Nullable Process process;
        private boolean stopped;

        private Run(DriverOrder.Start start) {
            this.name = start.driver();
            this.attempt = start.attempt();
            this.start = start;
            this.program = scratch.resolve("%s-%d.jar".formatted(name, attempt));
        }

        private void run() {
            try {
                if (!(ask(new DriverQuestion.Program(name))
                        instanceof DriverAnswer.Program(var jar)))
                    throw new IllegalStateException("the scheduler gives no program of " + name);
                Files.write(program, jar.array());
                var end = new ProcessEnd();
                Process begun = begin();
                if (begun == null) return;
                forward(begun);
                int status = begun.waitFor();
                tell(
                        new DriverQuestion.Ended(
                                name, attempt, status, status == 0 ? "" : end.inWords(status)));
            } catch (IOException e) {
                ask(
                        new DriverQuestion.Ended(
                                name, attempt, -1, "it can't be started: " + e.getMessage()));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (QuiverException e) {
                LOG.info("{} is given up: {}", name, e.what());
                stop();
            } finally {
                runs.remove(name, this);
                delete(program);
            }
        }

        /// @return null when it is to be stopped
        private @Nullable Process begin() throws IOException {
            ProcessBuilder builder = launcher.driver(program, start.plan().arguments());
            Path theirs = Path.of(start.plan().directory());
            builder.directory((Files.isDirectory(theirs) ? theirs : scratch).toFile());
            synchronized (this) {
                if (stopped || closed) return null;
                LOG.info("{} is started", name);
                Process begun = builder.start();
                process = begun;
                return begun;
            }
        }

        /// Tells the scheduler what the process prints, until it has ended.
        private void forward(Process begun) throws InterruptedException {
            begin(begun.inputReader(StandardCharsets.UTF_8), false);
            begin(begun.errorReader(StandardCharsets.UTF_8), true);
            int open = 2;
            var batch = new ArrayList<Optional<PrintedLine>>();
            while (open > 0) {
                batch.add(lines.take());
                lines.drainTo(batch, LINES_TOLD);
                List<PrintedLine> printed = batch.stream().flatMap(Optional::stream).toList();
                open -= batch.size() - printed.size();
                if (!printed.isEmpty()) tell(new DriverQuestion.Printed(name, attempt, printed));
                batch.clear();
            }
        }

        private void begin(BufferedReader stream, boolean error) {
            Thread.ofVirtual()
                    .start(() -> {
                        try (stream) {
                            for (String line = stream.readLine();
                                    line != null;
                                    line = stream.readLine())
                                lines.put(Optional.of(new PrintedLine(error, line)));
                        } catch (IOException e) {
                            LOG.debug("{} can't be read any more", name, e);
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                        }
                        putEnd();
                    });
        }

        private void putEnd() {
            try {
                lines.put(Optional.empty());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        /// Tells something of the driver, and what it is when the scheduler doesn't know that.
        private void tell(DriverQuestion question) {
            try {
                var _ = ask(question);
            } catch (QuiverException e) {
                if (e.code() != ErrorCode.ARGUMENT_INVALID) throw e;
                introduce();
                var _ = ask(question);
            }
        }

        private void introduce() {
            synchronized (this) {
                if (process == null) return; // it isn't there yet, and asks for its program
            }
            Bytes jar;
            try {
                jar = Bytes.of(Files.readAllBytes(program));
            } catch (IOException e) {
                LOG.warn("the program of {} can't be read any more", name, e);
                return;
            }
            var _ =
                    ask(
                            new DriverQuestion.Runs(
                                    worker,
                                    name,
                                    attempt,
                                    start.plan(),
                                    start.owner(),
                                    start.submittedMillis(),
                                    jar));
        }

        private void introduceOrStop() {
            try {
                introduce();
            } catch (QuiverException e) {
                LOG.info("{} is given up: {}", name, e.what());
                stop();
            }
        }

        /// Asks until the scheduler answers or this worker ends.
        private DriverAnswer ask(DriverQuestion question) {
            while (true) {
                try {
                    return scheduler.apply(question);
                } catch (Unavailable e) {
                    if (closed) throw e;
                    LOG.debug("the scheduler isn't there", e);
                }
                try {
                    Thread.sleep(RETRY);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new QuiverException(
                            ErrorCode.CANCELLED, "interrupted", List.of(), "start it again", e);
                }
            }
        }

        /// Asks the process to end; kills it when it doesn't in time.
        private void stop() {
            Process current;
            synchronized (this) {
                stopped = true;
                current = process;
            }
            if (current == null || !current.isAlive()) return;
            current.destroy();
            try {
                if (!current.waitFor(PATIENCE)) current.destroyForcibly();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                current.destroyForcibly();
            }
        }
    }

    private static void delete(Path program) {
        try {
            Files.deleteIfExists(program);
        } catch (IOException e) {
            LOG.warn("left behind: {}", program, e);
        }
    }

    /// Stops all.
    @Override
    public void close() {
        closed = true;
        runs.values().parallelStream().forEach(Run::stop);
    }
}
