package dev.quiver.deploy;

import dev.quiver.cluster.control.SchedulerAddress;
import dev.quiver.cluster.node.Lifespan;
import dev.quiver.cluster.node.SchedulerNode;
import dev.quiver.cluster.node.SchedulerNode.Keeping;
import dev.quiver.cluster.scale.AdaptiveScaling;
import dev.quiver.cluster.security.Credentials;
import dev.quiver.columnar.memory.ByteSize;
import dev.quiver.config.Settings;
import dev.quiver.scheduler.scaling.state.ScalingLimits;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/// A cluster on this machine: `quiver cluster up`.
///
/// @param port where it is found
/// @param keeping what its scheduler leaves behind
/// @param journal a directory for what that is told and decides
/// @param slots of each worker
/// @param memory of each worker
record LocalCluster(
        int port,
        Keeping keeping,
        Optional<Path> journal,
        WorkerCount workers,
        int slots,
        String memory) {
    private static final String HOST = "127.0.0.1";

    /// Runs it until somebody stops it.
    ///
    /// @return the exit status
    int run() {
        NodeCommands.load("quiver cluster up");
        NodeCommands.requirePort(port);
        NodeCommands.WorkerPlan.require(slots, memory);
        var stopped = new CountDownLatch(1);
        Signals.onStop(stopped::countDown);
        var setup = new SchedulerNode.Setup(HOST, port, keeping, credentials(), journal);
        try (SchedulerNode node = SchedulerNode.start(setup);
                var started = new LocalWorkers(name -> command(node.place(), name))) {
            node.onBroken(stopped::countDown);
            for (int i = 0; i < workers.min(); i++) started.start();
            System.out.printf(
                    "cluster: %s, %s workers of %d slots and %s%n",
                    node.address(), workers, slots, memory);
            System.out.printf(
                    "connect with: Quiver.connect(\"%s\"); Ctrl-C stops all%n", node.address());
            System.out.flush();
            if (workers.isFixed()) stopped.await();
            else scale(node.place(), started, stopped);
            return node.isBroken() ? NodeCommands.FAILED : NodeCommands.OK;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return NodeCommands.FAILED;
        }
    }

    /// Has workers come and go until all is to stop.
    private void scale(SchedulerAddress scheduler, LocalWorkers started, CountDownLatch stopped)
            throws InterruptedException {
        var limits =
                new ScalingLimits(
                        workers.min(),
                        workers.max(),
                        workers.target().toNanos(),
                        slots,
                        ByteSize.parse(memory));
        try (var scaling =
                new AdaptiveScaling(limits, started, List.of(scheduler), credentials())) {
            scaling.start();
            stopped.await();
        }
    }

    private static Credentials credentials() {
        return Credentials.of(Settings.ofProcess());
    }

    private List<String> command(SchedulerAddress scheduler, String name) {
        var plan =
                new NodeCommands.WorkerPlan(
                        List.of(scheduler), name, HOST, slots, memory, Lifespan.ENDLESS);
        return NodeCommands.command(plan.arguments());
    }
}
