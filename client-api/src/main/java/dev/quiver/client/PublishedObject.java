package dev.quiver.client;

/// What the catalog of a cluster says of a value. Not for users.
///
/// @param stage whose only output it is
public record PublishedObject(int stage) implements Published {}
