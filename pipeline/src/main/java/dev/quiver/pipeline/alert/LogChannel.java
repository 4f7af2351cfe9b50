package dev.quiver.pipeline.alert;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The log.
record LogChannel() implements AlertChannel {
    private static final Logger LOG = LoggerFactory.getLogger("dev.quiver.pipeline.alert");

    @Override
    public void send(AlertMessage message) {
        if (message.recovered()) LOG.info("{}: {}", message.title(), message.what());
        else LOG.warn("{}: {}", message.title(), message.what());
    }

    @Override
    public String name() {
        return "log";
    }
}
