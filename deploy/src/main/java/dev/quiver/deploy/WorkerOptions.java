package dev.quiver.deploy;

import dev.quiver.cluster.control.SchedulerAddress;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// What `quiver worker` is told.
final class WorkerOptions {
    @Option(
            names = "--join",
            paramLabel = "HOST:PORT[,…]",
            required = true,
            description = "The port of a scheduler, or of some of several.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String scheduler;

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "For people (default: host and process).")
    private @Nullable String name;

    @Mixin private HostOption host = new HostOption();

    @Option(
            names = "--slots",
            paramLabel = "N",
            description = "How many tasks it runs at a time (default: one a processor).")
    private @Nullable Integer slots;

    @Option(
            names = "--memory",
            paramLabel = "SIZE",
            defaultValue = "1GB",
            description = "What it may hold in counted memory (default: ${DEFAULT-VALUE}).")
    @SuppressWarnings("NullAway.Init")
    private String memory;

    @Mixin private LeavingOptions leaving = new LeavingOptions();

    @Option(names = NodeCommands.CHILD, hidden = true)
    private boolean child;

    int run() {
        int count = slots == null ? Runtime.getRuntime().availableProcessors() : slots;
        String called = name == null ? "worker-" + ProcessHandle.current().pid() : name;
        var plan =
                new NodeCommands.WorkerPlan(
                        SchedulerAddress.parseAll(scheduler),
                        called,
                        host.address(),
                        count,
                        memory,
                        leaving.lifespan());
        return child ? NodeCommands.child(plan) : NodeCommands.worker(plan);
    }
}
