package dev.quiver.cluster.node;

import dev.quiver.cluster.control.Answer;
import dev.quiver.cluster.control.SchedulerAddress;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import java.util.List;
import java.util.Optional;

/// The scheduler that was asked isn't the active one of its list.
final class StandingBy extends QuiverException {
    private static final long serialVersionUID = 1;

    private final transient List<SchedulerAddress> schedulers;
    private final int active;

    StandingBy(SchedulerAddress asked, Answer.StandingBy answer) {
        super(
                ErrorCode.UNAVAILABLE,
                "the scheduler at %s stands by, and knows of no active one".formatted(asked),
                List.of("its list: " + SchedulerAddress.text(answer.schedulers())),
                "start the others of its list: more than half of them must run");
        this.schedulers = answer.schedulers();
        this.active = answer.active();
    }

    List<SchedulerAddress> schedulers() {
        return schedulers;
    }

    /// Which one is active, as far as that is known.
    Optional<SchedulerAddress> active() {
        return active < 0 ? Optional.empty() : Optional.of(schedulers.get(active));
    }
}
