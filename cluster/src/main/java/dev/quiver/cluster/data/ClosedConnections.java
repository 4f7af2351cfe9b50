package dev.quiver.cluster.data;

import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.slf4j.LoggerFactory;

/// Connections to servers of this process that were closed because of what came by them, as lines
/// of the log: gRPC tells of them to the JDK's logging alone, each with a page of frames.
final class ClosedConnections extends Handler {
    private static final org.slf4j.Logger LOG = LoggerFactory.getLogger(ClosedConnections.class);

    /// Held here, since what is set is lost with the logger.
    private static final Logger TOLD = told();

    private ClosedConnections() {}

    private static Logger told() {
        Logger logger = Logger.getLogger("io.grpc.netty.NettyServerTransport.connections");
        logger.setUseParentHandlers(false);
        logger.addHandler(new ClosedConnections());
        return logger;
    }

    /// Logs them from now on.
    static void log() {
        LOG.trace("connections are logged of {}", TOLD.getName());
    }

    @Override
    public void publish(LogRecord entry) {
        Throwable cause = entry.getThrown();
        while (cause != null && cause.getCause() != null && cause.getCause() != cause)
            cause = cause.getCause();
        Object why = cause == null ? entry.getMessage() : cause;
        // below are those that were cut, as happens when a process ends
        if (entry.getLevel().intValue() >= Level.INFO.intValue())
            LOG.warn("a connection was closed: {}", why);
        else LOG.debug("a connection was cut: {}", why);
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
}
