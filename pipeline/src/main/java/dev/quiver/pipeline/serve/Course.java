package dev.quiver.pipeline.serve;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/// When one pipeline is to run: a state machine, which time comes to as data. What it says holds
/// once its memo is on the disk.
final class Course {
    /// A firing that is seen later than this was missed.
    static final Duration LATE = Duration.ofMinutes(1);

    /// The clock was wrong when a firing is this far ahead of it.
    private static final Duration FAR_AHEAD = Duration.ofHours(25);

    private static final List<Duration> LOOKS_BACK =
            List.of(Duration.ofHours(1), Duration.ofDays(1), Duration.ofDays(32));
    private static final int WAITING_MAX = 1_000;

    private final Schedule schedule;
    private final Set<String> after;
    private Memo memo;
    private boolean running;
    private long skipped;
    private Optional<Instant> looked = Optional.empty();
    private SortedMap<String, String> found = new TreeMap<>();

    Course(Schedule schedule, List<String> after, Memo memo) {
        this.schedule = schedule;
        this.after = new TreeSet<>(after);
        this.memo = memo;
    }

    Memo memo() {
        return memo;
    }

    /// How many firings were left out, because they were missed or came while it ran.
    long skipped() {
        return skipped;
    }

    boolean isRunning() {
        return running;
    }

    /// How many runs wait for the one that is running, or for their turn.
    int queued() {
        return memo.waiting().size() - (running ? 1 : 0);
    }

    /// Whether something runs or is about to.
    boolean isBusy() {
        return running || (!memo.waiting().isEmpty() && !memo.held());
    }

    /// Looks at the clock.
    ///
    /// @return whether the memo changed
    boolean look(Instant now) {
        Memo before = memo;
        switch (schedule.timing()) {
            case Timing.Cron(CronTimes times) -> {
                if (memo.last().isEmpty() || memo.last().get().isAfter(now.plus(FAR_AHEAD)))
                    memo = memo.withLast(now);
                fire(times::after, now, LATE);
            }
            case Timing.Every(Duration interval) -> {
                if (memo.last().isEmpty()) fire(now);
                if (memo.last().orElse(now).isAfter(now)) memo = memo.withLast(now);
                Duration late = interval.compareTo(LATE) < 0 ? interval : LATE;
                fireEvery(interval, now, late);
            }
            case Timing.Arrival _, Timing.Behind _ -> {}
        }
        return !memo.equals(before);
    }

    private interface Times {
        Optional<Instant> after(Instant moment);
    }

    private void fireEvery(Duration interval, Instant now, Duration late) {
        // Steps over what was missed long ago, so that a long time isn't walked through.
        Instant last = memo.last().orElse(now);
        long behind = Duration.between(last, now).dividedBy(interval);
        if (behind > WAITING_MAX && schedule.missed() != Missed.ALL) {
            skipped += behind - 2;
            memo = memo.withLast(last.plus(interval.multipliedBy(behind - 2)));
        }
        fire(moment -> Optional.of(moment.plus(interval)), now, late);
    }

    private void fire(Times times, Instant now, Duration late) {
        if (schedule.missed() != Missed.ALL) jump(times, now);
        var missed = new ArrayList<Instant>();
        while (memo.waiting().size() + missed.size() < WAITING_MAX) {
            Instant last = missed.isEmpty() ? memo.last().orElse(now) : missed.getLast();
            Optional<Instant> next = times.after(last).filter(due -> !due.isAfter(now));
            if (next.isEmpty()) break;
            if (!next.get().plus(late).isBefore(now)) {
                missed(missed, true);
                fire(next.get());
                missed.clear();
            } else {
                missed.add(next.get());
            }
        }
        missed(missed, false);
    }

    /// Passes over what is so long ago that only the last of it matters.
    private void jump(Times times, Instant now) {
        Instant last = memo.last().orElse(now);
        for (Duration back : LOOKS_BACK) {
            Instant from = now.minus(back);
            if (!from.isAfter(last)) return;
            Optional<Instant> next = times.after(from);
            if (next.isPresent() && !next.get().isAfter(now)) {
                memo = memo.withLast(from);
                return;
            }
        }
    }

    private void missed(List<Instant> firings, boolean isOneOnTime) {
        if (firings.isEmpty()) return;
        memo = memo.withLast(firings.getLast());
        switch (schedule.missed()) {
            case SKIP -> skipped += firings.size();
            case ONCE -> {
                skipped += firings.size();
                if (isOneOnTime || isBusy()) return;
                skipped--;
                memo = memo.with(new Firing(firings.getLast(), "missed, " + schedule));
            }
            case ALL -> {
                for (Instant due : firings)
                    memo = memo.with(new Firing(due, "missed, " + schedule));
            }
        }
    }

    private void fire(Instant due) {
        memo = memo.withLast(due);
        boolean fits =
                schedule.overlap() == Overlap.QUEUE ? queued() < 1 || memo.held() : !isBusy();
        if (fits) memo = memo.with(new Firing(due, schedule.toString()));
        else skipped++;
    }

    /// Whether it is time to look for files.
    boolean isTimeToLook(Instant now) {
        if (!(schedule.timing() instanceof Timing.Arrival(_, Duration pollEvery))) return false;
        if (isBusy()) return false;
        return looked.isEmpty()
                || looked.get().isAfter(now)
                || !looked.get().plus(pollEvery).isAfter(now);
    }

    /// Hears which files are there.
    ///
    /// @param files what tells apart each file that is there from one that was at its place
    /// @return whether the memo changed
    boolean arrived(Instant now, SortedMap<String, String> files) {
        SortedMap<String, String> before = found;
        looked = Optional.of(now);
        found = new TreeMap<>(files);
        int fresh = 0;
        for (var file : files.entrySet()) {
            if (file.getValue().equals(memo.seen().get(file.getKey()))) continue;
            if (!file.getValue().equals(before.get(file.getKey()))) return false;
            fresh++;
        }
        if (fresh == 0 || isBusy()) return false;
        String trigger = fresh == 1 ? "1 file came" : fresh + " files came";
        memo = memo.withSeen(found).withLast(now).with(new Firing(now, trigger));
        return true;
    }

    /// Hears that a pipeline ended well.
    ///
    /// @return whether the memo changed
    boolean heard(String pipeline, Instant now) {
        if (!(schedule.timing() instanceof Timing.Behind) || !after.contains(pipeline))
            return false;
        Set<String> heard = new TreeSet<>(memo.heard());
        heard.add(pipeline);
        memo = memo.withHeard(heard);
        if (!heard.containsAll(after)) return true;
        memo = memo.withHeard(Set.of());
        // One that waits already will see what was loaded now.
        if (queued() < 1 || memo.held())
            memo = memo.withLast(now).with(new Firing(now, "after " + String.join(", ", after)));
        return true;
    }

    /// Lets a run go on that an earlier server or somebody else left.
    void resume(Instant now) {
        if (memo.waiting().isEmpty()) memo = memo.with(new Firing(now, "goes on"));
        else memo = memo.withWaiting(memo.waiting(), false);
    }

    /// What is to run now.
    Optional<Firing> next() {
        if (running || memo.held() || memo.waiting().isEmpty()) return Optional.empty();
        return Optional.of(memo.waiting().getFirst());
    }

    /// The first one that waits begins.
    ///
    /// @param last the number of the pipeline's last run that ended
    void begin(long last) {
        var waiting = new ArrayList<>(memo.waiting());
        waiting.set(0, waiting.getFirst().begun(last));
        memo = memo.withWaiting(waiting, false);
        running = true;
    }

    /// The one that ran has ended.
    ///
    /// @param done when it ended well; empty when it didn't
    /// @param keeps whether it shall go on before another begins, with the next firing
    void end(Optional<Instant> done, boolean keeps) {
        running = false;
        var waiting = new ArrayList<>(memo.waiting());
        if (!keeps) waiting.removeFirst();
        memo =
                memo.withWaiting(waiting, keeps)
                        .withOutcome(done.isPresent() ? done : memo.done(), done.isEmpty());
    }

    /// The one that ran was stopped and goes on with the next server.
    void stop() {
        running = false;
    }

    /// The first one that waits is left out.
    void drop() {
        skipped++;
        var waiting = new ArrayList<>(memo.waiting());
        waiting.removeFirst();
        memo = memo.withWaiting(waiting, false);
    }

    /// When something is due next, where the clock tells.
    Optional<Instant> due() {
        return switch (schedule.timing()) {
            case Timing.Cron(CronTimes times) -> memo.last().flatMap(times::after);
            case Timing.Every(Duration interval) -> memo.last().map(last -> last.plus(interval));
            case Timing.Arrival _, Timing.Behind _ -> Optional.empty();
        };
    }
}
