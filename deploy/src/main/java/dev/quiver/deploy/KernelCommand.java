package dev.quiver.deploy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `quiver kernel`.
@Command(
        name = "kernel",
        description = "Let Jupyter open notebooks with Quiver: 'quiver kernel install'.",
        subcommands = {KernelCommand.Install.class, KernelCommand.Remove.class})
final class KernelCommand implements Runnable {
    @Override
    public void run() {
        throw Complaints.usage(
                "quiver kernel: no command",
                List.of("has: install, remove"),
                "say 'quiver kernel install'");
    }

    /// Where Jupyter looks.
    static final class Place {
        @Option(
                names = "--user",
                description = "For all of this user's Pythons, which is what happens anyway.")
        private boolean user;

        @Option(
                names = "--prefix",
                paramLabel = "DIR",
                description =
                        "For the Python of this directory alone, such as a virtual environment.")
        private @Nullable Path prefix;

        private Optional<Path> prefix() {
            Path given = prefix;
            if (given == null) return Optional.empty();
            if (user)
                throw Complaints.usage(
                        "--user and --prefix", List.of(), "give one of them, or none for --user");
            return Optional.of(given.toAbsolutePath().normalize());
        }

        Path directory() {
            return prefix().map(Jupyter::shareOf)
                    .orElseGet(Jupyter::shareOfUser)
                    .resolve("kernels")
                    .resolve(Kernelspec.NAME);
        }

        /// The Python in which JJava is looked for when none is named.
        Path python() {
            Optional<Path> own =
                    prefix().map(dir -> dir.resolve("bin").resolve("python")).filter(Files::exists);
            return own.orElseGet(Jupyter::pythonOnPath);
        }
    }

    /// `quiver kernel install`.
    @Command(
            name = "install",
            description =
                    "Write the kernelspec 'Quiver (Java)', with the Java and the jars that run this"
                            + " command. It needs JJava: pip install jupyterlab jjava==1.0a8")
    static final class Install implements Callable<Integer> {
        @Mixin
        @SuppressWarnings("NullAway.Init") // picocli sets it
        private Place place;

        @Option(
                names = "--python",
                paramLabel = "PROGRAM",
                description =
                        "The Python that has JJava (default: that of the prefix, else the one on"
                                + " PATH).")
        private @Nullable Path python;

        @Override
        public Integer call() {
            Path asked = python;
            Path jjava = Jupyter.jjava(asked == null ? place.python() : asked);
            Path directory = place.directory();
            Kernelspec.ofProcess(jjava).write(directory);
            System.out.printf("installed: %s%n", directory);
            System.out.printf("next: jupyter lab, and there 'Quiver (Java)'%n");
            return 0;
        }
    }

    /// `quiver kernel remove`.
    @Command(name = "remove", description = "Take the kernelspec away.")
    static final class Remove implements Callable<Integer> {
        @Mixin
        @SuppressWarnings("NullAway.Init") // picocli sets it
        private Place place;

        @Override
        public Integer call() {
            Path directory = place.directory();
            boolean wasThere = Kernelspec.remove(directory);
            System.out.printf("%s: %s%n", wasThere ? "removed" : "not there", directory);
            return 0;
        }
    }
}
