package dev.quiver.pipeline;

/// A set of [KeyDigest]s, for one thread at a time.
sealed interface KeySet extends AutoCloseable permits KeysInMemory, KeysInMap {
    /// @param digest its first [KeyDigest#BYTES] count
    boolean contains(byte[] digest);

    /// Adds a digest, unless it is there.
    void add(byte[] digest);

    long size();

    @Override
    void close();
}
