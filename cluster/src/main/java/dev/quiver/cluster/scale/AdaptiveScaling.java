package dev.quiver.cluster.scale;

import dev.quiver.cluster.control.Answer;
import dev.quiver.cluster.control.Question;
import dev.quiver.cluster.control.ScalingStatus;
import dev.quiver.cluster.control.SchedulerAddress;
import dev.quiver.cluster.node.SchedulerDoors;
import dev.quiver.cluster.security.Credentials;
import dev.quiver.error.QuiverException;
import dev.quiver.scheduler.scaling.state.ScalingDecision;
import dev.quiver.scheduler.scaling.state.ScalingLimits;
import dev.quiver.scheduler.scaling.state.ScalingState;
import dev.quiver.scheduler.scaling.state.ScalingView;
import dev.quiver.scheduler.state.RetirementStatus;
import dev.quiver.scheduler.state.Workload;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks at a cluster again and again, has workers start when there is more to do than the present
/// ones do in time, and has those leave that aren't needed; what these hold goes to others first.
public final class AdaptiveScaling implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AdaptiveScaling.class);
    private static final int LOOKS_A_TARGET = 5;
    private static final long PAUSE_NANOS_MIN = 100_000_000;
    private static final long PAUSE_NANOS_MAX = 1_000_000_000;

    private final ScalingLimits limits;
    private final ScalingState state;
    private final Scaler scaler;
    private final SchedulerDoors doors;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread;
    private ScalingStatus status;

    /// Why the last look was in vain; empty when it wasn't.
    private String trouble = "";

    /// @param schedulers of the cluster
    /// @param credentials of somebody who may have workers leave
    public AdaptiveScaling(
            ScalingLimits limits,
            Scaler scaler,
            List<SchedulerAddress> schedulers,
            Credentials credentials) {
        this.limits = limits;
        this.state = new ScalingState(limits);
        this.scaler = scaler;
        this.doors = new SchedulerDoors(schedulers, credentials);
        this.status = status(Workload.NONE, limits.workersMin());
        this.thread = Thread.ofPlatform().name("quiver-scaling").unstarted(this::run);
    }

    public void start() {
        thread.start();
    }

    private void run() {
        long pause =
                Math.clamp(limits.targetNanos() / LOOKS_A_TARGET, PAUSE_NANOS_MIN, PAUSE_NANOS_MAX);
        try {
            do look();
            while (!closed.await(pause, TimeUnit.NANOSECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void look() {
        try {
            act(doors.ask(new Question.Demand(status), Answer.Demand.class, Duration.ZERO));
            trouble = "";
        } catch (QuiverException e) {
            if (closed.getCount() == 0 || trouble.equals(e.toString())) return;
            LOG.warn("the number of workers stays as it is: {}", e.getMessage());
            trouble = e.toString();
        }
    }

    private void act(Answer.Demand demand) {
        ScalingDecision decision = state.on(view(demand));
        status = status(demand.workload(), decision.wanted());
        if (decision.start() > 0) LOG.info("{} more workers are started", decision.start());
        for (int i = 0; i < decision.start(); i++) scaler.start();
        if (decision.retire().isEmpty()) return;
        LOG.info("workers {} aren't needed: they leave", decision.retire());
        for (Integer worker : decision.retire())
            doors.ask(
                    new Question.Retire(
                            List.of("" + worker), Question.Retire.LIMIT_MILLIS_MAX, false),
                    Answer.Retiring.class,
                    Duration.ZERO);
    }

    private ScalingView view(Answer.Demand demand) {
        Answer.Members members = demand.members();
        Set<Integer> retiring =
                members.retirements().stream()
                        .map(RetirementStatus::worker)
                        .collect(Collectors.toSet());
        return new ScalingView(
                System.nanoTime(),
                demand.workload(),
                demand.programsWaiting(),
                members.workers().stream()
                        .map(member -> member(member, demand.programsAt(), retiring))
                        .toList(),
                scaler.started());
    }

    private static ScalingView.Member member(
            Answer.Member member, List<Integer> programsAt, Set<Integer> retiring) {
        int number = member.address().worker();
        return new ScalingView.Member(
                number,
                member.name(),
                member.slots(),
                member.slotsBusy(),
                member.memoryBytes() + member.spilledBytes(),
                member.memoryBytesMax(),
                Collections.frequency(programsAt, number),
                retiring.contains(number));
    }

    private ScalingStatus status(Workload workload, int wanted) {
        return new ScalingStatus(
                limits.workersMin(),
                limits.workersMax(),
                Duration.ofNanos(limits.targetNanos()).toMillis(),
                scaler.started().size(),
                wanted,
                workload.tasks(),
                Duration.ofNanos(workload.nanos()).toMillis());
    }

    /// Starts and ends no worker any more.
    @Override
    public void close() {
        closed.countDown();
        doors.close();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
