package dev.quiver.worker.store;

/// How what is spilled lies in its files.
public enum SpillCompression {
    /// As it is in memory: it is read back by mapping and takes none of the counted memory then.
    NONE,
    /// Packed by Zstandard where that makes it smaller; what is read back is counted again. For
    /// disks that are slower or smaller than the work asks for.
    ZSTD
}
