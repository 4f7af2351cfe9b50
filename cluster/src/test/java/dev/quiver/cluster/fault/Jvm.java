package dev.quiver.cluster.fault;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Processes with the class path of the tests.
final class Jvm {
    private Jvm() {}

    /// Starts a class's `main`.
    ///
    /// @param log takes what it prints
    static Process start(Class<?> main, List<String> arguments, Path log) {
        return start(main, arguments, log, Path.of(""));
    }

    /// @param directory in which it runs
    static Process start(Class<?> main, List<String> arguments, Path log, Path directory) {
        return start(main, arguments, log, directory, Map.of());
    }

    /// @param environment what it has there beyond that of this process
    static Process start(
            Class<?> main,
            List<String> arguments,
            Path log,
            Path directory,
            Map<String, String> environment) {
        return start(main, arguments, log, directory, environment, Machine.THIS);
    }

    /// @param machine on which it runs
    static Process start(
            Class<?> main,
            List<String> arguments,
            Path log,
            Path directory,
            Map<String, String> environment,
            Machine machine) {
        var command = new ArrayList<>(machine.prefix());
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        for (String flag : ManagementFactory.getRuntimeMXBean().getInputArguments())
            if (!flag.startsWith("-Xm") && !flag.startsWith("-agent")) command.add(flag);
        command.add("-Xmx256m");
        command.add("-XX:TieredStopAtLevel=1");
        String classes =
                System.getProperty(
                        "surefire.test.class.path", System.getProperty("java.class.path"));
        command.addAll(List.of("-cp", classes, main.getName()));
        command.addAll(arguments);
        try {
            var builder =
                    new ProcessBuilder(command)
                            .directory(directory.toAbsolutePath().toFile())
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
            builder.environment().putAll(environment);
            return builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
