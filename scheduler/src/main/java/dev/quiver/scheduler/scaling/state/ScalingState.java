package dev.quiver.scheduler.scaling.state;

import dev.quiver.scheduler.scaling.state.ScalingView.Member;
import dev.quiver.scheduler.state.Workload;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;

/// Decides when a cluster gets more workers and when some leave. More come when what there is to do
/// would take longer than the target; some leave when so many weren't needed for a while, those
/// first that do least.
///
/// So that the number doesn't go up and down, it grows only to what was wanted twice, and shrinks
/// only to the most that was wanted for a while: the stabilization windows of Kubernetes.
public final class ScalingState {
    /// What was wanted at a time.
    private record Wanted(long nanos, int workers) {}

    private final ScalingLimits limits;

    /// Oldest first, back to [ScalingLimits#patienceNanos()] ago.
    private final ArrayDeque<Wanted> history = new ArrayDeque<>();

    /// Names of those that were to leave and whose processes haven't ended, and when that was seen.
    private final TreeMap<String, Long> leaving = new TreeMap<>();

    /// Since then it has looked without a long pause.
    private long beganNanos;

    public ScalingState(ScalingLimits limits) {
        this.limits = limits;
    }

    /// Looks at the cluster and says what is to be done now. A worker that was to leave and doesn't
    /// counts again after a while.
    public ScalingDecision on(ScalingView view) {
        noteLeaving(view);
        var own = new ArrayList<>(view.started());
        own.removeAll(leaving.keySet());
        int wanted = wanted(view);
        int twice = history.isEmpty() ? 0 : Math.min(history.getLast().workers(), wanted);
        int needed = Math.max(twice, limits.workersMin());
        remember(view.nanos(), wanted);
        if (own.size() < needed) {
            return new ScalingDecision(wanted, needed - own.size(), List.of());
        }
        int superfluous = own.size() - most();
        if (superfluous <= 0 || view.nanos() - beganNanos < limits.patienceNanos()) {
            return new ScalingDecision(wanted, 0, List.of());
        }
        return new ScalingDecision(wanted, 0, retire(view, own, superfluous));
    }

    private void noteLeaving(ScalingView view) {
        leaving.keySet().retainAll(view.started());
        for (Member member : view.members()) {
            Long told = leaving.get(member.name());
            if (member.retiring() && view.started().contains(member.name())) {
                leaving.put(member.name(), view.nanos());
            } else if (told != null && view.nanos() - told > limits.patienceNanos()) {
                leaving.remove(member.name());
            }
        }
    }

    private void remember(long nanos, int wanted) {
        Wanted last = history.peekLast();
        if (last == null || nanos - last.nanos() > limits.patienceNanos()) {
            history.clear();
            beganNanos = nanos;
        }
        history.add(new Wanted(nanos, wanted));
        while (nanos - history.getFirst().nanos() > limits.patienceNanos()) {
            history.removeFirst();
        }
    }

    private int most() {
        return history.stream().mapToInt(Wanted::workers).max().orElse(limits.workersMax());
    }

    /// How many of its own there should be.
    private int wanted(ScalingView view) {
        List<Member> others =
                view.members().stream()
                        .filter(m -> !view.started().contains(m.name()) && !m.retiring())
                        .toList();
        long slots = slots(view.workload()) - others.stream().mapToLong(Member::slots).sum();
        long bytes = view.members().stream().mapToLong(Member::bytes).sum();
        double room = others.stream().mapToLong(Member::memoryBytes).sum();
        double unplaced = bytes / ScalingLimits.MEMORY_FILL_MAX - room;
        double workers =
                Math.max(
                        Math.ceil((double) slots / limits.slots()),
                        Math.ceil(unplaced / limits.memoryBytes()));
        if (others.isEmpty() && isUseful(view)) {
            workers = Math.max(1, workers);
        }
        return (int) Math.clamp(workers, limits.workersMin(), limits.workersMax());
    }

    /// How many slots end the work within the target; no more than there are tasks.
    private long slots(Workload workload) {
        return Math.min(workload.tasks(), Math.ceilDiv(workload.nanos(), limits.targetNanos()));
    }

    private static boolean isUseful(ScalingView view) {
        Workload workload = view.workload();
        return workload.tasks() > 0 || workload.outputs() > 0 || view.programsWaiting() > 0;
    }

    private List<Integer> retire(ScalingView view, List<String> own, int count) {
        List<Member> least =
                view.members().stream()
                        .filter(member -> own.contains(member.name()) && member.programs() == 0)
                        .sorted(
                                Comparator.comparingInt(Member::slotsBusy)
                                        .thenComparingLong(Member::bytes)
                                        .thenComparing(Member::number, Comparator.reverseOrder()))
                        .limit(count)
                        .toList();
        for (Member member : least) {
            leaving.put(member.name(), view.nanos());
        }
        return least.stream().map(Member::number).toList();
    }
}
