package dev.quiver.cluster.node;

import dev.quiver.cluster.control.Answer;
import dev.quiver.cluster.control.Question;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.scheduler.state.RetirementStatus;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// Which workers are to leave that somebody names.
final class RetiringWorkers {
    private final Answer.Members members;
    private final boolean needed;

    /// @param needed whether somebody must be there for what waits and is held
    RetiringWorkers(Answer.Members members, boolean needed) {
        this.members = members;
        this.needed = needed;
    }

    /// How a worker is told.
    @FunctionalInterface
    interface Way {
        void retire(int worker, long limitMillis);
    }

    /// Tells them.
    ///
    /// @throws QuiverException ARGUMENT_INVALID when one isn't there, UNAVAILABLE when nobody would
    ///   be left for what waits
    Answer.Retiring begin(Question.Retire asked, Way way) {
        var chosen = new LinkedHashSet<Integer>();
        for (String worker : asked.workers()) chosen.add(worker(worker));
        if (!asked.lastToo()) requireOthers(chosen);
        for (int worker : chosen) way.retire(worker, asked.limitMillis());
        return new Answer.Retiring(List.copyOf(chosen));
    }

    private int worker(String text) {
        List<Integer> found =
                members.workers().stream()
                        .filter(m -> m.name().equals(text) || text.equals("" + number(m)))
                        .map(RetiringWorkers::number)
                        .toList();
        if (found.size() == 1) return found.getFirst();
        throw new QuiverException(
                ErrorCode.ARGUMENT_INVALID,
                found.isEmpty()
                        ? "there is no worker '%s'".formatted(text)
                        : "'%s' is the name of %d workers".formatted(text, found.size()),
                List.of("workers: " + all()),
                "give a number or a name of these; see 'quiver status'");
    }

    private static int number(Answer.Member member) {
        return member.address().worker();
    }

    private String all() {
        if (members.workers().isEmpty()) return "none";
        return members.workers().stream()
                .map(member -> "%d '%s'".formatted(number(member), member.name()))
                .sorted()
                .collect(Collectors.joining(", "));
    }

    private void requireOthers(Set<Integer> chosen) {
        boolean others =
                members.workers().stream()
                        .map(RetiringWorkers::number)
                        .anyMatch(worker -> !chosen.contains(worker) && !isRetiring(worker));
        if (others || !needed) return;
        throw new QuiverException(
                ErrorCode.UNAVAILABLE,
                "no worker would be left to run what waits and to hold what is needed",
                List.of("workers: " + all()),
                "start another one first, or let them go with --force");
    }

    private boolean isRetiring(int worker) {
        return members.retirements().stream()
                .mapToInt(RetirementStatus::worker)
                .anyMatch(other -> other == worker);
    }
}
