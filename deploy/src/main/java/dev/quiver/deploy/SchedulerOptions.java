package dev.quiver.deploy;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// What `quiver scheduler` is told.
final class SchedulerOptions {
    @Mixin private HostOption host = new HostOption();

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "8786",
            description =
                    "Where it is found (default: ${DEFAULT-VALUE}); a busy one moves on to the"
                            + " next, but not with --dir.")
    private int port;

    @Mixin private KeepingOptions kept = new KeepingOptions();

    @Option(
            names = "--schedulers",
            paramLabel = "HOST:PORT,…",
            description =
                    "All 3 or 5 schedulers of the cluster, this one too, the same list for each:"
                            + " one is active, and another one goes on when it dies. Needs --dir.")
    private @Nullable String schedulers;

    @Option(names = NodeCommands.CHILD, hidden = true)
    private boolean child;

    int run() {
        return NodeCommands.scheduler(
                host.address(),
                port,
                NodeCommands.keeping(kept.directory(), schedulers),
                kept.journal(),
                child ? NodeCommands.Stopping.BY_PARENT : NodeCommands.Stopping.BY_SIGNAL);
    }
}
