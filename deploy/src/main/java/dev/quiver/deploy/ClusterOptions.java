package dev.quiver.deploy;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// What `quiver cluster up` is told.
final class ClusterOptions {
    @Option(
            names = "--workers",
            paramLabel = "N|MIN..MAX",
            defaultValue = "2",
            description =
                    "How many (default: ${DEFAULT-VALUE}); with 1..4 as many of these as there is"
                            + " work for.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String workers;

    @Option(
            names = "--target",
            paramLabel = "TIME",
            description =
                    "With MIN..MAX workers: more are started when what waits would take longer"
                            + " than that (default: 5s). One that wasn't needed for six times as"
                            + " long leaves.")
    private @Nullable String target;

    @Option(
            names = "--schedulers",
            paramLabel = "N",
            defaultValue = "1",
            description =
                    "How many schedulers: 1, or 3 or 5 that agree on one that is active, so that"
                            + " another one goes on when it dies (default: ${DEFAULT-VALUE}).")
    private int schedulers;

    @Option(
            names = "--slots",
            paramLabel = "N",
            defaultValue = "1",
            description = "How many tasks each runs at a time (default: ${DEFAULT-VALUE}).")
    private int slots;

    @Option(
            names = "--memory",
            paramLabel = "SIZE",
            defaultValue = "1GB",
            description = "What each may hold in counted memory (default: ${DEFAULT-VALUE}).")
    @SuppressWarnings("NullAway.Init")
    private String memory;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "8786",
            description = "Where it is found (default: ${DEFAULT-VALUE}).")
    private int port;

    @Mixin private KeepingOptions kept = new KeepingOptions();

    int run() {
        if (schedulers < 1)
            throw Complaints.usage("--schedulers " + schedulers, List.of(), "give 1, 3 or 5");
        return new LocalCluster(
                        port,
                        schedulers,
                        Optional.ofNullable(kept.directory()),
                        kept.journal(),
                        WorkerCount.parse("--workers", workers, target),
                        slots,
                        memory)
                .run();
    }
}
