package dev.quiver.cluster.log.state;

import dev.quiver.operator.Bytes;

/// One entry of the log that members agree on.
///
/// @param term in which a leader took it in
public record RaftEntry(int term, Bytes content) {}
