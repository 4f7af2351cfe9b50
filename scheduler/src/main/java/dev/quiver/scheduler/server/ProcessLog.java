package dev.quiver.scheduler.server;

import dev.quiver.protocol.LogLine;
import java.util.function.Consumer;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/// Hears what this process logs by `java.util.logging`, to which Quiver's commands log, until it is
/// closed. What the process logs goes where it went before, too.
public final class ProcessLog implements AutoCloseable {
    private static final int LETTERS_MAX = 4000;
    private static final int FRAMES_MAX = 12;

    private final Logger root = LogManager.getLogManager().getLogger("");
    private final Handler handler;

    private ProcessLog(Consumer<LogLine> listener) {
        this.handler = new Told(listener);
        root.addHandler(handler);
    }

    /// @param listener is called in threads that log, and doesn't log itself
    public static ProcessLog heardBy(Consumer<LogLine> listener) {
        return new ProcessLog(listener);
    }

    private static final class Told extends Handler {
        private final SimpleFormatter messages = new SimpleFormatter();
        private final Consumer<LogLine> listener;

        Told(Consumer<LogLine> listener) {
            this.listener = listener;
        }

        @Override
        public void publish(LogRecord record) {
            if (!isLoggable(record)) return;
            var text = new StringBuilder(String.valueOf(messages.formatMessage(record)));
            Throwable thrown = record.getThrown();
            if (thrown != null) stack(thrown, text);
            if (text.length() > LETTERS_MAX) text.replace(LETTERS_MAX, text.length(), "…");
            String logger = record.getLoggerName();
            listener.accept(
                    new LogLine(
                            record.getMillis(),
                            level(record.getLevel()),
                            logger == null ? "" : logger,
                            text.toString()));
        }

        private static void stack(Throwable thrown, StringBuilder text) {
            text.append('\n').append(thrown);
            StackTraceElement[] frames = thrown.getStackTrace();
            for (int i = 0; i < Math.min(FRAMES_MAX, frames.length); i++)
                text.append("\n  at ").append(frames[i]);
            Throwable cause = thrown.getCause();
            if (cause != null) text.append("\ncaused by ").append(cause);
        }

        private static LogLine.Level level(Level level) {
            if (level.intValue() >= Level.SEVERE.intValue()) return LogLine.Level.ERROR;
            if (level.intValue() >= Level.WARNING.intValue()) return LogLine.Level.WARNING;
            return level.intValue() >= Level.INFO.intValue()
                    ? LogLine.Level.INFO
                    : LogLine.Level.DEBUG;
        }

        @Override
        public void flush() {
            // a listener has it at once
        }

        @Override
        public void close() {
            // nothing is open
        }
    }

    @Override
    public void close() {
        root.removeHandler(handler);
    }
}
