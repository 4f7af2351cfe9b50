package dev.quiver.pipeline.alert;

import java.io.IOException;
import java.net.URI;

/// Where alerts go.
///
/// ```java
/// AlertChannel.webhook(URI.create("https://chat.example.org/hooks/…"))
/// Mail.to("ops@example.org").from("quiver@example.org").server("smtp.example.org", 587)
/// AlertChannel.log()
/// ```
public interface AlertChannel {
    /// Sends a message, in a thread of the channel's own.
    ///
    /// @throws IOException when trying again may help; after anything else it isn't tried again
    /// @throws InterruptedException when it was interrupted
    void send(AlertMessage message) throws IOException, InterruptedException;

    /// What it is called in the log and the history. Shows no secrets.
    String name();

    /// Posts JSON objects to an address; `text` in them is what chat programs show. The address is
    /// a secret: only its host is ever shown.
    static AlertChannel webhook(URI address) {
        return new Webhook(address);
    }

    /// Writes them into the log, as warnings.
    static AlertChannel log() {
        return new LogChannel();
    }
}
