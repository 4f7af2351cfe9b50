package dev.quiver.deploy;

import dev.quiver.config.Settings;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Where a process of a cluster listens.
final class HostOption {
    @Option(
            names = "--host",
            paramLabel = "HOST",
            description =
                    "The address at which others reach it (default: the setting cluster.host).")
    private @Nullable String host;

    String address() {
        return host == null ? Settings.ofProcess().value(Settings.Key.CLUSTER_HOST) : host;
    }
}
