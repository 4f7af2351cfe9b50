package dev.quiver.pipeline.shown;

import dev.quiver.error.QuiverException;
import dev.quiver.pipeline.history.History;
import dev.quiver.pipeline.history.LedgerPlaces;
import dev.quiver.pipeline.history.RunRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The histories beside the ledgers of this process' pipelines, and of the working directory where
/// a command of Quiver's noted them. They are read again when a run began or ended here, and after
/// a while, since others may run pipelines too. Thread-safe.
final class Histories {
    private static final Logger LOG = LoggerFactory.getLogger(Histories.class);
    private static final long AGE_NANOS_MAX = Duration.ofSeconds(15).toNanos();

    private List<RunRecord> runs = List.of();
    private Set<Path> read = Set.of();
    private long changes = -1;
    private long readNanos;

    /// Of all ledgers that are known, the newest first.
    ///
    /// @param changesNow changes when one of the ledgers has
    synchronized List<RunRecord> runs(Set<Path> ledgers, long changesNow) {
        boolean isOld = System.nanoTime() - readNanos > AGE_NANOS_MAX;
        if (changes == changesNow && !isOld && read.containsAll(ledgers)) return runs;
        Set<Path> all = new LinkedHashSet<>(ledgers);
        try {
            if (LedgerPlaces.ofProcess().isPresent())
                all.addAll(LedgerPlaces.ofProcess().get().all());
            runs = History.of(all);
        } catch (IOException | QuiverException e) {
            LOG.warn("the dashboard can't read what pipelines ran before", e);
        }
        read = all;
        changes = changesNow;
        readNanos = System.nanoTime();
        return runs;
    }
}
