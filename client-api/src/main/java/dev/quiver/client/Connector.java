package dev.quiver.client;

/// Opens sessions on clusters; found by the ServiceLoader, in the module `cluster`. Not for users.
public interface Connector {
    /// @param address such as `quiver://host:8786`
    /// @throws dev.quiver.error.QuiverException when the address makes no sense, nobody answers
    ///   there, or speaks another version
    Session connect(String address, Options options);
}
