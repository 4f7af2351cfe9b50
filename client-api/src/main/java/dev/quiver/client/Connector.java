package dev.quiver.client;

import dev.quiver.config.Settings;

/// Opens sessions on clusters; found by the ServiceLoader, in the module `cluster`. Not for users.
public interface Connector {
    /// @param address such as `quiver://host:8786`
    /// @param settings what holds about clusters
    /// @throws dev.quiver.error.QuiverException when the address makes no sense, nobody answers
    ///   there, or speaks another version
    Session connect(String address, Options options, Settings settings);
}
