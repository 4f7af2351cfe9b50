package dev.quiver.pipeline;

import dev.quiver.columnar.memory.Buffer;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.MemoryRefused;
import dev.quiver.error.QuiverException;
import dev.quiver.io.store.Stores;
import dev.quiver.worker.store.SeenKeyTable;
import dev.quiver.worker.store.SeenKeys;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The keys that a load has seen. Those of units that are done are in a log and in a set, which is
/// in memory while it is small and in a mapped file beyond that; those of the unit that is loaded
/// now are in memory with their positions, so that it can be loaded again.
///
/// A set in a file says in another, `….ok`, how much of the log it has and what its bytes are, as
/// long as it is closed. A process that is killed leaves none; then, and when a bit of the set is
/// another, it is made anew from the log.
final class LoadedKeys implements SeenKeys, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LoadedKeys.class);

    static final long IN_MEMORY_MAX = 1 << 20;
    private static final String MAP_SUFFIX = ".map";
    private static final String OK_SUFFIX = ".ok";
    private static final int FRESH_BYTES_FIRST = 1 << 10;
    private static final long POSITION_LOADED = -1;

    /// What a table may read behind a key.
    private static final int SLACK_BYTES = 16;

    private final Place place;
    private final MemoryAccount account;
    private final KeyLog log;
    private final KeyDigest digests = new KeyDigest();
    private final byte[] digest = new byte[KeyDigest.BYTES + SLACK_BYTES];
    private final MemorySegment digestBytes = MemorySegment.ofArray(digest);

    /// What to do so that keys can be in a map; empty when they can.
    private final Optional<String> missing;

    /// The digests of a unit, as many as `positions` has.
    private Buffer fresh;

    private SeenKeyTable positions;
    private KeySet loaded;
    private long written;

    /// Whether the ledger has the unit whose keys were written, and they aren't all counted yet.
    private boolean isDone;

    private boolean isTold;

    /// Where keys are kept.
    ///
    /// @param inMemoryMax more of them go into a mapped file, where the JVM can have it
    record Place(Disk disk, Path file, long inMemoryMax) {
        Path map() {
            return file.resolveSibling(file.getFileName() + MAP_SUFFIX);
        }

        Path ok() {
            return file.resolveSibling(file.getFileName() + MAP_SUFFIX + OK_SUFFIX);
        }
    }

    /// What is noted about a set that was closed.
    ///
    /// @param length how much of the log it has
    /// @param checksum of its file
    private record Closed(long length, long capacity, int checksum) {
        private static final int BYTES = 24;
        private static final int CRC_AT = 20;

        byte[] bytes() {
            ByteBuffer bytes = ByteBuffer.allocate(BYTES).putLong(length).putLong(capacity);
            bytes.putInt(checksum);
            return bytes.putInt(crc(bytes)).array();
        }

        static Optional<Closed> of(byte[] noted) {
            ByteBuffer bytes = ByteBuffer.wrap(noted);
            if (noted.length != BYTES || bytes.getInt(CRC_AT) != crc(bytes))
                return Optional.empty();
            return Optional.of(new Closed(bytes.getLong(), bytes.getLong(), bytes.getInt()));
        }

        private static int crc(ByteBuffer bytes) {
            var crc = new CRC32C();
            crc.update(bytes.slice(0, CRC_AT));
            return (int) crc.getValue();
        }
    }

    private LoadedKeys(Place place, MemoryAccount account, KeyLog log) {
        this.place = place;
        this.account = account;
        this.log = log;
        this.missing =
                Stores.isRemote(place.file())
                        ? Optional.of("keep the ledger(…) on this machine, not in a store")
                        : KeysInMap.missing();
        this.fresh = account.allocate(FRESH_BYTES_FIRST);
        this.positions = new SeenKeyTable(account);
        this.loaded = new KeysInMemory(account);
    }

    /// Opens the keys of a load.
    ///
    /// @param account is closed with it
    /// @param length of the log when the last run ended
    /// @param done whether a unit behind that is done; the keys of others are forgotten
    static LoadedKeys open(Place place, MemoryAccount account, long length, KeyLog.Done done) {
        var log = new KeyLog(place.disk(), place.file(), length);
        var keys = new LoadedKeys(place, account, log);
        boolean opened = false;
        try {
            keys.read(length, done);
            opened = true;
            return keys;
        } catch (IOException e) {
            throw keys.failed("read", e);
        } finally {
            if (!opened) keys.release();
        }
    }

    private void read(long length, KeyLog.Done done) throws IOException {
        Optional<Closed> closed = closed(length);
        // From here on no other process may believe the set, not even behind a power cut.
        if (place.disk().exists(place.ok())) {
            place.disk().delete(place.ok());
            place.disk().forceDirectory(LocalDisk.parent(place.ok()));
        }
        place.disk().delete(KeysInMap.larger(place.map()));
        Optional<KeysInMap> map = closed.flatMap(this::opened);
        if (map.isEmpty()) {
            place.disk().delete(place.map());
            log.read(0, done, this::add);
            return;
        }
        loaded.close();
        loaded = map.get();
        log.read(closed.get().length(), done, this::add);
    }

    /// The set that was closed; empty when this Chronicle Map doesn't know it any more.
    private Optional<KeysInMap> opened(Closed closed) {
        try {
            return Optional.of(KeysInMap.open(place.map(), closed.capacity()));
        } catch (IOException e) {
            LOG.warn("the set of keys is made anew from {}", place.file(), e);
            return Optional.empty();
        }
    }

    /// The set that was closed, when there is one that has no more than what is true and is still
    /// what it was.
    private Optional<Closed> closed(long length) throws IOException {
        if (missing.isPresent() || !place.disk().exists(place.ok())) return Optional.empty();
        Optional<Closed> noted =
                Closed.of(place.disk().read(place.ok())).filter(ok -> ok.length() <= length);
        if (noted.isEmpty() || !place.disk().exists(place.map())) return Optional.empty();
        if (KeysInMap.checksum(place.map()) == noted.get().checksum()) return noted;
        LOG.warn(
                "the set of keys {} was changed since it was closed: it is made anew from {}",
                place.map(),
                place.file());
        return Optional.empty();
    }

    private void add(byte[] one) {
        try {
            if (loaded instanceof KeysInMemory memory && memory.size() >= place.inMemoryMax())
                toMap(memory);
            try {
                loaded.add(one);
            } catch (MemoryRefused e) {
                if (!(loaded instanceof KeysInMemory memory) || missing.isPresent())
                    throw tooMany(e);
                toMap(memory);
                loaded.add(one);
            }
        } catch (UncheckedIOException e) {
            throw failed("keep a set of", e.getCause());
        }
    }

    private void toMap(KeysInMemory memory) {
        if (missing.isPresent()) {
            if (!isTold)
                LOG.warn(
                        "{} keys of {} are in memory, and more to come; to have them in a mapped"
                                + " file, {}",
                        memory.size(),
                        place.file(),
                        missing.get());
            isTold = true;
            return;
        }
        boolean whole = false;
        try {
            KeysInMap map = KeysInMap.create(place.map(), Math.max(16, memory.size() * 4));
            try {
                memory.forEach(map::add);
                whole = true;
            } finally {
                if (!whole) map.close();
            }
            memory.close();
            loaded = map;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private QuiverException tooMany(MemoryRefused refused) {
        if (missing.isEmpty()) return refused;
        return new MemoryRefused(
                "%d keys of a load, and no memory for more: %s"
                        .formatted(loaded.size(), refused.what()),
                refused.where(),
                "give the session more memory, or have the keys kept in a mapped file: "
                        + missing.get(),
                refused);
    }

    @Override
    public long first(MemorySegment key, long offset, int size, long position) {
        confirm();
        digests.of(key, offset, size, digest);
        try {
            if (loaded.contains(digest)) return POSITION_LOADED;
            long before = positions.size();
            long at = before * KeyDigest.BYTES;
            // Before the table has it: of each there are as many, whatever is refused.
            if (at + KeyDigest.BYTES > fresh.capacityBytes())
                fresh = account.grow(fresh, at, fresh.capacityBytes() * 2);
            long found = positions.first(digestBytes, 0, KeyDigest.BYTES, position);
            if (positions.size() > before)
                MemorySegment.copy(digestBytes, 0, fresh.segment(), at, KeyDigest.BYTES);
            return found;
        } catch (UncheckedIOException e) {
            throw failed("ask a set of", e.getCause());
        }
    }

    /// Forgets what a try to load a unit has asked, since another one begins.
    void begin() {
        confirm();
        clear();
    }

    private void clear() {
        var table = new SeenKeyTable(account);
        positions.close();
        positions = table;
    }

    /// Brings the keys that a unit was the first to have to the disk. They don't count before
    /// [#done]: until the ledger has the unit it may be loaded again.
    void write(long run, int unit) {
        confirm();
        try {
            written = log.write(run, unit, fresh.segment(), positions.size() * KeyDigest.BYTES);
        } catch (IOException e) {
            throw failed("write", e);
        }
    }

    /// Says that the ledger has the unit whose keys were written: they count as loaded from here
    /// on.
    void done() {
        isDone = true;
    }

    /// Puts the keys of a unit that is done in the set. What fails here is tried again by the next
    /// who asks.
    void confirm() {
        if (!isDone) return;
        var one = new byte[KeyDigest.BYTES + 1];
        MemorySegment bytes = MemorySegment.ofArray(one);
        for (long at = 0; at < positions.size() * KeyDigest.BYTES; at += KeyDigest.BYTES) {
            MemorySegment.copy(fresh.segment(), at, bytes, 0, KeyDigest.BYTES);
            add(one);
        }
        log.advance(written);
        clear();
        isDone = false;
    }

    /// How many keys are loaded.
    long size() {
        return loaded.size();
    }

    boolean isMapped() {
        return loaded instanceof KeysInMap;
    }

    private QuiverException failed(String verb, @Nullable IOException cause) {
        return new QuiverException(
                ErrorCode.IO_FAILED,
                "can't %s the keys in '%s': %s".formatted(verb, place.file(), cause),
                List.of(),
                "check its permissions and the space on its disk",
                cause);
    }

    @Override
    public void close() {
        long capacity = loaded instanceof KeysInMap map ? map.capacity() : 0;
        release();
        // What isn't counted yet may be in the set, and its run may be given up.
        if (capacity == 0 || isDone) return;
        try {
            place.disk().force(place.map());
            int checksum = KeysInMap.checksum(place.map());
            place.disk().replace(place.ok(), new Closed(log.length(), capacity, checksum).bytes());
        } catch (IOException e) {
            // Nothing is lost: the log has all that the set has.
            LOG.warn("the set of keys in {} is made anew by the next run: {}", place.map(), e);
        }
    }

    private void release() {
        loaded.close();
        positions.close();
        fresh.close();
        account.close();
    }
}
