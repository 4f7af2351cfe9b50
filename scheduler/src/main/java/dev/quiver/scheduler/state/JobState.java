package dev.quiver.scheduler.state;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The stages that were submitted together, and those appended to them.
final class JobState {
    final long id;
    final boolean failFast;
    final List<StageState> stages = new ArrayList<>();

    /// Why it failed; null while it hasn't.
    @Nullable TaskFailure failure;

    boolean released;

    boolean failed() {
        return failure != null;
    }

    JobState(long id, boolean failFast) {
        this.id = id;
        this.failFast = failFast;
    }
}
