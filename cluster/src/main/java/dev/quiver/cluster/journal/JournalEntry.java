package dev.quiver.cluster.journal;

import dev.quiver.protocol.wire.Foreign;
import dev.quiver.protocol.wire.Wire;
import dev.quiver.scheduler.state.SchedulerCommand;
import dev.quiver.scheduler.state.SchedulerEvent;
import java.util.List;
import java.util.zip.CRC32C;

/// An event, and what followed from it.
///
/// @param commands how many
/// @param crc CRC32C of all of them as bytes, one after the other
public record JournalEntry(SchedulerEvent event, int commands, int crc) {
    static final Wire<JournalEntry> WIRE = Wire.of(JournalEntry.class, Foreign.NONE);
    private static final Wire<SchedulerCommand> COMMANDS =
            Wire.of(SchedulerCommand.class, Foreign.NONE);

    static JournalEntry of(SchedulerEvent event, List<SchedulerCommand> commands) {
        var crc = new CRC32C();
        for (SchedulerCommand command : commands) crc.update(COMMANDS.encode(command));
        return new JournalEntry(event, commands.size(), (int) crc.getValue());
    }

    /// Of the form of both.
    static long fingerprint() {
        return WIRE.fingerprint() * 31 + COMMANDS.fingerprint();
    }
}
