package dev.quiver.scheduler.state;

import dev.quiver.graph.TaskKey;
import dev.quiver.protocol.Failure;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The stages that were submitted together, and those appended to them.
final class JobState {
    final long id;
    final long client;

    /// What its client has had of the cluster.
    final Share share;

    final boolean failFast;
    final List<StageState> stages = new ArrayList<>();

    /// Why what is left of it fails; null while it hasn't failed.
    @Nullable TaskFailure failure;

    /// Why it failed; null while it hasn't.
    @Nullable TaskFailure cause;

    boolean released;

    /// Under which name all clients find it; null when they don't.
    @Nullable PublishedJob publication;

    /// Was published when its client released it.
    boolean disowned;

    boolean failed() {
        return failure != null;
    }

    /// The job has failed: nothing of it runs any more.
    void fail(Failure why, TaskKey origin) {
        cause = new TaskFailure(why, origin);
        failure = new TaskFailure(new Failure(Failure.Kind.CANCELLED, why.message()), origin);
    }

    JobState(long id, Share share, boolean failFast) {
        this.id = id;
        this.client = share.client;
        this.share = share;
        this.failFast = failFast;
    }
}
