package dev.quiver.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quiver.pipeline.history.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What `quiver kernel` writes for Jupyter.
final class KernelCommandTest {
    @TempDir private Path directory;

    /// A program that answers as a Python of that prefix would.
    private Path python(Path prefix) throws IOException {
        Path program = Files.createDirectories(prefix.resolve("bin")).resolve("python");
        Clone.executable(program, "#!/bin/sh\necho '%s'; echo /nowhere\n".formatted(prefix));
        return program;
    }

    private Path withJjava(String name) throws IOException {
        Path prefix = Files.createDirectories(directory.resolve(name));
        python(prefix);
        Path java = Files.createDirectories(prefix.resolve("share/jupyter/kernels/java"));
        Files.writeString(java.resolve("jjava.jar"), "a jar");
        return prefix;
    }

    @Test
    void the_kernelspec_names_this_java_its_flags_and_all_jars() throws IOException {
        Path prefix = withJjava("venv");
        Path kernel = prefix.resolve("share/jupyter/kernels/quiver-java");

        Spoken spoken = Spoken.by("kernel", "install", "--prefix", prefix.toString());

        assertThat(spoken.err()).isEmpty();
        assertThat(spoken.out()).contains("installed: " + kernel, "Quiver (Java)");
        Map<?, ?> spec = (Map<?, ?>) Json.object(Files.readString(kernel.resolve("kernel.json")));
        assertThat(spec.get("display_name")).isEqualTo("Quiver (Java)");
        assertThat(spec.get("interrupt_mode")).isEqualTo("message");
        List<String> arguments = new ArrayList<>();
        for (Object argument : (List<?>) spec.get("argv")) arguments.add((String) argument);
        assertThat(arguments.getFirst())
                .isEqualTo(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        assertThat(arguments)
                .contains("--add-opens=jdk.jshell/jdk.jshell=ALL-UNNAMED")
                .endsWith("org.dflib.jjava.distro.JJava", "{connection_file}");
        String classPath = arguments.get(arguments.indexOf("-cp") + 1);
        assertThat(classPath)
                .contains(kernel.resolve("lib") + "/*")
                .endsWith(prefix.resolve("share/jupyter/kernels/java/jjava.jar").toString());
        assertThat(kernel.resolve("logo-svg.svg")).exists();
    }

    @Test
    void it_is_written_anew_and_taken_away_without_touching_its_neighbours() throws IOException {
        Path prefix = withJjava("venv");
        Path kernels = prefix.resolve("share/jupyter/kernels");
        Spoken.by("kernel", "install", "--prefix", prefix.toString());

        Spoken again = Spoken.by("kernel", "install", "--prefix", prefix.toString());
        Spoken removed = Spoken.by("kernel", "remove", "--prefix", prefix.toString());
        Spoken gone = Spoken.by("kernel", "remove", "--prefix", prefix.toString());

        assertThat(again.status()).isZero();
        assertThat(removed.out()).startsWith("removed: ");
        assertThat(gone.out()).startsWith("not there: ");
        assertThat(kernels.resolve("java/jjava.jar")).exists();
        assertThat(kernels.resolve("quiver-java")).doesNotExist();
    }

    @Test
    void a_python_without_jjava_is_told_how_to_get_it() throws IOException {
        Path prefix = Files.createDirectories(directory.resolve("bare"));
        Path python = python(prefix);

        Spoken spoken = Spoken.by("kernel", "install", "--prefix", prefix.toString());

        assertThat(spoken.status()).isEqualTo(1);
        assertThat(spoken.err())
                .contains("JJava isn't installed for " + python)
                .contains("not there: " + prefix.resolve("share/jupyter/kernels/java/jjava.jar"))
                .contains(python + " -m pip install jupyterlab jjava==1.0a8");
        assertThat(prefix.resolve("share")).doesNotExist();
    }

    @Test
    void a_command_that_makes_no_sense_is_told_so() {
        Spoken bare = Spoken.by("kernel");
        Spoken both = Spoken.by("kernel", "remove", "--user", "--prefix", "x");
        Spoken broken = Spoken.by("kernel", "install", "--python", "/nowhere/python");

        assertThat(bare.err()).contains("say 'quiver kernel install'");
        assertThat(both.err()).contains("give one of them");
        assertThat(broken.err()).contains("/nowhere/python can't be run", "--python");
    }
}
