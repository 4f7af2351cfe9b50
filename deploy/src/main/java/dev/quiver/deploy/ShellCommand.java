package dev.quiver.deploy;

import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.notebook.Notebook;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import jdk.jshell.tool.JavaShellToolBuilder;
import picocli.CommandLine.Command;

/// `quiver shell`.
@Command(
        name = "shell",
        description =
                "Run Java line by line, with a session 'q' open and Quiver's names imported: on the"
                        + " cluster that the setting cluster.address names, else in this process.")
final class ShellCommand implements Callable<Integer> {
    @Override
    public Integer call() {
        LocalSettings.load(false);
        try {
            Path startUp = Files.createTempFile("quiver-shell", ".jsh");
            try {
                Files.write(startUp, Notebook.startUp());
                return shell(startUp);
            } finally {
                Files.deleteIfExists(startUp);
            }
        } catch (IOException e) {
            throw new QuiverException(
                    ErrorCode.IO_FAILED,
                    "the shell can't be started",
                    List.of("because: " + e),
                    "make room in the directory for temporary files",
                    e);
        }
    }

    private static int shell(Path startUp) {
        try {
            return JavaShellToolBuilder.builder()
                    .start(
                            "--execution",
                            "local",
                            "--class-path",
                            System.getProperty("java.class.path"),
                            "--startup",
                            "DEFAULT",
                            "--startup",
                            startUp.toString());
        } catch (Exception e) {
            throw new QuiverException(
                    ErrorCode.INTERNAL, "the shell broke: " + e, List.of(), "please report it", e);
        }
    }
}
