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

    /// The java of this process, with its flags.
    private static final class Java {
        static final List<String> COMMAND = command();
        static final PreparedStart START =
                PreparedStart.of(
                        COMMAND,
                        System.getProperty(
                                "surefire.test.class.path", System.getProperty("java.class.path")));

        private Java() {}

        private static List<String> command() {
            var command = new ArrayList<String>();
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            for (String flag : ManagementFactory.getRuntimeMXBean().getInputArguments())
                if (!flag.startsWith("-Xm") && !flag.startsWith("-agent")) command.add(flag);
            command.addAll(List.of("-Xmx256m", "-XX:TieredStopAtLevel=1"));
            return List.copyOf(command);
        }
    }

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
        PreparedStart start = Java.START;
        var command = new ArrayList<>(machine.prefix());
        command.addAll(Java.COMMAND);
        command.addAll(start.options());
        command.addAll(List.of("-cp", start.classPath(), main.getName()));
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
