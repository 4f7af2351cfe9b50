package dev.quiver.cluster.log;

import dev.quiver.operator.Bytes;
import dev.quiver.protocol.wire.Foreign;
import dev.quiver.protocol.wire.Wire;
import java.util.ArrayList;
import java.util.List;

/// Entries that go together: what schedulers agree on at a time, or a part of a snapshot.
public record LogEntries(List<LogEntry> entries) {
    /// So much goes together at most, unless one entry is larger.
    private static final int BYTES_MAX = 256 << 10;

    private static final int COUNT_MAX = 4_096;

    static final Wire<LogEntries> WIRE = Wire.of(LogEntries.class, Foreign.NONE);

    public LogEntries {
        entries = List.copyOf(entries);
    }

    static LogEntries of(Bytes content) {
        return WIRE.decode(content.array());
    }

    Bytes content() {
        return Bytes.of(WIRE.encode(this));
    }

    /// Collects entries that go together.
    static final class Gathering {
        private final List<LogEntry> entries = new ArrayList<>();
        private long bytes;

        /// @return true when these are enough
        boolean add(LogEntry entry) {
            entries.add(entry);
            bytes += size(entry);
            return bytes >= BYTES_MAX || entries.size() >= COUNT_MAX;
        }

        boolean isEmpty() {
            return entries.isEmpty();
        }

        /// What was added since the last time.
        Bytes take() {
            Bytes content = new LogEntries(entries).content();
            entries.clear();
            bytes = 0;
            return content;
        }

        private static long size(LogEntry entry) {
            if (!(entry instanceof LogEntry.Job(_, var codes))) return Long.BYTES;
            return Long.BYTES + codes.bytes();
        }
    }
}
