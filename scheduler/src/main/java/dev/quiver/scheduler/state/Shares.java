package dev.quiver.scheduler.state;

import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// What clients have of the cluster. Whoever has had least of its share goes first, so that clients
/// with tasks waiting have slots for times in proportion to their weights, however many tasks each
/// has. Who had nothing to do for a while gains nothing by that.
///
/// Virtual time, as in start-time fair queueing (Goyal, Vin, Cheng: "Start-time Fair Queuing",
/// SIGCOMM 1996).
final class Shares {
    private final TreeMap<Long, Share> clients = new TreeMap<>();

    Share of(long client) {
        return clients.computeIfAbsent(client, _ -> new Share(client, this));
    }

    /// The client has gone for good.
    void forget(long client) {
        clients.remove(client);
    }

    /// Clients whose weights were said.
    Set<Long> weighed() {
        var weighed = new TreeSet<Long>();
        clients.forEach((client, share) -> {
            if (share.weight() != 1) {
                weighed.add(client);
            }
        });
        return weighed;
    }

    /// Stragglers of the client are to run a second time.
    void speculate(long client) {
        of(client).speculates = true;
    }

    /// Clients whose stragglers are.
    Set<Long> speculating() {
        var speculating = new TreeSet<Long>();
        clients.forEach((client, share) -> {
            if (share.speculates) {
                speculating.add(client);
            }
        });
        return speculating;
    }

    /// True while such a client has tasks at workers.
    boolean speculationMayBeDue() {
        for (Share share : clients.values()) {
            if (share.speculates && share.hasTasks()) {
                return true;
            }
        }
        return false;
    }

    /// Where a client begins that had nothing to do: with the one of the others that has had least
    /// and has tasks, or where nobody has any with the one that has had most.
    long begin() {
        long least = Long.MAX_VALUE;
        long most = 0;
        for (Share share : clients.values()) {
            most = Math.max(most, share.time());
            if (share.hasTasks()) {
                least = Math.min(least, share.time());
            }
        }
        return Math.min(least, most);
    }
}
