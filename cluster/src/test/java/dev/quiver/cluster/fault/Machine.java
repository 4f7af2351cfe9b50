package dev.quiver.cluster.fault;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Where a process of a test runs.
///
/// @param host by which others reach it
/// @param prefix of a command that runs there
record Machine(String host, List<String> prefix) {
    static final Machine THIS = new Machine("127.0.0.1", List.of());

    private static final Path LIBRARIES = Path.of("/usr/lib");

    Machine {
        prefix = List.copyOf(prefix);
    }

    /// The same machine with a clock that is wrong. Takes the library faketime.
    ///
    /// @param offset such as `+1h`
    Machine withClock(String offset) {
        var all = new ArrayList<>(prefix);
        all.addAll(
                List.of(
                        "env",
                        "LD_PRELOAD=" + library(),
                        "FAKETIME=" + offset,
                        "FAKETIME_DONT_FAKE_MONOTONIC=1",
                        "FAKETIME_FORCE_MONOTONIC_FIX=0", // else no wait of a JVM waits
                        "NO_FAKE_STAT=1")); // files have the times of whoever wrote them
        return new Machine(host, all);
    }

    private static Path library() {
        try (Stream<Path> found =
                Files.find(
                        LIBRARIES, 3, (path, _) -> path.endsWith("faketime/libfaketimeMT.so.1"))) {
            return found.findFirst()
                    .orElseThrow(() -> new AssertionError("install the package faketime"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
