package dev.quiver.cluster.control;

import dev.quiver.cluster.security.Right;
import dev.quiver.operator.Bytes;
import dev.quiver.protocol.ResourceUsage;
import dev.quiver.scheduler.state.OutputStatus;
import dev.quiver.scheduler.state.PublishedJob;
import dev.quiver.scheduler.state.RebalancingStatus;
import dev.quiver.scheduler.state.RetirementStatus;
import dev.quiver.scheduler.state.StageStatus;
import dev.quiver.scheduler.state.Workload;
import java.util.List;
import java.util.Optional;

/// What a scheduler answers to a [Question].
public sealed interface Answer {
    /// @param cluster a number that no other cluster has
    /// @param worker the number of the worker in this cluster
    /// @param session the number of the link that begins
    /// @param epoch of the scheduler
    /// @param member the scheduler's node in the network
    /// @param discovery where the cluster's nodes are found, as `host:port`
    /// @param clients those whose code may still be needed
    /// @param schedulers where one may be found later
    record Joined(
            Bytes handshake,
            long cluster,
            int worker,
            long session,
            int epoch,
            String member,
            List<String> discovery,
            List<Integer> clients,
            List<SchedulerAddress> schedulers)
            implements Answer {
        public Joined {
            discovery = List.copyOf(discovery);
            clients = List.copyOf(clients);
            schedulers = List.copyOf(schedulers);
        }
    }

    /// @param cluster a number that no other cluster has
    /// @param client the number of the client in this cluster
    /// @param token by which it proves later that it is that client
    /// @param stages the first of [#STAGES] numbers for its stages
    /// @param schedulers where one may be found later
    record Connected(
            Bytes handshake,
            long cluster,
            int client,
            Bytes token,
            int stages,
            List<SchedulerAddress> schedulers)
            implements Answer {
        public Connected {
            schedulers = List.copyOf(schedulers);
        }
    }

    /// So many numbers for stages are given at a time.
    int STAGES = 1 << 12;

    record Stages(int first) implements Answer {}

    /// @param contents in the order of the question; none for what can't be had
    record Bundles(List<Bytes> contents) implements Answer {
        public Bundles {
            contents = List.copyOf(contents);
        }
    }

    record Done() implements Answer {}

    record Statuses(List<StageStatus> statuses) implements Answer {
        public Statuses {
            statuses = List.copyOf(statuses);
        }
    }

    record Story(List<String> lines) implements Answer {
        public Story {
            lines = List.copyOf(lines);
        }
    }

    /// Whose token it is, and what its owner may do.
    record Owner(String name, List<Right> rights) implements Answer {
        public Owner {
            rights = List.copyOf(rights);
        }
    }

    record Frames(List<PublishedRows> frames) implements Answer {
        public Frames {
            frames = List.copyOf(frames);
        }
    }

    record Catalog(List<PublishedJob> published) implements Answer {
        public Catalog {
            published = List.copyOf(published);
        }
    }

    /// @param output none while there is none
    record Output(Optional<OutputStatus> output) implements Answer {}

    /// @param address empty when it isn't shown
    record Dashboard(String address) implements Answer {}

    /// @param html empty when nobody has watched
    record Report(String html) implements Answer {}

    record Usage(int slots, int slotsBusy, long memoryBytes, long memoryBytesMax, long spilledBytes)
            implements Answer {}

    /// @param whys in the order of the question; empty for what isn't known, perhaps not yet
    record Ends(List<String> whys) implements Answer {
        public Ends {
            whys = List.copyOf(whys);
        }
    }

    /// @param retirements how far those of the workers are that are to leave
    /// @param departed workers that have said goodbye of late, the last one first
    /// @param scaling what somebody does who starts workers as they are needed; empty when nobody
    ///   does
    record Members(
            List<Member> workers,
            int clients,
            List<RetirementStatus> retirements,
            List<Departed> departed,
            Optional<ScalingStatus> scaling)
            implements Answer {
        public Members {
            workers = List.copyOf(workers);
            retirements = List.copyOf(retirements);
            departed = List.copyOf(departed);
        }
    }

    /// @param left what is still to move
    record Rebalancing(RebalancingStatus left) implements Answer {}

    /// @param programsWaiting submitted programs that wait for a worker
    /// @param programsAt the workers at which others run, one entry for each program
    record Demand(Workload workload, int programsWaiting, List<Integer> programsAt, Members members)
            implements Answer {
        public Demand {
            programsAt = List.copyOf(programsAt);
        }
    }

    /// A worker that has left.
    ///
    /// @param why as it said
    record Departed(int worker, String name, String why) {
        /// What is said of one of which nothing was lost.
        public static final String RETIRED = "retired";
    }

    /// @param workers the numbers of those that are to leave now
    record Retiring(List<Integer> workers) implements Answer {
        public Retiring {
            workers = List.copyOf(workers);
        }
    }

    /// A worker in the cluster, and how much of it was in use when it last said so.
    ///
    /// @param after why the process ended that was there before it; empty when none was
    record Member(
            WorkerAddress address,
            String name,
            int slots,
            int slotsBusy,
            long memoryBytes,
            long memoryBytesMax,
            long spilledBytes,
            ResourceUsage resources,
            String after) {}

    record Drivers(DriverAnswer answer) implements Answer {}

    /// The scheduler isn't the active one of its list.
    ///
    /// @param active which one is, as far as it knows; -1 when it doesn't
    record StandingBy(List<SchedulerAddress> schedulers, int active) implements Answer {
        public StandingBy {
            schedulers = List.copyOf(schedulers);
        }
    }

    /// @param code of [dev.quiver.error.ErrorCode]
    record Refused(String code, String what, List<String> where, String fix) implements Answer {
        public Refused {
            where = List.copyOf(where);
        }
    }
}
