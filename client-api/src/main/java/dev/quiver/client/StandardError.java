package dev.quiver.client;

import java.io.Console;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// Where the process's standard error goes.
final class StandardError {
    /// Linux tells here what is open.
    private static final Path LINK = Path.of("/proc/self/fd/2");

    private StandardError() {}

    /// Whether a person sees it on a screen whose lines can be redrawn. Java only tells of standard
    /// input and output, which may be redirected while standard error isn't.
    static boolean isTerminal() {
        if ("dumb".equals(System.getenv("TERM"))) return false;
        try {
            String target = Files.readSymbolicLink(LINK).toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
        } catch (IOException | UnsupportedOperationException e) { // not Linux
            return Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
        }
    }
}
