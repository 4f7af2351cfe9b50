package dev.quiver.cluster.log;

import java.util.List;

/// Entries that become safe together.
public record LogBlock(List<LogEntry> entries) {
    public LogBlock {
        entries = List.copyOf(entries);
    }
}
