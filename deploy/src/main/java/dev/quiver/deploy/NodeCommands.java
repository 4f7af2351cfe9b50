package dev.quiver.deploy;

import dev.quiver.cluster.control.SchedulerAddress;
import dev.quiver.cluster.node.SchedulerNode;
import dev.quiver.cluster.node.Supervisor;
import dev.quiver.cluster.node.WorkerNode;
import dev.quiver.columnar.memory.ByteSize;
import dev.quiver.error.QuiverException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/// The processes of a cluster, each in the foreground until somebody stops it.
final class NodeCommands {
    /// What a child process is told, so that it ends with who started it.
    static final String CHILD = "--child";

    private static final int OK = 0;
    private static final int FAILED = 1;

    private NodeCommands() {}

    private static void load(String command) {
        LocalSettings.load(true, Map.of("log.level", "info"), command);
    }

    /// Runs a scheduler.
    static int scheduler(String host, int port, boolean child) {
        load("quiver scheduler");
        var stop = new CountDownLatch(1);
        onStop(stop::countDown, child);
        try (SchedulerNode node = SchedulerNode.start(new SchedulerNode.Setup(host, port))) {
            System.out.println("scheduler: " + node.address());
            System.out.println("connect with: Quiver.connect(\"%s\")".formatted(node.address()));
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
    /// @param scheduler where it joins
    record WorkerPlan(
            SchedulerAddress scheduler, String name, String host, int slots, String memory) {
        WorkerNode.Setup setup() {
            return new WorkerNode.Setup(scheduler, name, host, slots, ByteSize.parse(memory));
        }

        List<String> arguments() {
            return List.of(
                    "worker",
                    CHILD,
                    "--join",
                    scheduler.toString(),
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
        plan.setup(); // what can't be is refused here, once
        Consumer<String> lines = line -> System.out.println(line);
        try (var supervisor = new Supervisor(plan.name(), command(plan.arguments()), lines)) {
            onStop(supervisor::close, false);
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
        onStop(stop::countDown, true);
        try (WorkerNode node = WorkerNode.start(plan.setup())) {
            System.out.printf(
                    "worker %d '%s': %d slots, %s of memory%n",
                    node.number(), plan.name(), plan.slots(), plan.memory());
            System.out.flush();
            node.onEnd(stop::countDown);
            stop.await();
            if (node.endedBecause().isEmpty()) return OK;
            System.err.println("worker '%s' ends: %s".formatted(plan.name(), node.endedBecause()));
            return FAILED;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return FAILED;
        }
    }

    /// Runs a scheduler and workers on this machine.
    static int up(int port, int workers, int slots, String memory) {
        load("quiver cluster up");
        var supervisors = new ArrayList<Supervisor>();
        var stopped = new CountDownLatch(1);
        onStop(stopped::countDown, false);
        try (SchedulerNode node = SchedulerNode.start(new SchedulerNode.Setup("127.0.0.1", port))) {
            try {
                for (int i = 1; i <= workers; i++) {
                    String name = "worker-" + i;
                    var plan = new WorkerPlan(node.place(), name, "127.0.0.1", slots, memory);
                    var supervisor =
                            new Supervisor(
                                    name,
                                    command(plan.arguments()),
                                    line -> System.out.println(name + ": " + line));
                    supervisors.add(supervisor);
                    supervisor.start();
                }
                System.out.printf(
                        "cluster: %s, %d workers of %d slots and %s%n",
                        node.address(), workers, slots, memory);
                System.out.printf(
                        "connect with: Quiver.connect(\"%s\"); Ctrl-C stops all%n", node.address());
                System.out.flush();
                node.onBroken(stopped::countDown);
                stopped.await();
                return node.isBroken() ? FAILED : OK;
            } finally {
                supervisors.parallelStream().forEach(Supervisor::close);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return FAILED;
        }
    }

    /// Calls `stop` when the process is to end; a child also when who started it has.
    private static void onStop(Runnable stop, boolean child) {
        Signals.onStop(stop);
        if (!child) return;
        ProcessHandle.current()
                .parent()
                .ifPresent(parent -> {
                    var _ = parent.onExit().thenRun(stop);
                });
    }

    /// The command line of this JVM with other arguments.
    private static List<String> command(List<String> arguments) {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        for (String flag : ManagementFactory.getRuntimeMXBean().getInputArguments())
            if (!flag.startsWith("-agentlib")) command.add(flag);
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.add(QuiverCommand.class.getName());
        command.addAll(arguments);
        return command;
    }

    /// Refuses numbers that make no sense.
    static QuiverException refused(String what, String fix) {
        return Complaints.usage(what, List.of(), fix);
    }
}
