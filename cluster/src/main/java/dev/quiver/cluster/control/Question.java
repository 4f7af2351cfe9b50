package dev.quiver.cluster.control;

import dev.quiver.cluster.log.state.RaftMessage;
import dev.quiver.graph.TaskKey;
import dev.quiver.operator.Bytes;
import dev.quiver.scheduler.server.PipelineNews;
import java.util.List;

/// What others ask of a scheduler at its client port; each is answered by one [Answer].
public sealed interface Question {
    /// A worker's process wants to join, or to begin another session.
    ///
    /// @param handshake see [dev.quiver.protocol.wire.Handshake]
    /// @param cluster in which it has a number; any when it has none
    /// @param worker its number, or [#NEW]
    record Join(Bytes handshake, String name, long cluster, int worker) implements Question {}

    /// Stands for the number of a worker that has none.
    int NEW = -1;

    /// A client wants to begin a conversation.
    ///
    /// @param leaseMillis for so long it may be away before it counts as gone
    /// @param worker whose tasks it speaks for: it goes when that is lost; [#NO_WORKER] when it
    ///   speaks for none
    record Connect(Bytes handshake, String name, long leaseMillis, int worker) implements Question {
        /// Stands for the number of a worker.
        public static final int NO_WORKER = -1;

        /// Longer leases aren't given.
        public static final long LEASE_MILLIS_MAX = 24L * 60 * 60 * 1000;

        public Connect {
            if (leaseMillis < 1 || leaseMillis > LEASE_MILLIS_MAX)
                throw new IllegalArgumentException("a lease of %d ms".formatted(leaseMillis));
        }
    }

    /// A client has lost its connection and wants to go on with what it had.
    ///
    /// @param token as it was told at first
    record Attach(Bytes handshake, long cluster, int client, Bytes token) implements Question {}

    /// Somebody calls a worker and says to be a client of the cluster.
    ///
    /// @param proof see [dev.quiver.cluster.security.SessionProof]
    record Vouch(int client, String proof) implements Question {}

    /// Somebody calls a worker and shows a client's token.
    record Bearer(String token) implements Question {}

    /// A client needs more numbers for stages.
    record MoreStages(int client) implements Question {}

    /// A worker needs bundles of a client's classes.
    ///
    /// @param bundles their hashes
    record Bundles(int client, List<Bytes> bundles) implements Question {
        public Bundles {
            bundles = List.copyOf(bundles);
        }
    }

    /// A client answers that it was asked for a bundle.
    ///
    /// @param content none when it doesn't have it
    record Upload(int client, Bytes bundle, Bytes content) implements Question {}

    /// How far stages are.
    record Statuses(List<Integer> stages) implements Question {
        public Statuses {
            stages = List.copyOf(stages);
        }
    }

    record Story(TaskKey task) implements Question {}

    /// What was published under names.
    record Catalog() implements Question {}

    /// Where the rows are that were published.
    record Frames() implements Question {}

    /// Who holds the output of a task.
    record Output(TaskKey task) implements Question {}

    /// Where people see what the cluster does.
    record Dashboard() implements Question {}

    /// What a client's jobs have done, as one HTML file.
    record Report(int client) implements Question {}

    /// A client tells of a pipeline that it runs, for those who look.
    record PipelineTold(int client, PipelineNews news) implements Question {}

    /// How much of the cluster is in use.
    record Usage() implements Question {}

    /// Why workers ended that were lost.
    record Ends(List<Integer> workers) implements Question {
        public Ends {
            workers = List.copyOf(workers);
        }
    }

    /// Who is in the cluster.
    record Members() implements Question {}

    /// Workers are to leave: what they hold goes to others first.
    ///
    /// @param workers their names or numbers
    /// @param limitMillis after which they leave whatever they hold and run
    /// @param lastToo whether those may go without whom nobody would run what waits
    record Retire(List<String> workers, long limitMillis, boolean lastToo) implements Question {
        /// Nobody is given more time to leave.
        public static final long LIMIT_MILLIS_MAX = 24L * 60 * 60 * 1000;

        public Retire {
            workers = List.copyOf(workers);
            if (limitMillis < 0 || limitMillis > LIMIT_MILLIS_MAX)
                throw new IllegalArgumentException("a limit of %d ms".formatted(limitMillis));
        }
    }

    /// Workers that keep much are to give some of it to those that keep little.
    record Rebalance() implements Question {}

    /// What of that is still to be done.
    record Rebalancing() implements Question {}

    /// What there is to do, asked again and again by who starts workers and has them leave.
    ///
    /// @param status what that is doing
    record Demand(ScalingStatus status) implements Question {}

    /// Another scheduler of the same list says something. The answer says only that it arrived.
    ///
    /// @param from which of the list it is
    /// @param schedulers the list, as it knows it
    record Agree(int from, List<SchedulerAddress> schedulers, List<RaftMessage> messages)
            implements Question {
        public Agree {
            schedulers = List.copyOf(schedulers);
            messages = List.copyOf(messages);
        }
    }

    /// About submitted programs.
    record Drivers(DriverQuestion question) implements Question {}
}
