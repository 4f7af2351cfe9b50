package dev.quiver.deploy;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.SimpleFormatter;

/// Where log records go, a line each: time in UTC, level, logger, message; what was thrown follows.
final class LogLines extends Handler {
    private static final Map<Level, String> NAMES =
            Map.of(
                    Level.SEVERE, "ERROR",
                    Level.WARNING, "WARN",
                    Level.INFO, "INFO",
                    Level.FINE, "DEBUG",
                    Level.FINEST, "TRACE");

    private final PrintStream out;

    private LogLines(PrintStream out) {
        this.out = out;
        setFormatter(new SimpleFormatter()); // puts the parameters into the message
    }

    static LogLines toStandardError() {
        return new LogLines(System.err);
    }

    /// Lines at the end of a file, which several processes may share.
    static LogLines to(Path file) throws IOException {
        var stream =
                Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        return new LogLines(new PrintStream(stream, false, StandardCharsets.UTF_8));
    }

    @Override
    public synchronized void publish(LogRecord event) {
        if (!isLoggable(event)) return;
        Level level = event.getLevel();
        out.println(
                "%s %-5s %s: %s"
                        .formatted(
                                event.getInstant(),
                                NAMES.getOrDefault(level, level.getName()),
                                event.getLoggerName(),
                                getFormatter().formatMessage(event)));
        if (event.getThrown() != null) event.getThrown().printStackTrace(out);
        out.flush();
    }

    @Override
    public synchronized void flush() {
        out.flush();
    }

    @Override
    public void close() {
        flush(); // standard error stays open, and a file ends with the process
    }
}
