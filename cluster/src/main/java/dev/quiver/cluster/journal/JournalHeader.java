package dev.quiver.cluster.journal;

import dev.quiver.protocol.wire.Foreign;
import dev.quiver.protocol.wire.Wire;
import dev.quiver.scheduler.state.SchedulerSettings;

/// What a journal begins with.
///
/// @param fingerprint of the form of its entries
/// @param version of Quiver that wrote it
/// @param epoch of the scheduler
/// @param settings of the scheduler
/// @param epochMillis when it began, by the clock of its machine
public record JournalHeader(
        long fingerprint, String version, int epoch, SchedulerSettings settings, long epochMillis) {
    static final Wire<JournalHeader> WIRE = Wire.of(JournalHeader.class, Foreign.NONE);
}
