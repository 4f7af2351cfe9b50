package dev.quiver.client;

import com.sun.management.OperatingSystemMXBean;
import dev.quiver.columnar.memory.ByteSize;
import dev.quiver.columnar.memory.MemoryPool;
import dev.quiver.error.MemoryRefused;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The counted memory of a session: a part of the process's budget that is its own, or a share in
/// what is left of it for all other sessions together. The last one out empties it.
final class SessionMemory implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SessionMemory.class);
    private static final double SHARE_OF_MACHINE = 0.7;
    private static final long PROCESS_BYTES = 512L << 20;
    private static final long BYTES_MIN = 64L << 20;

    /// The process's budget while a session is open.
    private static @Nullable MemoryPool process;

    private static int sessions;
    private static int sharers;

    private final MemoryPool pool;

    /// Where the session's own budget was taken from; the pool itself when it shares.
    private final MemoryPool whole;

    private SessionMemory(MemoryPool pool, MemoryPool whole) {
        this.pool = pool;
        this.whole = whole;
    }

    /// @param limitBytes of a budget of its own, taken out of the process's; empty shares the rest
    /// @throws MemoryRefused when the process's budget doesn't have them left
    static SessionMemory open(Optional<Long> limitBytes) {
        synchronized (SessionMemory.class) {
            MemoryPool whole = process;
            if (whole == null) whole = new MemoryPool(defaultLimitBytes());
            MemoryPool pool = whole;
            if (limitBytes.isPresent()) {
                long bytes = limitBytes.get();
                if (!whole.lend(bytes)) throw refused(bytes, whole);
                pool = new MemoryPool(bytes);
            } else {
                sharers++;
            }
            process = whole;
            sessions++;
            return new SessionMemory(pool, whole);
        }
    }

    private static MemoryRefused refused(long bytes, MemoryPool whole) {
        long left = whole.limitBytes() - whole.usedBytes();
        return new MemoryRefused(
                "a session asks for a memory budget of %s, but %s are left of the process's %s"
                        .formatted(
                                ByteSize.text(bytes),
                                ByteSize.text(Math.max(0, left)),
                                ByteSize.text(defaultLimitBytes())),
                List.of(
                        "other open sessions of the process: %d".formatted(sessions),
                        "the process's budget: %.0f %% of the machine or container, less where the"
                                        .formatted(SHARE_OF_MACHINE * 100)
                                + " heap (-Xmx) needs more of it"),
                "ask for less with Options.defaults().memory(…), close the other sessions first, or"
                        + " start Java with a smaller heap");
    }

    /// The process's budget: 70 % of the machine or container, less when the heap and the process
    /// need the rest.
    static long defaultLimitBytes() {
        var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        long machine = system.getTotalMemorySize();
        long beside = machine - Runtime.getRuntime().maxMemory() - PROCESS_BYTES;
        return Math.max(BYTES_MIN, Math.min((long) (machine * SHARE_OF_MACHINE), beside));
    }

    MemoryPool pool() {
        return pool;
    }

    long limitBytes() {
        return pool.limitBytes();
    }

    /// Gives the memory back.
    ///
    /// @throws IllegalStateException with assertions on, when something is still counted
    @Override
    public void close() {
        long leaked = 0;
        synchronized (SessionMemory.class) {
            if (pool != whole) {
                leaked = end(pool);
                whole.takeBack(pool.limitBytes());
            } else if (--sharers == 0) {
                leaked = whole.usedBytes();
                whole.trim();
            }
            if (--sessions == 0) {
                process = null;
                end(whole);
            }
        }
        if (leaked == 0) return;
        LOG.warn("{} bytes of counted memory were still held when the session closed", leaked);
        assert false : "%d bytes of counted memory leaked".formatted(leaked);
    }

    /// Empties a pool unless something in it is still used, whose memory must stay.
    private static long end(MemoryPool pool) {
        long leaked = pool.usedBytes();
        if (leaked == 0) pool.close();
        return leaked;
    }
}
