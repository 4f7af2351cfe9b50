package dev.quiver.client;

import com.sun.management.OperatingSystemMXBean;
import dev.quiver.columnar.memory.MemoryPool;
import java.lang.management.ManagementFactory;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The counted memory of a session: a budget of its own, or a share in the one that all other
/// sessions of the process have together. The last one out empties it.
final class SessionMemory implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SessionMemory.class);
    private static final double SHARE_OF_MACHINE = 0.7;
    private static final long PROCESS_BYTES = 512L << 20;
    private static final long BYTES_MIN = 64L << 20;

    private static @Nullable MemoryPool shared;
    private static int sharers;

    private final MemoryPool pool;
    private final boolean own;

    private SessionMemory(MemoryPool pool, boolean own) {
        this.pool = pool;
        this.own = own;
    }

    /// @param limitBytes of a budget of its own; empty shares the process's
    static SessionMemory open(Optional<Long> limitBytes) {
        if (limitBytes.isPresent())
            return new SessionMemory(new MemoryPool(limitBytes.get()), true);
        synchronized (SessionMemory.class) {
            MemoryPool pool = shared;
            if (pool == null) {
                pool = new MemoryPool(defaultLimitBytes());
                shared = pool;
            }
            sharers++;
            return new SessionMemory(pool, false);
        }
    }

    /// 70 % of the machine or container, less when the heap and the process need the rest.
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
        synchronized (SessionMemory.class) {
            if (!own && --sharers > 0) return;
            if (!own) shared = null;
        }
        long leaked = pool.usedBytes();
        if (leaked == 0) {
            pool.close();
            return;
        }
        LOG.warn("{} bytes of counted memory were still held when the session closed", leaked);
        assert false : "%d bytes of counted memory leaked".formatted(leaked);
    }
}
