package dev.quiver.deploy;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// What a command answered.
record Spoken(int status, String out, String err) {
    private static final int SECONDS_MAX = 120;

    /// Runs the command in this process.
    static Spoken by(String... words) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        PrintStream outBefore = System.out;
        PrintStream errBefore = System.err;
        try (var outStream = new PrintStream(out, true, StandardCharsets.UTF_8);
                var errStream = new PrintStream(err, true, StandardCharsets.UTF_8)) {
            System.setOut(outStream);
            System.setErr(errStream);
            int status = QuiverCommand.execute(List.of(words));
            return new Spoken(
                    status,
                    out.toString(StandardCharsets.UTF_8),
                    err.toString(StandardCharsets.UTF_8));
        } finally {
            System.setOut(outBefore);
            System.setErr(errBefore);
        }
    }

    /// The command in a process of its own, which has the classes of this one. It doesn't live long
    /// enough for code to be compiled well.
    static ProcessBuilder process(String... words) {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        String classes =
                System.getProperty(
                        "surefire.test.class.path", System.getProperty("java.class.path"));
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-cp", classes));
        command.add(QuiverCommand.class.getName());
        command.addAll(List.of(words));
        return new ProcessBuilder(command);
    }

    /// Runs a process to its end, with nothing in its environment but what is given.
    static Spoken byProcess(Path directory, Map<String, String> environment, List<String> words)
            throws IOException, InterruptedException {
        Path out = Files.createTempFile("spoken", ".out");
        Path err = Files.createTempFile("spoken", ".err");
        try {
            var builder =
                    new ProcessBuilder(words)
                            .directory(directory.toFile())
                            .redirectInput(new File("/dev/null"))
                            .redirectOutput(out.toFile())
                            .redirectError(err.toFile());
            builder.environment().clear();
            builder.environment().putAll(environment);
            Process process = builder.start();
            if (!process.waitFor(SECONDS_MAX, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException(
                        "%s took longer than %d s".formatted(words, SECONDS_MAX));
            }
            return new Spoken(process.exitValue(), Files.readString(out), Files.readString(err));
        } finally {
            Files.delete(out);
            Files.delete(err);
        }
    }
}
