package dev.quiver.cluster.node;

import java.util.List;
import org.apache.ignite.IgniteLogger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Ignite's log as lines of slf4j: its information and its warnings are detail to us, but for
/// connections that it closed because of what came by them.
final class IgniteLog implements IgniteLogger {
    /// What it says of connections by which comes what makes no sense.
    private static final List<String> UNKNOWN =
            List.of("Unknown connection detected", "Failed to initialize connection");

    /// What it says of connections of nodes that are killed, too.
    private static final String CUT = "Client disconnected abruptly";

    private static final String SERVED = "Finished serving remote node connection";
    private static final String NOBODY = "rmtNodeId=null";

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
        tell(text, null);
    }

    private void tell(String text, @Nullable Throwable problem) {
        if (UNKNOWN.stream().anyMatch(text::startsWith)) log.warn("closed: {}", text);
        else if (text.startsWith(CUT) || text.startsWith(SERVED) && text.contains(NOBODY))
            log.info("a connection of nobody that is known has ended: {}", text);
        else log.debug("{}", text, problem);
    }

    @Override
    public void warning(String text, @Nullable Throwable problem) {
        tell(text, problem);
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
        return log.isInfoEnabled();
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
