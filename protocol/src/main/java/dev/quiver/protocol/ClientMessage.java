package dev.quiver.protocol;

import dev.quiver.graph.Edges;
import dev.quiver.graph.TaskGraph;
import dev.quiver.operator.Bytes;
import java.util.List;

/// What a client tells the scheduler. Ranges of partitions are from `from` up to, not including,
/// `to`.
public sealed interface ClientMessage {
    /// A new job.
    ///
    /// @param job unique in the scheduler's life
    /// @param failFast true when the first task that fails for good ends the whole job; false when
    ///   only its dependents fail
    record GraphSubmitted(long job, TaskGraph graph, boolean failFast) implements ClientMessage {}

    /// What a job is that will be submitted, for people who look: it changes nothing.
    record JobDescribed(long job, JobDescription what) implements ClientMessage {}

    /// More stages for a job that is there. Stages that they read must not have been released.
    record StagesAppended(long job, TaskGraph graph) implements ClientMessage {}

    /// More tasks for a growing stage. Their partitions follow those that the stage has.
    ///
    /// @param edges row `r` is what the `r`-th new task reads
    record TasksAppended(int stage, int count, Edges edges) implements ClientMessage {
        public TasksAppended {
            if (count < 1 || edges.rowCount() > count) {
                throw new IllegalArgumentException(
                        "%d tasks with %d rows of edges".formatted(count, edges.rowCount()));
            }
        }
    }

    /// No more tasks will be appended to the stage; it is forgotten once all its outputs are
    /// released.
    record StageSealed(int stage) implements ClientMessage {}

    /// Enough is known: the partitions from `from` on that haven't finished are dropped and count
    /// as empty.
    record StageSatisfied(int stage, int from) implements ClientMessage {}

    /// The tasks fail with [Failure.Kind#CANCELLED], and so do those that depend on them.
    record TasksCancelled(int stage, int from, int to) implements ClientMessage {}

    record JobCancelled(long job) implements ClientMessage {}

    /// The client doesn't want the outputs any more; they go when no dependent needs them. Tasks
    /// that nobody needs and that haven't started never do.
    record TasksReleased(int stage, int from, int to) implements ClientMessage {}

    /// The wanted outputs of a job get a name under which all clients find them. They stay when
    /// their client releases them or goes, until [NameWithdrawn].
    ///
    /// @param content what clients need to know to read them; opaque to the scheduler
    record JobPublished(long job, String name, Bytes content) implements ClientMessage {}

    /// Nobody finds anything under the name any more: outputs whose client has released them go.
    record NameWithdrawn(String name) implements ClientMessage {}

    /// How much of the cluster the client wants beside others who want it too: `weight` times what
    /// a client has that doesn't say.
    record ShareWanted(int weight) implements ClientMessage {
        public static final int WEIGHT_MAX = 1000;

        public ShareWanted {
            if (weight < 1 || weight > WEIGHT_MAX) {
                throw new IllegalArgumentException("a weight of " + weight);
            }
        }
    }

    /// A task of the client's that takes much longer than others of its stage is run a second time
    /// elsewhere while workers have nothing to do, if each attempt gives the same output; the first
    /// to end counts.
    record SpeculationWanted() implements ClientMessage {}

    /// The client doesn't want anything of the job any more: what isn't finished is cancelled,
    /// outputs go, and the job's memory in the scheduler is given back.
    record JobReleased(long job) implements ClientMessage {}

    /// Asks something of what all clients share under a name. Answered by [ClientNotice.Answered],
    /// perhaps much later.
    ///
    /// @param request a number that the client gives no other request; 0 = no answer is wanted
    record Asked(long request, CoordinationRequest what) implements ClientMessage {
        public Asked {
            if (request < 0 || request == 0 && what instanceof CoordinationRequest.Waiting)
                throw new IllegalArgumentException("request %d: %s".formatted(request, what));
        }
    }

    /// The client has these answers: they needn't be told again.
    record AnswersTaken(List<Long> requests) implements ClientMessage {
        public AnswersTaken {
            requests = List.copyOf(requests);
        }
    }

    /// The client won't wait any longer: a request that waits is answered by
    /// [CoordinationAnswer.NotNow]; otherwise its answer is on the way.
    record RequestWithdrawn(long request) implements ClientMessage {}

    /// The client doesn't take any answer to the request: what the request has brought it is given
    /// back.
    record RequestAbandoned(long request) implements ClientMessage {}
}
