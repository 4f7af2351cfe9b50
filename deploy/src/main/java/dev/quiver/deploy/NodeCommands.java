package dev.quiver.deploy;

import dev.quiver.client.HistorySettings;
import dev.quiver.cluster.control.SchedulerAddress;
import dev.quiver.cluster.node.Lifespan;
import dev.quiver.cluster.node.SchedulerNode;
import dev.quiver.cluster.node.SchedulerNode.Keeping;
import dev.quiver.cluster.node.WorkerEnd;
import dev.quiver.cluster.node.WorkerNode;
import dev.quiver.cluster.process.Supervisor;
import dev.quiver.cluster.security.Credentials;
import dev.quiver.columnar.memory.ByteSize;
import dev.quiver.config.Settings;
import dev.quiver.worker.store.SpillRoom;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The processes of a cluster, each in the foreground until somebody stops it.
final class NodeCommands {
    /// What a child process is told, so that it ends with who started it.
    static final String CHILD = "--child";

    private static final List<Settings.Key> SECRETS =
            List.of(
                    Settings.Key.CLUSTER_TOKEN,
                    Settings.Key.CLUSTER_TOKEN_FILE,
                    Settings.Key.CLUSTER_CLIENTS);

    static final int OK = 0;
    static final int FAILED = 1;
    private static final int PORT_MAX = 65_535;

    private NodeCommands() {}

    static void load(String command) {
        LocalSettings.load(true, Map.of("log.level", "info"), command);
    }

    private static Credentials credentials() {
        return Credentials.of(Settings.ofProcess());
    }

    /// Who stops a process.
    enum Stopping {
        /// A person or a service manager.
        BY_SIGNAL {
            @Override
            void call(Runnable stop) {
                Signals.onStop(stop);
            }
        },
        /// Another process, which has started it, and by its end.
        BY_PARENT {
            @Override
            void call(Runnable stop) {
                Signals.onTerminate(stop);
                onParentsEnd(stop);
                onInputsEnd(stop);
            }
        };

        /// Calls `stop` when they do.
        abstract void call(Runnable stop);
    }

    /// Runs a scheduler.
    static int scheduler(
            String host, int port, Keeping keeping, Optional<Path> journal, Stopping stopping) {
        load("quiver scheduler");
        requirePort(port);
        var stop = new CountDownLatch(1);
        stopping.call(stop::countDown);
        try (SchedulerNode node =
                SchedulerNode.start(
                        new SchedulerNode.Setup(
                                host,
                                port,
                                keeping,
                                credentials(),
                                journal,
                                HistorySettings.of(Settings.ofProcess())))) {
            System.out.println("scheduler: " + node.place());
            System.out.println("connect with: Quiver.connect(\"%s\")".formatted(node.address()));
            node.dashboard().ifPresent(at -> System.out.println("dashboard: " + at));
            System.out.flush();
            node.onBroken(stop::countDown);
            stop.await();
            return node.isBroken() ? FAILED : OK;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return FAILED;
        }
    }

    /// What a worker is to be.
    ///
    /// @param schedulers where it joins
    /// @param lifespan when it leaves by itself, and how long it may take when it is asked to
    record WorkerPlan(
            List<SchedulerAddress> schedulers,
            String name,
            String host,
            int slots,
            String memory,
            Lifespan lifespan) {
        WorkerPlan {
            schedulers = List.copyOf(schedulers);
            require(slots, memory);
        }

        static void require(int slots, String memory) {
            requirePositive("--slots", slots);
            var _ = ByteSize.positive("--memory", memory);
        }

        WorkerNode.Setup setup() {
            return new WorkerNode.Setup(
                    schedulers,
                    name,
                    host,
                    slots,
                    ByteSize.parse(memory),
                    SpillRoom.of(Settings.ofProcess()),
                    WorkerNode.Setup.PATIENCE,
                    credentials(),
                    System.getenv().getOrDefault(Supervisor.AFTER, ""),
                    lifespan);
        }

        /// Runs a submitted program in a process that ends with this one.
        ProcessBuilder driver(Path program, List<String> words) {
            var all = new ArrayList<>(List.of("run", CHILD, program.toString()));
            all.addAll(words);
            var builder = new ProcessBuilder(command(all));
            builder.environment()
                    .put(Settings.Key.CLUSTER_ADDRESS.variable(), "quiver://" + place());
            builder.environment().putAll(Credentials.variables(Settings.ofProcess()));
            // the program is its submitter's: what this process may show isn't for it
            for (Settings.Key secret : SECRETS) builder.environment().remove(secret.variable());
            builder.environment().remove(Supervisor.AFTER); // it is about the worker
            return builder;
        }

        private String place() {
            return SchedulerAddress.text(schedulers);
        }

        List<String> arguments() {
            var all = new ArrayList<>(ownArguments());
            all.addAll(List.of("--drain", text(lifespan.drain())));
            all.addAll(List.of("--lifetime", lifespan.life().map(WorkerPlan::text).orElse("")));
            all.addAll(List.of("--lifetime-stagger", "0s"));
            all.addAll(List.of("--idle-timeout", lifespan.idle().map(WorkerPlan::text).orElse("")));
            return all;
        }

        private static String text(Duration time) {
            return time.toMillis() + "ms";
        }

        private List<String> ownArguments() {
            return List.of(
                    "worker",
                    CHILD,
                    "--join",
                    place(),
                    "--name",
                    name,
                    "--host",
                    host,
                    "--slots",
                    "" + slots,
                    "--memory",
                    memory);
        }
    }

    /// Runs a worker under a supervisor of its own.
    static int worker(WorkerPlan plan) {
        load("quiver worker");
        plan.setup().check(); // what it refuses it would refuse each time that it is started again
        Consumer<String> lines = line -> System.out.println(line);
        try (var supervisor = new Supervisor(plan.name(), command(plan.arguments()), lines)) {
            Duration drain = plan.lifespan().drain();
            Signals.onStop(() -> supervisor.retire(drain), supervisor::close);
            supervisor.start();
            supervisor.await();
            return OK;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return FAILED;
        }
    }

    /// Runs a worker in this process.
    static int child(WorkerPlan plan) {
        load("quiver worker");
        var stop = new CountDownLatch(1);
        var leave = new CompletableFuture<Void>();
        Signals.onTerminate(() -> leave.complete(null));
        onParentsEnd(stop::countDown);
        onInputsEnd(stop::countDown);
        try (WorkerNode node = WorkerNode.start(plan.setup(), plan::driver)) {
            var _ = leave.thenRun(() -> node.retire(plan.lifespan().drain()));
            System.out.printf(
                    "worker %d '%s': %d slots, %s of memory%n",
                    node.number(), plan.name(), plan.slots(), plan.memory());
            System.out.flush();
            node.onEnd(stop::countDown);
            stop.await();
            WorkerEnd end = node.end().orElse(new WorkerEnd(WorkerEnd.Kind.LEFT, "it was stopped"));
            System.err.println("worker '%s' ends: %s".formatted(plan.name(), end.why()));
            return switch (end.kind()) {
                case LEFT -> OK;
                case AGED -> Supervisor.REPLACED;
                case BROKEN -> FAILED;
            };
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return FAILED;
        }
    }

    /// What a scheduler leaves behind.
    ///
    /// @param directory null for nothing
    /// @param schedulers all of its list; null for itself alone
    static Keeping keeping(@Nullable Path directory, @Nullable String schedulers) {
        if (schedulers == null)
            return directory == null ? new Keeping.Nothing() : new Keeping.In(directory);
        if (directory == null)
            throw Complaints.usage(
                    "--schedulers without --dir",
                    List.of(),
                    "name a directory for what this scheduler has agreed to, with --dir");
        return new Keeping.Among(directory, SchedulerAddress.parseAll(schedulers));
    }

    private static void requirePositive(String option, int number) {
        if (number < 1) throw Complaints.usage(option + " " + number, List.of(), "give at least 1");
    }

    static void requirePort(int port) {
        if (port < 1 || port > PORT_MAX)
            throw Complaints.usage(
                    "--port " + port, List.of(), "give a number from 1 to " + PORT_MAX);
    }

    /// Ends this process when who started it has ended, whatever it is doing.
    static void endWithParent() {
        onParentsEnd(() -> Runtime.getRuntime().halt(FAILED));
    }

    /// Calls `stop` when who started this process has ended.
    private static void onParentsEnd(Runnable stop) {
        ProcessHandle.current()
                .parent()
                .ifPresent(parent -> {
                    var _ = parent.onExit().thenRun(stop);
                });
    }

    /// Calls `stop` when who started this process hangs up: it is to end now.
    private static void onInputsEnd(Runnable stop) {
        Thread.ofPlatform()
                .daemon()
                .name("quiver-input")
                .start(() -> {
                    try {
                        System.in.transferTo(OutputStream.nullOutputStream());
                    } catch (IOException e) {
                        System.err.println("standard input can't be read: " + e.getMessage());
                    }
                    stop.run();
                });
    }

    /// The command line of this JVM with other arguments.
    static List<String> command(List<String> arguments) {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        for (String flag : ManagementFactory.getRuntimeMXBean().getInputArguments())
            if (!flag.startsWith("-agentlib")) command.add(flag);
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.add(QuiverCommand.class.getName());
        command.addAll(arguments);
        return command;
    }
}
