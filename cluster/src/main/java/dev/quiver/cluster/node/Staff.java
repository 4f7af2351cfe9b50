package dev.quiver.cluster.node;

import dev.quiver.cluster.control.Answer;
import dev.quiver.cluster.control.DriverStatus;
import dev.quiver.cluster.control.Question;
import dev.quiver.cluster.control.ScalingStatus;
import dev.quiver.cluster.process.Drivers;
import dev.quiver.scheduler.server.SchedulerShell;
import dev.quiver.scheduler.state.SchedulerState;
import java.util.List;
import java.util.Optional;

/// Which workers a scheduler has, how many it needs, and which of them are to leave. Thread-safe.
final class Staff {
    /// So long it is told who scales after that has last looked.
    private static final long SCALING_NANOS = 15_000_000_000L;

    /// What who scales said at a time.
    private record Scaling(ScalingStatus status, long nanos) {}

    private final WorkerPeers workers;
    private final ClientPeers clients;
    private final SchedulerShell shell;
    private final Drivers drivers;
    private volatile Optional<Scaling> scaling = Optional.empty();

    Staff(WorkerPeers workers, ClientPeers clients, SchedulerShell shell, Drivers drivers) {
        this.workers = workers;
        this.clients = clients;
        this.shell = shell;
        this.drivers = drivers;
    }

    Answer.Members members() {
        return new Answer.Members(
                workers.members(),
                clients.count(),
                shell.ask(SchedulerState::retirements),
                workers.departed(),
                scaling.filter(said -> System.nanoTime() - said.nanos < SCALING_NANOS)
                        .map(Scaling::status));
    }

    /// Has workers leave.
    Answer.Retiring retire(Question.Retire asked) {
        return new RetiringWorkers(members(), shell.ask(SchedulerState::needsWorkers))
                .begin(asked, workers::retire);
    }

    /// Has what workers keep spread evenly.
    Answer.Rebalancing rebalance() {
        shell.rebalance();
        return rebalancing();
    }

    Answer.Rebalancing rebalancing() {
        return new Answer.Rebalancing(shell.ask(SchedulerState::rebalancing));
    }

    /// What there is to do, for somebody who starts workers and has them leave.
    Answer.Demand demand(ScalingStatus status) {
        scaling = Optional.of(new Scaling(status, System.nanoTime()));
        List<DriverStatus> programs = drivers.statuses();
        return new Answer.Demand(
                shell.ask(SchedulerState::workload),
                (int)
                        programs.stream()
                                .filter(p -> p.state() == DriverStatus.State.WAITING)
                                .count(),
                programs.stream()
                        .filter(p -> p.state() == DriverStatus.State.RUNNING)
                        .map(DriverStatus::worker)
                        .toList(),
                members());
    }

    /// How much of the cluster is in use.
    Answer.Usage usage() {
        int slots = 0;
        int busy = 0;
        long memory = 0;
        long memoryMax = 0;
        long spilled = 0;
        for (Answer.Member member : workers.members()) {
            slots += member.slots();
            busy += member.slotsBusy();
            memory += member.memoryBytes();
            memoryMax += member.memoryBytesMax();
            spilled += member.spilledBytes();
        }
        return new Answer.Usage(slots, busy, memory, memoryMax, spilled);
    }
}
