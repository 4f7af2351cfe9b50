package dev.quiver.pipeline;

import dev.quiver.error.Cancelled;
import dev.quiver.error.QuiverException;
import dev.quiver.io.store.Stores;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Holds a directory of a store, which knows no locks: a small file says who holds it and that it
/// lives, for it changes every few seconds; a holder that is silent is taken to be dead.
///
/// That may be wrong, so each holder has a number, its epoch, greater than all before, of which the
/// store lets one process make the file. Who wrote something [#check]s that there is no greater
/// epoch; who took over reads what is there after making its own. So whatever was acknowledged is
/// seen by the next holder, and what a holder that was taken for dead writes later is neither
/// acknowledged nor read.
final class StoreHold implements Disk.Hold {
    private static final Logger LOG = LoggerFactory.getLogger(StoreHold.class);
    private static final Duration RENEWAL = Duration.ofSeconds(5);
    private static final Duration LOOK = Duration.ofSeconds(2);
    private static final int SILENT_LOOKS = 10;

    /// The tokens of this process's holds.
    private static final Set<String> OURS = ConcurrentHashMap.newKeySet();

    private final Path directory;
    private final String owner;
    private final StoreHolder holder;
    private final long epoch;
    private final Thread renewal;
    private volatile boolean closed;

    private StoreHold(Path directory, String owner, StoreHolder holder, long epoch) {
        this.directory = directory;
        this.owner = owner;
        this.holder = holder;
        this.epoch = epoch;
        this.renewal = Thread.ofVirtual().name("quiver-ledger-hold").unstarted(this::renew);
    }

    /// @throws Unavailable when another process holds it, or this one does already
    static StoreHold hold(Path directory, String owner) {
        awaitFree(directory, owner);
        StoreHolder holder = StoreHolder.ofProcess();
        var hold = new StoreHold(directory, owner, holder, claim(directory, owner, holder));
        OURS.add(holder.token());
        Stores.put(lock(directory), holder.text(0));
        hold.renewal.start();
        return hold;
    }

    private static Path lock(Path directory) {
        return directory.resolve("LOCK");
    }

    private static void awaitFree(Path directory, String owner) {
        Optional<byte[]> first = Stores.content(lock(directory));
        if (first.isEmpty()) return;
        Optional<StoreHolder> said = StoreHolder.of(first.get());
        if (said.isPresent()) {
            if (OURS.contains(said.get().token()))
                throw LockFile.held(owner, "this process", directory, null);
            if (said.get().isGone()) return;
        }
        for (int look = 0; look < SILENT_LOOKS; look++) {
            pause(LOOK, owner);
            Optional<byte[]> now = Stores.content(lock(directory));
            if (now.isEmpty()) return;
            if (Arrays.equals(now.get(), first.get())) continue;
            String who = said.map(StoreHolder::name).orElse("it can't be told which");
            throw LockFile.held(owner, "another process (%s)".formatted(who), directory, null);
        }
        LOG.warn("{}: whoever held {} is silent, and taken to be dead", owner, directory);
    }

    private static void pause(Duration pause, String owner) {
        try {
            Thread.sleep(pause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Cancelled(
                    "waiting whether %s still runs elsewhere was interrupted".formatted(owner),
                    List.of(),
                    "run it again",
                    e);
        }
    }

    private static long claim(Path directory, String owner, StoreHolder holder) {
        List<Path> before = epochs(directory);
        long epoch = 1 + before.stream().mapToLong(StoreHold::epoch).max().orElse(0);
        Path file = directory.resolve("epoch").resolve("%012d".formatted(epoch));
        byte[] token = holder.token().getBytes(StandardCharsets.US_ASCII);
        // An answer that got lost looks as if somebody else had been quicker.
        boolean ours =
                Stores.putNew(file, token)
                        || Arrays.equals(token, Stores.content(file).orElse(new byte[0]));
        if (!ours) throw LockFile.held(owner, "a process that just began", directory, null);
        Stores.delete(before);
        return epoch;
    }

    private static List<Path> epochs(Path directory) {
        var epochs = new ArrayList<Path>();
        for (Path path : Stores.list(directory.resolve("epoch") + "/"))
            if (path.getFileName().toString().matches("\\d+")) epochs.add(path);
        return epochs;
    }

    private static long epoch(Path file) {
        return Long.parseLong(file.getFileName().toString());
    }

    long epoch() {
        return epoch;
    }

    private boolean isTaken() {
        return epochs(directory).stream().anyMatch(file -> epoch(file) > epoch);
    }

    /// @throws Cancelled when another process has taken over; what was written last doesn't count
    void check() {
        if (!isTaken()) return;
        throw new Cancelled(
                "%s was taken over by another process, as this one was silent".formatted(owner),
                List.of("ledger: " + directory),
                "see what became of the run there");
    }

    private void renew() {
        for (long count = 1; !closed; count++) {
            try {
                Thread.sleep(RENEWAL);
                if (isTaken()) return;
                Stores.put(lock(directory), holder.text(count));
            } catch (InterruptedException e) {
                LOG.debug("{} is let go", directory);
                return;
            } catch (QuiverException e) {
                // Who writes something learns whether it was taken over meanwhile.
                LOG.debug("{} can't be renewed: {}", directory, e.what());
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        renewal.interrupt();
        try {
            renewal.join(LOOK);
            if (!isTaken()) Stores.delete(lock(directory));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            OURS.remove(holder.token());
        }
    }
}
