package dev.quiver.dashboard;

import java.net.InetAddress;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// How many wrong tokens came from where: after ten in a minute none from there is looked at any
/// more until the minute is over. Safe for use by several threads.
final class WrongTokens {
    static final int SECONDS = 60;

    private static final int COUNT_MAX = 10;

    /// Of more addresses, the one that began first is forgotten.
    private static final int ADDRESSES_MAX = 10_000;

    private final LongSupplier nanos;
    private final Map<InetAddress, Count> counts = new LinkedHashMap<>();

    /// @param since when the first of them came
    private record Count(int wrong, long since) {}

    /// @param nanos a clock
    WrongTokens(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /// Whether there were too many.
    synchronized boolean areTooMany(InetAddress from) {
        Count count = counts.get(from);
        return count != null && isRecent(count) && count.wrong() >= COUNT_MAX;
    }

    synchronized void add(InetAddress from) {
        Count count = counts.get(from);
        if (count != null && isRecent(count)) {
            counts.put(from, new Count(count.wrong() + 1, count.since()));
            return;
        }
        counts.remove(from); // so that it begins behind the others
        if (counts.size() == ADDRESSES_MAX) {
            Iterator<InetAddress> first = counts.keySet().iterator();
            first.next();
            first.remove();
        }
        counts.put(from, new Count(1, nanos.getAsLong()));
    }

    private boolean isRecent(Count count) {
        return nanos.getAsLong() - count.since() < TimeUnit.SECONDS.toNanos(SECONDS);
    }
}
