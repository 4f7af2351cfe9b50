package dev.quiver.cluster.node;

import dev.quiver.client.Packed;
import dev.quiver.cluster.control.Attachment;
import dev.quiver.cluster.control.Language;
import dev.quiver.cluster.control.Orders;
import dev.quiver.cluster.control.WorkerWord;
import dev.quiver.operator.Bytes;
import dev.quiver.protocol.WorkerMessage;
import dev.quiver.worker.server.ObjectEngine;
import dev.quiver.worker.server.WorkerShell;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A worker's scheduler in one session, as the worker's process sees it.
final class SchedulerPeer implements WorkerShell.SchedulerLink {
    private static final Logger LOG = LoggerFactory.getLogger(SchedulerPeer.class);

    /// Results of at most so many bytes go along with the report that they are there.
    private static final int SMALL_BYTES = 1024;

    /// While short tasks follow each other, their ends are reported together so often.
    private static final long GATHER_NANOS = 200_000;

    /// What was gathered waits no longer, should a task that follows take its time.
    private static final long GATHER_NANOS_MAX = 1_000_000;

    private final PackedFailures failures;
    private final Supplier<WorkerShell> shell;
    private final Supplier<List<WorkerWord>> aside;
    private final Consumer<Throwable> broken;
    private final Runnable released;
    private final PeerLink<WorkerWord, Orders> link;
    private final AlarmClock clock;
    private final AlarmClock.Alarm alarm;
    private final Object gathering = new Object();
    private List<WorkerMessage> gathered = new ArrayList<>();
    private List<Attachment> gatheredAttachments = new ArrayList<>();
    private long sentNanos;
    private volatile long heardNanos = System.nanoTime();

    /// @param session the number of the link
    /// @param failures what tasks threw
    /// @param shell of the worker
    /// @param aside what is to be told before reports, since it was asked last
    /// @param broken is told when the worker is of no use any more
    /// @param released is told when the scheduler lets the worker go
    /// @param clock stays the caller's
    SchedulerPeer(
            long session,
            UUID member,
            IgniteNode node,
            PackedFailures failures,
            Supplier<WorkerShell> shell,
            Supplier<List<WorkerWord>> aside,
            Consumer<Throwable> broken,
            Runnable released,
            AlarmClock clock) {
        this.released = released;
        this.clock = clock;
        this.alarm = clock.alarm(this::sendGathered);
        this.failures = failures;
        this.shell = shell;
        this.aside = aside;
        this.broken = broken;
        this.link =
                new PeerLink<>(
                        session,
                        Language.WORKER_WORDS,
                        Language.ORDERS,
                        WorkerWord::merged,
                        frame -> node.send(member, WorkerPeers.TO_SCHEDULER, frame));
    }

    void send(WorkerWord word) {
        sendGathered();
        link.sendNow(word);
    }

    void tick() {
        tellAside();
        link.tick();
    }

    /// When anything was heard last, by [System#nanoTime].
    long heardNanos() {
        return heardNanos;
    }

    List<Orders> receive(byte[] frame) {
        heardNanos = System.nanoTime();
        return link.receive(frame);
    }

    /// What [#receive] gave was dealt with.
    void answer() {
        link.answer();
    }

    @Override
    public boolean report(List<WorkerMessage> reports) {
        tellAside();
        synchronized (gathering) {
            gathered.addAll(reports);
            for (WorkerMessage report : reports) attach(report, gatheredAttachments);
            if (mayWait(reports)) alarm.set(sentNanos + GATHER_NANOS_MAX);
            else sendGathered();
        }
        return false;
    }

    private void tellAside() {
        aside.get().forEach(link::send);
    }

    /// Whether a slot has work that will end soon, and be reported with these.
    private boolean mayWait(List<WorkerMessage> reports) {
        return shell.get().hasWork()
                && clock.nanos() - sentNanos < GATHER_NANOS
                && reports.stream().allMatch(SchedulerPeer::isEnd);
    }

    private static boolean isEnd(WorkerMessage report) {
        return report instanceof WorkerMessage.Started
                || report instanceof WorkerMessage.Finished
                || report instanceof WorkerMessage.Holding;
    }

    private void sendGathered() {
        synchronized (gathering) {
            if (gathered.isEmpty()) return;
            link.send(new WorkerWord.Reports(gathered, gatheredAttachments));
            gathered = new ArrayList<>();
            gatheredAttachments = new ArrayList<>();
            sentNanos = clock.nanos();
        }
    }

    private void attach(WorkerMessage report, List<Attachment> attachments) {
        switch (report) {
            case WorkerMessage.Finished(int stage, int partition, int attempt, _, _, _, _) ->
                    attachSmall(stage, partition, attempt, attachments);
            case WorkerMessage.Holding m -> {
                for (int i = 0; i < m.rows().size(); i++)
                    attachSmall(m.stage(), m.from() + i, m.attempt(), attachments);
            }
            case WorkerMessage.Failed(int stage, int partition, int attempt, _) -> {
                Bytes thrown = failures.of(stage, partition);
                if (!thrown.isEmpty())
                    attachments.add(new Attachment(stage, partition, attempt, thrown));
            }
            case WorkerMessage.Started _,
                    WorkerMessage.Yielded _,
                    WorkerMessage.Resumed _,
                    WorkerMessage.InputMissing _,
                    WorkerMessage.Returned _,
                    WorkerMessage.StealAnswered _,
                    WorkerMessage.Running _,
                    WorkerMessage.Announced _,
                    WorkerMessage.Retiring _,
                    WorkerMessage.Copied _,
                    WorkerMessage.NotCopied _ -> {}
        }
    }

    private void attachSmall(int stage, int partition, int attempt, List<Attachment> attachments) {
        ObjectEngine objects = shell.get().objects();
        if (objects.isWanted(stage)
                && objects.peek(stage, partition) instanceof Packed packed
                && packed.bytes().length <= SMALL_BYTES)
            attachments.add(new Attachment(stage, partition, attempt, Bytes.of(packed.bytes())));
    }

    @Override
    public void threw(int stage, int partition, Throwable problem) {
        failures.put(stage, partition, problem);
    }

    @Override
    public void deliver() {}

    @Override
    public void released() {
        released.run();
    }

    @Override
    public void broken(Throwable cause) {
        LOG.error("the worker has failed", cause);
        broken.accept(cause);
    }
}
