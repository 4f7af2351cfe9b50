package dev.quiver.io.parquet;

import java.io.IOException;
import java.lang.ref.SoftReference;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The footers that were read last, so that the partitions of a scan don't all parse the one that
/// the plan was made with. Given up when the heap is short. Thread-safe.
final class RecentFooters {
    private static final int FOOTERS_MAX = 256;

    /// A file as it was.
    record Version(Path path, long size, long modifiedNanos) {
        static Version of(Path path) throws IOException {
            return new Version(path, Files.size(path), RecentFooters.modifiedNanos(path));
        }
    }

    private static final Map<Version, SoftReference<ParquetFooter>> FOOTERS =
            new LinkedHashMap<>(16, 0.75f, true) {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(
                        Map.Entry<Version, SoftReference<ParquetFooter>> eldest) {
                    return size() > FOOTERS_MAX;
                }
            };

    private RecentFooters() {}

    static long modifiedNanos(Path path) throws IOException {
        return Files.getLastModifiedTime(path).to(TimeUnit.NANOSECONDS);
    }

    /// The footer of a file that is open and has that version.
    static ParquetFooter of(Version version, FileChannel channel, FileErrors errors)
            throws IOException {
        ParquetFooter known = find(version);
        if (known != null) return known;
        ParquetFooter footer = ParquetFooter.read(version.path(), channel, errors);
        keep(version, footer);
        return footer;
    }

    private static @Nullable ParquetFooter find(Version version) {
        synchronized (FOOTERS) {
            SoftReference<ParquetFooter> found = FOOTERS.get(version);
            return found == null ? null : found.get();
        }
    }

    /// @param version from before the footer was read; if it is another one by now nothing is kept
    static void keep(Version version, ParquetFooter footer) throws IOException {
        if (!Version.of(version.path()).equals(version)) return;
        synchronized (FOOTERS) {
            FOOTERS.put(version, new SoftReference<>(footer));
        }
    }
}
