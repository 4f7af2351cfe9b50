package dev.quiver.deploy;

import dev.quiver.pipeline.RowCounts;
import dev.quiver.pipeline.history.Json;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.SimpleFormatter;
import org.slf4j.MDC;

/// Where log records go. As text a line each: time in UTC, level, logger, message; what was thrown
/// follows. As JSON an object a line, with the run, pipeline, step and unit that it is about.
final class LogLines extends Handler {
    enum Format {
        TEXT,
        JSON
    }

    private static final Map<Level, String> NAMES =
            Map.of(
                    Level.SEVERE, "ERROR",
                    Level.WARNING, "WARN",
                    Level.INFO, "INFO",
                    Level.FINE, "DEBUG",
                    Level.FINEST, "TRACE");

    private static final Set<String> FIGURES = RowCounts.NONE.figures().keySet();

    private final PrintStream out;
    private final Format format;

    private LogLines(PrintStream out, Format format) {
        this.out = out;
        this.format = format;
        setFormatter(new SimpleFormatter()); // puts the parameters into the message
    }

    static LogLines toStandardError(Format format) {
        return new LogLines(System.err, format);
    }

    /// Lines at the end of a file, which several processes may share.
    static LogLines to(Path file, Format format) throws IOException {
        var stream =
                Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        return new LogLines(new PrintStream(stream, false, StandardCharsets.UTF_8), format);
    }

    @Override
    public synchronized void publish(LogRecord event) {
        if (!isLoggable(event)) return;
        if (format == Format.JSON) {
            out.println(json(event));
            out.flush();
            return;
        }
        out.println(
                "%s %-5s %s: %s"
                        .formatted(
                                event.getInstant(),
                                level(event),
                                event.getLoggerName(),
                                getFormatter().formatMessage(event)));
        if (event.getThrown() != null) event.getThrown().printStackTrace(out);
        out.flush();
    }

    private static String level(LogRecord event) {
        Level level = event.getLevel();
        return NAMES.getOrDefault(level, level.getName());
    }

    private String json(LogRecord event) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("time", event.getInstant());
        object.put("level", level(event));
        object.put("logger", String.valueOf(event.getLoggerName()));
        // Handlers are called in the thread that logs.
        object.put("thread", Thread.currentThread().getName());
        object.put("message", String.valueOf(getFormatter().formatMessage(event)));
        Map<String, String> context = MDC.getCopyOfContextMap();
        if (context != null) new TreeMap<>(context).forEach((key, text) -> put(object, key, text));
        Throwable thrown = event.getThrown();
        if (thrown != null) {
            var stack = new StringWriter();
            thrown.printStackTrace(new PrintWriter(stack, true));
            Map<String, Object> exception = new LinkedHashMap<>();
            exception.put("type", thrown.getClass().getName());
            exception.put("message", String.valueOf(thrown.getMessage()));
            exception.put("stack", stack.toString());
            object.put("exception", exception);
        }
        return Json.text(object);
    }

    /// Figures of runs are numbers, all else is text.
    private static void put(Map<String, Object> object, String name, String text) {
        boolean isFigure = FIGURES.contains(name) && text.matches("[0-9]{1,18}");
        object.put(name, isFigure ? Long.valueOf(text) : text);
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
