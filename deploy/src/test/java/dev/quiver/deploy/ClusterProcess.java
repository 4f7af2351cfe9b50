package dev.quiver.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// `quiver cluster up` in a process of its own.
final class ClusterProcess implements AutoCloseable {
    /// By which a cluster says where it is.
    static final Pattern ADDRESS = Pattern.compile("quiver://[0-9.]+:\\d+(,[0-9.]+:\\d+)*");

    private final Process process;
    private final BufferedReader output;

    private ClusterProcess(Process process) {
        this.process = process;
        this.output = process.inputReader();
    }

    /// @param options of `cluster up`
    static ClusterProcess up(String... options) throws IOException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        Path flags = Path.of("src/main/jvm/node.options").toAbsolutePath();
        assertThat(flags).exists();
        command.addAll(List.of("@" + flags, "-XX:TieredStopAtLevel=1", "-cp"));
        command.add(
                System.getProperty(
                        "surefire.test.class.path", System.getProperty("java.class.path")));
        command.addAll(List.of(QuiverCommand.class.getName(), "cluster", "up"));
        command.addAll(List.of(options));
        return new ClusterProcess(new ProcessBuilder(command).redirectErrorStream(true).start());
    }

    Process process() {
        return process;
    }

    /// Reads on until a line has something in it.
    String read(Pattern wanted) throws IOException {
        var seen = new ArrayList<String>();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            seen.add(line);
            Matcher matcher = wanted.matcher(line);
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
