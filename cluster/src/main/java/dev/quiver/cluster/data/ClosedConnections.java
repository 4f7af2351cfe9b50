package dev.quiver.cluster.data;

import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.slf4j.LoggerFactory;

/// Connections to servers of this process that were closed because of what came by them, as lines
/// of the log: gRPC tells of them to the JDK's logging alone, with pages of details.
final class ClosedConnections extends Handler {
    private static final org.slf4j.Logger LOG = LoggerFactory.getLogger(ClosedConnections.class);
    private static final String NEGOTIATION = "io.grpc.netty.ProtocolNegotiators";
    private static final String NEGOTIATION_FAILED = "TLS negotiation failed";

    /// Held here, since what is set is lost with the logger.
    private static final List<Logger> TOLD =
            List.of(
                    told("io.grpc.netty.NettyServerTransport.connections", Level.INFO),
                    told(NEGOTIATION, Level.FINE));

    private ClosedConnections() {}

    private static Logger told(String name, Level level) {
        Logger logger = Logger.getLogger(name);
        logger.setUseParentHandlers(false);
        logger.setLevel(level);
        logger.addHandler(new ClosedConnections());
        return logger;
    }

    /// Logs them from now on.
    static void log() {
        LOG.trace("connections are told by {} loggers", TOLD.size());
    }

    @Override
    public void publish(LogRecord entry) {
        String text = String.valueOf(entry.getMessage());
        if (NEGOTIATION.equals(entry.getLoggerName())) {
            if (text.contains(NEGOTIATION_FAILED))
                LOG.warn("a connection was closed: who called speaks no TLS, or isn't believed");
            return;
        }
        Throwable cause = entry.getThrown();
        while (cause != null && cause.getCause() != null && cause.getCause() != cause)
            cause = cause.getCause();
        LOG.warn("a connection was closed: {}", cause == null ? text : cause);
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
}
