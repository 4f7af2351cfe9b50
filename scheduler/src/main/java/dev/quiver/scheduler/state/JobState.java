package dev.quiver.scheduler.state;

import java.util.ArrayList;
import java.util.List;

/// The stages that were submitted together, and those appended to them.
final class JobState {
    final long id;
    final boolean failFast;
    final List<StageState> stages = new ArrayList<>();
    boolean failed;
    boolean released;

    JobState(long id, boolean failFast) {
        this.id = id;
        this.failFast = failFast;
    }
}
