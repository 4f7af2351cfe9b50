package dev.quiver.deploy;

import dev.quiver.client.Options;
import dev.quiver.client.Quiver;
import dev.quiver.client.Session;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.pipeline.serve.Served;
import dev.quiver.pipeline.serve.Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// `quiver serve`: a server in this process until somebody stops it, with its status on a terminal.
///
/// @param programs whose pipelines are served
/// @param onScreen whether somebody looks at a terminal
record Serving(List<Path> programs, boolean onScreen) {
    private static final int REDRAWN_MILLIS = 500;

    static Serving of(List<Path> programs, boolean quiet) {
        boolean isTerminal = System.getProperty("quiver.columns") != null;
        return new Serving(programs, isTerminal && !quiet);
    }

    int run() {
        LocalSettings.load(true, logging(), "quiver serve");
        Optional<Served> all = Optional.empty();
        for (Path program : programs) {
            Served one = Program.of(program).served();
            all = Optional.of(all.map(earlier -> earlier.and(one)).orElse(one));
        }
        var stopped = new CountDownLatch(1);
        try (Session session = Quiver.local(Options.defaults().quiet());
                Server server = all.orElseThrow().start(session)) {
            Signals.onStop(stopped::countDown);
            Optional<ServeScreen> screen =
                    onScreen
                            ? Optional.of(
                                    new ServeScreen(
                                            System.out, Instant.now(), ZoneId.systemDefault()))
                            : Optional.empty();
            boolean isStopped = false;
            while (!isStopped) {
                isStopped = stopped.await(REDRAWN_MILLIS, TimeUnit.MILLISECONDS);
                screen.ifPresent(shown -> shown.show(server.status(), Instant.now()));
            }
            screen.ifPresent(
                    shown -> shown.say("stopping: runs come behind the unit they are at …"));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return 0;
    }

    /// How it logs where nobody said how: all that happens; on a terminal into a file, since the
    /// screen has the status.
    private Map<String, String> logging() {
        if (!onScreen) return Map.of("log.level", "info");
        Path file = Path.of(".quiver", "serve", "serve.log");
        try {
            Files.createDirectories(Path.of(".quiver", "serve"));
        } catch (IOException e) {
            throw new QuiverException(
                    ErrorCode.IO_FAILED,
                    "can't make '.quiver/serve': " + e.getMessage(),
                    List.of("in: " + Path.of("").toAbsolutePath()),
                    "start it in a directory that can be written to",
                    e);
        }
        return Map.of("log.level", "info", "log.file", file.toString());
    }
}
