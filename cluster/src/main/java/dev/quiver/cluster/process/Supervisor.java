package dev.quiver.cluster.process;

import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps a process running: starts it again when it ends, and says why it ended.
public final class Supervisor implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Supervisor.class);

    /// The variable by which a process learns why the one before it ended.
    public static final String AFTER = "SUPERVISED_AFTER";

    private static final Duration PAUSE_MIN = Duration.ofMillis(500);
    private static final Duration PAUSE_MAX = Duration.ofSeconds(30);

    /// A process that ran for so long didn't fail at its start.
    private static final Duration HEALTHY = Duration.ofSeconds(30);

    private static final Duration PATIENCE = Duration.ofSeconds(15);

    /// What a process exits with that was to leave: it isn't started again.
    private static final int LEFT = 0;

    /// What a process exits with that wants another one in its place at once.
    public static final int REPLACED = 10;

    /// What a process exits with that was called wrongly or can't be: it isn't started again.
    private static final int HOPELESS = 2;

    private final String name;
    private final List<String> command;
    private final Consumer<String> lines;
    private final Thread thread;
    private @Nullable Process process;
    private String after = "";
    private boolean stopped;

    /// @param name of the process, for people
    /// @param command with its arguments
    /// @param lines takes what it prints
    public Supervisor(String name, List<String> command, Consumer<String> lines) {
        this.name = name;
        this.command = List.copyOf(command);
        this.lines = lines;
        this.thread = Thread.ofPlatform().name("quiver-supervisor-" + name).unstarted(this::run);
    }

    public void start() {
        thread.start();
    }

    /// Whether the process runs or will be started again.
    public boolean isRunning() {
        return thread.isAlive();
    }

    /// Waits until it won't be started again.
    public void await() throws InterruptedException {
        thread.join();
    }

    private void run() {
        Duration pause = PAUSE_MIN;
        try {
            while (true) {
                var end = new ProcessEnd();
                long from = System.nanoTime();
                Process current = begin();
                if (current == null) return;
                forward(current);
                int status = current.waitFor();
                if (isStopped()) return;
                if (status == LEFT) {
                    LOG.info("{} has left; it isn't started again", name);
                    return;
                }
                if (status == REPLACED) {
                    LOG.info("{} has lived its time; another one is started", name);
                    after = "";
                    continue;
                }
                String why = end.inWords(status);
                if (status == HOPELESS) {
                    LOG.error("{} ended: {}; it isn't started again", name, why);
                    return;
                }
                after = why;
                boolean healthy = System.nanoTime() - from > HEALTHY.toNanos();
                pause = healthy ? PAUSE_MIN : min(pause.multipliedBy(2), PAUSE_MAX);
                LOG.warn(
                        "{} ended: {}; it is started again in {} s",
                        name,
                        why,
                        pause.toMillis() / 1e3);
                Thread.sleep(pause);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            LOG.error("{} can't be started", name, e);
        }
    }

    private static Duration min(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }

    /// @return null when it is to be stopped
    private synchronized @Nullable Process begin() throws IOException {
        if (stopped) return null;
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put(AFTER, after);
        Process started = builder.start();
        process = started;
        return started;
    }

    private synchronized boolean isStopped() {
        return stopped;
    }

    private void forward(Process current) throws IOException {
        try (BufferedReader reader = current.inputReader(StandardCharsets.UTF_8)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine())
                lines.accept(line);
        } catch (IOException e) {
            if (!isStopped()) throw e;
        }
    }

    /// Asks the process to leave, by SIGTERM, and waits for it; kills it when it doesn't in time.
    ///
    /// @param limit how long it may take for that
    /// @throws QuiverException INTERNAL when it can't even be killed
    public void retire(Duration limit) {
        end(Process::destroy, limit.plus(PATIENCE));
    }

    /// Asks the process to end now, by the end of its standard input too, and waits for it; kills
    /// it when it doesn't in time.
    ///
    /// @throws QuiverException INTERNAL when it can't even be killed
    @Override
    public void close() {
        end(this::hangUp, PATIENCE);
    }

    private void hangUp(Process current) {
        try {
            current.getOutputStream().close();
        } catch (IOException e) {
            LOG.debug("{} has closed its standard input before", name, e);
        }
        current.destroy();
    }

    private void end(Consumer<Process> asking, Duration patience) {
        Process current;
        synchronized (this) {
            stopped = true;
            current = process;
        }
        try {
            if (current != null) {
                asking.accept(current);
                if (!current.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                    LOG.warn("{} doesn't stop; it is killed", name);
                    current.destroyForcibly();
                }
            }
            thread.interrupt();
            if (!thread.join(PATIENCE))
                throw new QuiverException(
                        ErrorCode.INTERNAL,
                        "%s can't be stopped".formatted(name),
                        List.of(),
                        "kill it by hand");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
