package dev.quiver.cluster.client;

import dev.quiver.client.Screen;
import dev.quiver.cluster.control.PrintedLine;
import dev.quiver.cluster.control.TaskPrints;
import dev.quiver.config.Settings;
import dev.quiver.error.QuiverException;
import java.io.PrintStream;

/// Shows what tasks print, where the client prints.
final class PrintedOutput {
    private final boolean shown;

    private PrintedOutput(boolean shown) {
        this.shown = shown;
    }

    /// Of a session that nobody looks at.
    static PrintedOutput hidden() {
        return new PrintedOutput(false);
    }

    /// @throws QuiverException CONFIG_INVALID when the setting is neither true nor false
    static PrintedOutput of(Settings settings) {
        return new PrintedOutput(settings.setting(Settings.Key.CLUSTER_PRINTS).truth());
    }

    void show(TaskPrints printed) {
        if (shown) Screen.ofProcess().print(() -> print(printed));
    }

    @SuppressWarnings("SystemOut") // it is what tasks print
    private static void print(TaskPrints printed) {
        for (PrintedLine line : printed.lines()) {
            PrintStream out = line.error() ? System.err : System.out;
            out.println("[%s] %s".formatted(printed.worker(), line.text()));
        }
        if (printed.missing() > 0)
            System.err.println(
                    "[%s] … and %,d lines more, in the worker's own output"
                            .formatted(printed.worker(), printed.missing()));
    }
}
