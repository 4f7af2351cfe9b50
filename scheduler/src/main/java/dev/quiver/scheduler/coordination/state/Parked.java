package dev.quiver.scheduler.coordination.state;

import dev.quiver.protocol.CoordinationRequest;

/// A request that waits.
///
/// @param turn orders all that wait
record Parked(
        long turn,
        Participant participant,
        long request,
        SharedKey key,
        CoordinationRequest.Waiting what) {}
