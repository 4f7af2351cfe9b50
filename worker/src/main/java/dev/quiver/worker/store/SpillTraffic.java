package dev.quiver.worker.store;

/// What went into spill files and came back from them, as it is in the files, since they began.
public record SpillTraffic(long writtenBytes, long readBytes) {
    static final SpillTraffic NONE = new SpillTraffic(0, 0);
}
