package dev.quiver.cluster.node;

import org.apache.ignite.IgniteLogger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Ignite's log as lines of slf4j: its information and its warnings are detail to us.
final class IgniteLog implements IgniteLogger {
    private final Logger log;

    /// @param category empty for Ignite as a whole
    IgniteLog(String category) {
        this.log = LoggerFactory.getLogger(category.isEmpty() ? "org.apache.ignite" : category);
    }

    @Override
    public IgniteLogger getLogger(Object category) {
        return new IgniteLog(category instanceof Class<?> type ? type.getName() : "" + category);
    }

    @Override
    public void trace(String text) {
        log.trace("{}", text);
    }

    @Override
    public void debug(String text) {
        log.trace("{}", text);
    }

    @Override
    public void info(String text) {
        log.debug("{}", text);
    }

    @Override
    public void warning(String text, @Nullable Throwable problem) {
        log.debug("{}", text, problem);
    }

    @Override
    public void error(String text, @Nullable Throwable problem) {
        // Mostly about members that have gone, which is told elsewhere.
        log.warn("{}", text);
        if (problem != null) log.debug("because", problem);
    }

    @Override
    public boolean isTraceEnabled() {
        return log.isTraceEnabled();
    }

    @Override
    public boolean isDebugEnabled() {
        return log.isTraceEnabled();
    }

    @Override
    public boolean isInfoEnabled() {
        return log.isDebugEnabled();
    }

    @Override
    public boolean isQuiet() {
        return false; // else it writes to the console by itself
    }

    @Override
    public String fileName() {
        return "";
    }
}
