package dev.quiver.cluster.process;

import dev.quiver.cluster.control.DriverAnswer;
import dev.quiver.cluster.control.DriverOrder;
import dev.quiver.cluster.control.DriverPlan;
import dev.quiver.cluster.control.DriverQuestion;
import dev.quiver.cluster.control.DriverStatus;
import dev.quiver.cluster.control.DriverStatus.State;
import dev.quiver.cluster.control.PrintedLine;
import dev.quiver.cluster.security.Caller;
import dev.quiver.cluster.security.Right;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.NearestName;
import dev.quiver.error.QuiverException;
import dev.quiver.operator.Bytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The programs that were submitted to a scheduler: which worker runs which, and what they printed.
/// Thread-safe.
///
/// A program runs on the worker that runs the fewest. When it fails, or its worker is lost, it is
/// started again as often as its submitter allows.
public final class Drivers implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Drivers.class);

    /// Ended ones that are remembered; the oldest go first.
    private static final int ENDED_MAX = 200;

    /// What they need of the scheduler.
    public interface Surroundings {
        /// Tells a worker's process.
        void tell(int worker, DriverOrder order);

        /// A number that no program of the cluster has had.
        int newNumber();
    }

    private final Path directory;
    private final Surroundings surroundings;
    private final Map<String, Driver> drivers = new LinkedHashMap<>();
    private final TreeSet<Integer> present = new TreeSet<>();

    /// Workers that are to leave: they are given none.
    private final TreeSet<Integer> retiring = new TreeSet<>();

    /// @param directory for programs and what they print
    public Drivers(Path directory, Surroundings surroundings) {
        this.directory = directory;
        this.surroundings = surroundings;
    }

    private static final class Driver {
        private final Path program;
        private final DriverOutput output;

        /// The name of who submitted it.
        private final String owner;

        private DriverStatus status;

        private Driver(Path program, DriverOutput output, String owner, DriverStatus status) {
            this.program = program;
            this.output = output;
            this.owner = owner;
            this.status = status;
        }

        private boolean runsOn(int worker) {
            return status.state() == State.RUNNING && status.worker() == worker;
        }

        private void become(State state, int exitStatus, String why) {
            status =
                    new DriverStatus(
                            status.name(),
                            status.plan(),
                            state,
                            status.attempt(),
                            status.worker(),
                            status.submittedMillis(),
                            state.isEnd() ? System.currentTimeMillis() : 0,
                            exitStatus,
                            why);
        }

        private void runOn(int worker) {
            status =
                    new DriverStatus(
                            status.name(),
                            status.plan(),
                            State.RUNNING,
                            status.attempt() + 1,
                            worker,
                            status.submittedMillis(),
                            0,
                            -1,
                            status.attempt() == 0 ? "" : status.why());
        }
    }

    /// All that are known, in the order they came.
    public synchronized List<DriverStatus> statuses() {
        return drivers.values().stream().map(driver -> driver.status).toList();
    }

    /// Answers.
    ///
    /// @param caller who asks
    /// @throws QuiverException ARGUMENT_INVALID for a program that isn't known, UNAVAILABLE for an
    ///   attempt that doesn't count any more, ACCESS_DENIED for what isn't the caller's
    public synchronized DriverAnswer answer(DriverQuestion question, Caller caller) {
        return switch (question) {
            case DriverQuestion.Submit(var plan, var program) ->
                    new DriverAnswer.Submitted(submit(plan, program, caller));
            case DriverQuestion.All _ -> new DriverAnswer.All(statuses());
            case DriverQuestion.Output(var name, long from) -> {
                Driver driver = driver(name);
                DriverOutput.Part part = driver.output.read(from);
                yield new DriverAnswer.Output(part.lines(), part.next(), driver.status);
            }
            case DriverQuestion.Cancel(var name) -> {
                Driver driver = driver(name);
                if (!driver.owner.equals(caller.name())) caller.require(Right.ADMINISTER);
                cancel(driver, caller);
                yield new DriverAnswer.Done();
            }
            case DriverQuestion.Program(var name) ->
                    new DriverAnswer.Program(read(driver(name).program));
            case DriverQuestion.Runs told -> {
                adopt(told);
                yield new DriverAnswer.Done();
            }
            case DriverQuestion.Printed(var name, int attempt, var lines) -> {
                current(name, attempt).output.add(lines);
                yield new DriverAnswer.Done();
            }
            case DriverQuestion.Ended(var name, int attempt, int exitStatus, var why) -> {
                end(current(name, attempt), exitStatus, why);
                yield new DriverAnswer.Done();
            }
        };
    }

    private String submit(DriverPlan plan, Bytes program, Caller caller) {
        forgetOld();
        String name = base(plan.file()) + "-" + surroundings.newNumber();
        var status =
                new DriverStatus(
                        name,
                        plan,
                        State.WAITING,
                        0,
                        -1,
                        System.currentTimeMillis(),
                        0,
                        -1,
                        "no worker is there");
        var _ = add(status, program, caller.name());
        LOG.info("{} was submitted by {}", name, caller.name());
        place();
        return name;
    }

    private Driver add(DriverStatus status, Bytes program, String owner) {
        String name = status.name();
        Path jar = directory.resolve(name + ".jar");
        try {
            Files.write(jar, program.array());
        } catch (IOException e) {
            throw failed("keep a submitted program", e);
        }
        var output = new DriverOutput(directory.resolve(name + ".output"));
        var driver = new Driver(jar, output, owner, status);
        drivers.put(name, driver);
        return driver;
    }

    /// Takes over what a scheduler before this one gave to a worker.
    private void adopt(DriverQuestion.Runs told) {
        if (drivers.containsKey(told.driver())) {
            var _ = current(told.driver(), told.attempt());
            return;
        }
        var status =
                new DriverStatus(
                        told.driver(),
                        told.plan(),
                        State.RUNNING,
                        told.attempt(),
                        told.worker(),
                        told.submittedMillis(),
                        0,
                        -1,
                        "");
        Driver driver = add(status, told.program(), told.owner());
        String note = "quiver: another scheduler goes on; what was printed before isn't here";
        driver.output.add(List.of(new PrintedLine(true, note)));
        LOG.info("{} goes on, on worker {}", told.driver(), told.worker());
    }

    /// What a job's name begins with: the file's own without its ending, in lower case.
    private static String base(String file) {
        String own = file.substring(file.lastIndexOf('/') + 1).replaceFirst("\\.[^.]*$", "");
        String plain = own.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
        String trimmed = plain.replaceAll("^-+|-+$", "");
        return trimmed.isEmpty() ? "job" : trimmed;
    }

    private void forgetOld() {
        List<Driver> ended =
                drivers.values().stream().filter(d -> d.status.state().isEnd()).toList();
        for (int i = 0; i <= ended.size() - ENDED_MAX; i++) {
            Driver old = ended.get(i);
            drivers.remove(old.status.name());
            old.output.close();
            try {
                Files.deleteIfExists(old.program);
                Files.deleteIfExists(directory.resolve(old.status.name() + ".output"));
            } catch (IOException e) {
                throw failed("forget " + old.status.name(), e);
            }
        }
    }

    /// Gives those that wait to workers.
    private void place() {
        if (retiring.containsAll(present)) return;
        for (Driver driver : drivers.values()) {
            if (driver.status.state() != State.WAITING) continue;
            int worker =
                    present.stream()
                            .filter(w -> !retiring.contains(w))
                            .min(
                                    Comparator.comparingLong(this::running)
                                            .thenComparing(w -> w == driver.status.worker()))
                            .orElseThrow();
            driver.runOn(worker);
            surroundings.tell(
                    worker,
                    new DriverOrder.Start(
                            driver.status.name(),
                            driver.status.attempt(),
                            driver.status.plan(),
                            driver.owner,
                            driver.status.submittedMillis()));
        }
    }

    private long running(int worker) {
        return drivers.values().stream().filter(d -> d.runsOn(worker)).count();
    }

    private Driver driver(String name) {
        Driver driver = drivers.get(name);
        if (driver != null) return driver;
        String nearest =
                NearestName.of(name, new ArrayList<>(drivers.keySet()))
                        .map("did you mean '%s'? "::formatted)
                        .orElse("");
        throw new QuiverException(
                ErrorCode.ARGUMENT_INVALID,
                "no job '%s' was submitted here".formatted(name),
                List.of(),
                nearest + "see 'quiver list'");
    }

    private Driver current(String name, int attempt) {
        Driver driver = driver(name);
        if (driver.status.state() == State.RUNNING && driver.status.attempt() == attempt)
            return driver;
        throw new QuiverException(
                ErrorCode.UNAVAILABLE,
                "attempt %d of '%s' doesn't count any more".formatted(attempt, name),
                List.of(),
                "stop it");
    }

    private void cancel(Driver driver, Caller caller) {
        State before = driver.status.state();
        if (before.isEnd()) return;
        driver.become(State.CANCELLED, -1, caller.name() + " cancelled it");
        LOG.info("{} was cancelled by {}", driver.status.name(), caller.name());
        if (before == State.RUNNING)
            surroundings.tell(
                    driver.status.worker(),
                    new DriverOrder.Stop(driver.status.name(), driver.status.attempt()));
    }

    private void end(Driver driver, int exitStatus, String why) {
        if (exitStatus == 0) {
            driver.become(State.DONE, 0, "");
            LOG.info("{} is done", driver.status.name());
        } else fail(driver, exitStatus, why);
    }

    private void fail(Driver driver, int exitStatus, String why) {
        LOG.info("{} failed: {}", driver.status.name(), why);
        if (driver.status.attempt() > driver.status.plan().restarts()) {
            driver.become(State.FAILED, exitStatus, why);
            return;
        }
        driver.become(State.WAITING, -1, why);
        driver.output.add(List.of(new PrintedLine(true, "quiver: it is started again: " + why)));
        place();
    }

    /// A worker has joined.
    public synchronized void joined(int worker) {
        present.add(worker);
        place();
    }

    /// A worker is to leave: what runs there may end there, and nothing is given to it.
    public synchronized void retiring(int worker) {
        retiring.add(worker);
    }

    /// A worker has gone, and its drivers with it.
    public synchronized void lost(int worker) {
        retiring.remove(worker);
        if (!present.remove(worker)) return;
        for (Driver driver : List.copyOf(drivers.values()))
            if (driver.runsOn(worker)) fail(driver, -1, "worker %d was lost".formatted(worker));
    }

    private Bytes read(Path file) {
        try {
            return Bytes.of(Files.readAllBytes(file));
        } catch (IOException e) {
            throw failed("read a submitted program", e);
        }
    }

    private QuiverException failed(String action, IOException cause) {
        return new QuiverException(
                ErrorCode.IO_FAILED,
                "the scheduler can't " + action,
                List.of("directory: " + directory, "cause: " + cause),
                "see that its disk has room and is there",
                cause);
    }

    @Override
    public synchronized void close() {
        drivers.values().forEach(driver -> driver.output.close());
    }
}
