package dev.quiver.deploy;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// What a scheduler leaves on its disk.
final class KeepingOptions {
    @Option(
            names = "--dir",
            paramLabel = "DIR",
            description =
                    "Where the scheduler writes down its jobs: started again with the same"
                            + " directory and port it goes on with them (default: nowhere).")
    private @Nullable Path directory;

    @Option(
            names = "--journal",
            paramLabel = "DIR",
            description =
                    "Where the scheduler writes all that it is told and decides, for 'quiver"
                            + " replay' (default: nowhere).")
    private @Nullable Path journal;

    @Nullable Path directory() {
        return directory;
    }

    Optional<Path> journal() {
        return Optional.ofNullable(journal);
    }
}
