package dev.quiver.io.store;

import java.io.IOException;
import java.io.InputStream;

/// A store's answer to a read.
///
/// @param body bytes from `from` on
/// @param from position in the file; 0 when the store gives files as a whole only
/// @param ranged whether the store gives parts of files
/// @param size bytes of the whole file; −1 when the store doesn't say
/// @param version differs when the file does, such as an ETag; empty when the store doesn't say
/// @param modifiedNanos time of the last change, since 1970; 0 when the store doesn't say
public record Reply(
        InputStream body, long from, boolean ranged, long size, String version, long modifiedNanos)
        implements AutoCloseable {
    @Override
    public void close() throws IOException {
        body.close();
    }
}
