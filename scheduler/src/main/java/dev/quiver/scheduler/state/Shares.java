package dev.quiver.scheduler.state;

import dev.quiver.protocol.ClientMessage;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// How much of the cluster each client has had. Whoever has had least of its share goes first, so
/// that clients with tasks waiting have slots for times in proportion to their weights, however
/// many tasks each has. Who had nothing to do for a while gains nothing by that.
///
/// Virtual time, as in start-time fair queueing (Goyal, Vin, Cheng: "Start-time Fair Queuing",
/// SIGCOMM 1996).
final class Shares {
    /// A client's time in slots counts so many times, divided by its weight.
    private static final long SCALE = ClientMessage.ShareWanted.WEIGHT_MAX;

    /// Assumed where a stage's tasks weren't measured yet.
    private static final long TASK_NANOS_GUESS = 1_000_000;

    /// What one client has had.
    private static final class Share {
        private int weight = 1;
        private long time;

        /// Its attempts at workers.
        private long outstanding;

        /// It has gone for good, and is forgotten when they have ended.
        private boolean gone;
    }

    private final TreeMap<Long, Share> clients = new TreeMap<>();

    private Share of(long client) {
        return clients.computeIfAbsent(client, _ -> new Share());
    }

    void weigh(long client, int weight) {
        of(client).weight = weight;
    }

    /// The client has gone for good.
    void forget(long client) {
        Share share = clients.get(client);
        if (share != null) {
            share.gone = true;
            forgetIfEnded(client, share);
        }
    }

    private void forgetIfEnded(long client, Share share) {
        if (share.gone && share.outstanding == 0) {
            clients.remove(client);
        }
    }

    /// Those whose weights were said.
    Set<Long> weighed() {
        var weighed = new TreeSet<Long>();
        clients.forEach((client, share) -> {
            if (share.weight != 1) {
                weighed.add(client);
            }
        });
        return weighed;
    }

    /// The client has tasks that wait. If it had nothing to do it begins where those are that have.
    void waits(long client) {
        Share share = of(client);
        if (share.outstanding > 0 || clients.size() == 1) {
            return;
        }
        long least = Long.MAX_VALUE;
        long most = 0;
        for (Share other : clients.values()) {
            most = Math.max(most, other.time);
            if (other.outstanding > 0) {
                least = Math.min(least, other.time);
            }
        }
        share.time = Math.max(share.time, Math.min(least, most));
    }

    /// Tasks of a stage are given to a worker.
    void began(StageState stage, int count) {
        Share share = of(stage.job.client);
        share.outstanding += count;
        share.time += count * cost(expected(stage), share);
    }

    /// Attempts that were given to workers have ended.
    void ended(StageState stage, int count) {
        long client = stage.job.client;
        Share share = of(client);
        share.outstanding -= count;
        forgetIfEnded(client, share);
    }

    /// A task has taken `nanos`, which isn't known to its stage yet.
    void took(StageState stage, long nanos) {
        Share share = of(stage.job.client);
        share.time += cost(nanos - expected(stage), share);
    }

    private static long expected(StageState stage) {
        return stage.taskNanos() == 0 ? TASK_NANOS_GUESS : stage.taskNanos();
    }

    private static long cost(long nanos, Share share) {
        return nanos * SCALE / share.weight;
    }

    /// Whether `a` goes before `b`.
    boolean before(Run a, Run b) {
        long first = a.stage.job.client;
        long second = b.stage.job.client;
        if (first == second) {
            return a.before(b);
        }
        long firstTime = of(first).time;
        long secondTime = of(second).time;
        return firstTime == secondTime ? first < second : firstTime < secondTime;
    }
}
