package dev.quiver.deploy;

import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Where a Python's Jupyter keeps kernels.
final class Jupyter {
    /// What `pip install jjava` brings.
    private static final Path JJAVA = Path.of("kernels", "java", "jjava.jar");

    private static final String INSTALLING = "-m pip install jupyterlab jjava==1.0a8";
    private static final long PYTHON_SECONDS_MAX = 60;

    /// The directories below which that Python's packages put what they share.
    private static final String PREFIXES =
            "import site, sys; print(sys.prefix); print(site.getuserbase())";

    private Jupyter() {}

    static Path shareOf(Path prefix) {
        return prefix.resolve("share").resolve("jupyter");
    }

    /// As jupyter_core's `jupyter_data_dir`.
    static Path shareOfUser() {
        Optional<Path> said = variable("JUPYTER_DATA_DIR");
        if (said.isPresent()) return said.get();
        Path home = Path.of(System.getProperty("user.home"));
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        if (system.startsWith("mac")) return home.resolve("Library").resolve("Jupyter");
        if (system.startsWith("windows"))
            return variable("APPDATA").orElse(home).resolve("jupyter");
        return variable("XDG_DATA_HOME")
                .orElse(home.resolve(".local").resolve("share"))
                .resolve("jupyter");
    }

    private static Optional<Path> variable(String name) {
        return Optional.ofNullable(System.getenv(name))
                .filter(value -> !value.isBlank())
                .map(Path::of);
    }

    /// @throws QuiverException UNAVAILABLE when there is none
    static Path pythonOnPath() {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        for (String name : List.of("python3", "python"))
            for (String directory : path.split(File.pathSeparator, -1)) {
                if (directory.isEmpty()) continue;
                Path program = Path.of(directory, name);
                if (Files.isExecutable(program)) return program;
            }
        throw new QuiverException(
                ErrorCode.UNAVAILABLE,
                "no Python is on PATH",
                List.of(),
                "name the one that has JupyterLab and JJava: --python /path/to/python");
    }

    /// The jar of JJava that a Python has.
    ///
    /// @throws QuiverException UNAVAILABLE when it has none, or can't be run
    static Path jjava(Path python) {
        List<Path> looked = new ArrayList<>();
        for (String prefix : prefixes(python)) {
            Path jar = shareOf(Path.of(prefix)).resolve(JJAVA);
            if (Files.isRegularFile(jar)) return jar;
            looked.add(jar);
        }
        throw new QuiverException(
                ErrorCode.UNAVAILABLE,
                "JJava isn't installed for %s".formatted(python),
                looked.stream().map(jar -> "not there: " + jar).toList(),
                "run '%s %s', or name the Python that has it: --python /path/to/python"
                        .formatted(python, INSTALLING));
    }

    private static List<String> prefixes(Path python) {
        try {
            Process process =
                    new ProcessBuilder(python.toString(), "-c", PREFIXES)
                            .redirectErrorStream(true)
                            .start();
            process.getOutputStream().close();
            String said =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor(PYTHON_SECONDS_MAX, TimeUnit.SECONDS) && process.exitValue() == 0)
                return said.lines().toList();
            process.destroyForcibly();
            throw notRun(python, said.strip(), null);
        } catch (IOException e) {
            throw notRun(python, e.toString(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw notRun(python, "interrupted", e);
        }
    }

    private static QuiverException notRun(Path python, String why, @Nullable Exception cause) {
        return new QuiverException(
                ErrorCode.UNAVAILABLE,
                "%s can't be run".formatted(python),
                List.of("because: " + why),
                "name a Python that works: --python /path/to/python",
                cause);
    }
}
