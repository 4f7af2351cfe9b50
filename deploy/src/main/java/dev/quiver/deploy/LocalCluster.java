package dev.quiver.deploy;

import dev.quiver.client.HistorySettings;
import dev.quiver.cluster.control.SchedulerAddress;
import dev.quiver.cluster.node.Lifespan;
import dev.quiver.cluster.node.SchedulerNode;
import dev.quiver.cluster.scale.AdaptiveScaling;
import dev.quiver.cluster.security.Credentials;
import dev.quiver.columnar.memory.ByteSize;
import dev.quiver.config.Settings;
import dev.quiver.scheduler.scaling.state.ScalingLimits;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/// A cluster on this machine: `quiver cluster up`.
///
/// @param port where it is found
/// @param schedulers how many: 1, 3 or 5
/// @param directory for what schedulers leave behind
/// @param journal a directory for what they are told and decide
/// @param slots of each worker
/// @param memory of each worker
record LocalCluster(
        int port,
        int schedulers,
        Optional<Path> directory,
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
        try (LocalSchedulers there = startSchedulers();
                var started = new LocalWorkers(name -> command(there.places(), name))) {
            there.onBroken(stopped::countDown);
            for (int i = 0; i < workers.min(); i++) started.start();
            tell("quiver://" + SchedulerAddress.text(there.places()), there.dashboard());
            if (workers.isFixed()) stopped.await();
            else scale(there.places(), started, stopped);
            return there.isBroken() ? NodeCommands.FAILED : NodeCommands.OK;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return NodeCommands.FAILED;
        }
    }

    private LocalSchedulers startSchedulers() {
        if (schedulers > 1)
            return new LocalSchedulers.Several(
                    HOST, port, schedulers, directory, journal, credentials());
        var keeping = NodeCommands.keeping(directory.orElse(null), null);
        return new LocalSchedulers.One(
                SchedulerNode.start(
                        new SchedulerNode.Setup(
                                HOST,
                                port,
                                keeping,
                                credentials(),
                                journal,
                                HistorySettings.of(Settings.ofProcess()))));
    }

    private void tell(String address, Optional<URI> dashboard) {
        String several = schedulers == 1 ? "" : "%d schedulers, ".formatted(schedulers);
        System.out.printf(
                "cluster: %s, %s%s workers of %d slots and %s%n",
                address, several, workers, slots, memory);
        dashboard.ifPresent(at -> System.out.println("dashboard: " + at));
        System.out.printf("connect with: Quiver.connect(\"%s\"); Ctrl-C stops all%n", address);
        System.out.flush();
    }

    /// Has workers come and go until all is to stop.
    private void scale(
            List<SchedulerAddress> schedulers, LocalWorkers started, CountDownLatch stopped)
            throws InterruptedException {
        var limits =
                new ScalingLimits(
                        workers.min(),
                        workers.max(),
                        workers.target().toNanos(),
                        slots,
                        ByteSize.parse(memory));
        try (var scaling = new AdaptiveScaling(limits, started, schedulers, credentials())) {
            scaling.start();
            stopped.await();
        }
    }

    private static Credentials credentials() {
        return Credentials.of(Settings.ofProcess());
    }

    private List<String> command(List<SchedulerAddress> schedulers, String name) {
        var plan =
                new NodeCommands.WorkerPlan(
                        schedulers, name, HOST, slots, memory, Lifespan.ENDLESS);
        return NodeCommands.command(plan.arguments());
    }
}
