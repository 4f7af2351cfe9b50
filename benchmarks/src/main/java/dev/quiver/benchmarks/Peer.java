package dev.quiver.benchmarks;

import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Another engine in a process of its own, which answers a line a command (see the scripts in
/// benchmarks/peers).
final class Peer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Peer.class);
    private static final int PATIENCE_SECONDS = 30;

    private final String name;
    private final String version;
    private final Process process;
    private final Writer commands;
    private final BufferedReader answers;

    private Peer(String name, Process process) {
        this.name = name;
        this.process = process;
        this.commands = process.outputWriter();
        this.answers = process.inputReader();
        this.version = answer().getOrDefault("version", "?");
    }

    /// Starts a script for an engine.
    ///
    /// @throws QuiverException when there is no environment for it
    static Peer start(String script, String engine, int threads) {
        Path scripts = scripts();
        var builder =
                new ProcessBuilder(
                        python(scripts).toString(),
                        scripts.resolve(script).toString(),
                        engine,
                        Integer.toString(threads));
        try {
            return new Peer(engine, builder.redirectError(ProcessBuilder.Redirect.INHERIT).start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The lines that a script prints when it is run to its end, as pairs.
    static List<Map<String, String>> run(String script, String... arguments) {
        Path scripts = scripts();
        var command = new java.util.ArrayList<String>();
        command.add(python(scripts).toString());
        command.add(scripts.resolve(script).toString());
        command.addAll(List.of(arguments));
        try {
            Process process =
                    new ProcessBuilder(command)
                            .redirectError(ProcessBuilder.Redirect.INHERIT)
                            .start();
            List<Map<String, String>> lines =
                    process.inputReader().lines().map(Peer::pairs).toList();
            int status = process.waitFor();
            if (status != 0) throw died(script, "exit status " + status);
            return lines;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw died(script, "interrupted");
        }
    }

    /// TPC-H's lineitem at scale 1 below `folder`, made by tpchgen when it isn't there.
    static Path lineitem(Path folder) {
        Path file = folder.resolve("lineitem.parquet");
        if (Files.exists(file)) return file;
        Path making = folder.resolve("lineitem.part");
        var _ = run("lineitem.py", making.toString());
        try {
            Files.move(making.resolve("lineitem.parquet"), file, StandardCopyOption.ATOMIC_MOVE);
            Files.delete(making);
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The flights of the examples.
    static Path flights() {
        return root().resolve("examples").resolve("nycflights13").resolve("flights.csv.gz");
    }

    /// Where the peers' scripts lie.
    private static Path scripts() {
        return root().resolve("benchmarks").resolve("peers");
    }

    private static Path root() {
        String root =
                Optional.ofNullable(System.getProperty("quiver.root"))
                        .or(() -> Optional.ofNullable(System.getenv("QUIVER_ROOT")))
                        .orElse(".");
        return Path.of(root).toAbsolutePath().normalize();
    }

    private static Path python(Path scripts) {
        String chosen = System.getenv("QUIVER_PEERS_PYTHON");
        Path python = chosen == null ? scripts.resolve("venv/bin/python") : Path.of(chosen);
        if (!Files.isExecutable(python))
            throw new QuiverException(
                    ErrorCode.UNAVAILABLE,
                    "the peers' Python environment isn't there",
                    List.of("looked for: " + python),
                    "run benchmarks/peers/setup.sh, or set QUIVER_PEERS_PYTHON, or leave"
                            + " --against out");
        return python;
    }

    String name() {
        return name;
    }

    String version() {
        return version;
    }

    /// Sends a command and waits for its answer.
    Map<String, String> ask(String command) {
        try {
            commands.write(command + "\n");
            commands.flush();
        } catch (IOException e) {
            throw died(name, e.toString());
        }
        return answer();
    }

    private Map<String, String> answer() {
        try {
            String line = answers.readLine();
            if (line == null) throw died(name, "it ended without an answer");
            return pairs(line);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, String> pairs(String line) {
        var pairs = new LinkedHashMap<String, String>();
        for (String pair : line.split("\t", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0) pairs.put(pair.substring(0, equals), pair.substring(equals + 1));
        }
        return pairs;
    }

    private static QuiverException died(String name, String why) {
        return new QuiverException(
                ErrorCode.UNAVAILABLE,
                "the peer %s stopped: %s".formatted(name, why),
                List.of(),
                "its own message stands above; run benchmarks/peers/setup.sh again");
    }

    /// Lets it end what it has started.
    @Override
    public void close() {
        try {
            commands.close();
            if (process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) return;
        } catch (IOException e) {
            LOG.debug("{} has ended before it was told to", name, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        process.descendants().forEach(ProcessHandle::destroy);
        process.destroy();
    }
}
