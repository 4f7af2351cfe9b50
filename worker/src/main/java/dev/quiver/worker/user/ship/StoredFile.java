package dev.quiver.worker.user.ship;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A file of the class path, as the hashes of its parts: all of [Bundles#BYTES_MAX] bytes but the
/// last.
record StoredFile(long bytes, List<BundleHash> parts) {
    StoredFile {
        long count = (bytes + Bundles.BYTES_MAX - 1) / Bundles.BYTES_MAX;
        if (bytes < 0 || parts.size() != count)
            throw new IllegalArgumentException(
                    "%d bytes in %d parts".formatted(bytes, parts.size()));
        parts = List.copyOf(parts);
    }

    /// Hashes a file.
    static StoredFile of(Path file) throws IOException {
        var parts = new ArrayList<BundleHash>();
        long bytes = 0;
        try (InputStream in = Files.newInputStream(file)) {
            int size = Math.clamp(Files.size(file), 1, Bundles.BYTES_MAX);
            byte[] buffer = new byte[size];
            int count = in.readNBytes(buffer, 0, size);
            while (count > 0) {
                parts.add(BundleHash.of(buffer, 0, count));
                bytes += count;
                count = in.readNBytes(buffer, 0, size);
            }
        }
        return new StoredFile(bytes, parts);
    }

    void write(DataOutput out) throws IOException {
        out.writeLong(bytes);
        for (BundleHash part : parts) Wire.write(out, part);
    }

    static StoredFile read(DataInput in) throws IOException {
        long bytes = in.readLong();
        long count = (bytes + Bundles.BYTES_MAX - 1) / Bundles.BYTES_MAX;
        int checked = Wire.checked(count, "parts of a file");
        var parts = new ArrayList<BundleHash>();
        for (int i = 0; i < checked; i++) parts.add(Wire.readHash(in));
        return new StoredFile(bytes, parts);
    }
}
