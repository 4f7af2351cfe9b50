package dev.quiver.deploy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// `quiver cluster up`, by the launcher.
final class ClusterProcess implements AutoCloseable {
    /// By which a cluster says where it is.
    static final Pattern ADDRESS = Pattern.compile("quiver://[0-9.]+:\\d+(,[0-9.]+:\\d+)*");

    private final Process process;

    /// What it printed and nobody has read, and at its end nothing. It is taken in all the time: a
    /// process whose output nobody takes stands still.
    private final BlockingQueue<Optional<String>> output = new LinkedBlockingQueue<>();

    private ClusterProcess(Process process) {
        this.process = process;
        Thread.ofVirtual().start(this::takeOutput);
    }

    private void takeOutput() {
        try (BufferedReader lines = process.inputReader()) {
            lines.lines().map(Optional::of).forEach(output::add);
        } catch (IOException | UncheckedIOException e) {
            output.add(Optional.of("its output ends: " + e));
        }
        output.add(Optional.empty());
    }

    /// One that keeps nothing of its sessions.
    ///
    /// @param options of `cluster up`
    static ClusterProcess up(String... options) throws IOException, InterruptedException {
        return up(Map.of("QUIVER_HISTORY", "never"), options);
    }

    /// @param environment beyond that of this process
    static ClusterProcess up(Map<String, String> environment, String... options)
            throws IOException, InterruptedException {
        var command = new ArrayList<String>();
        command.add(Unzipped.root().resolve("quiver").toString());
        command.addAll(List.of("cluster", "up"));
        command.addAll(List.of(options));
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(Unzipped.environment());
        builder.environment().putAll(environment);
        return new ClusterProcess(builder.start());
    }

    Process process() {
        return process;
    }

    /// Reads on until a line has something in it.
    String read(Pattern wanted) throws InterruptedException {
        var seen = new ArrayList<String>();
        for (var line = output.take(); line.isPresent(); line = output.take()) {
            seen.add(line.get());
            Matcher matcher = wanted.matcher(line.get());
            if (matcher.find()) return matcher.group();
        }
        throw new AssertionError("never printed: " + wanted + "\n" + String.join("\n", seen));
    }

    /// Ends all; no process stays.
    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}
