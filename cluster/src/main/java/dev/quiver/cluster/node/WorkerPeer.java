package dev.quiver.cluster.node;

import dev.quiver.cluster.control.Answer;
import dev.quiver.cluster.control.DriverOrder;
import dev.quiver.cluster.control.Inquiry;
import dev.quiver.cluster.control.Language;
import dev.quiver.cluster.control.Orders;
import dev.quiver.cluster.control.TaskCodes;
import dev.quiver.cluster.control.WorkerAddress;
import dev.quiver.cluster.control.WorkerWord;
import dev.quiver.protocol.SchedulerMessage;
import dev.quiver.scheduler.server.WorkerLink;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A worker in one session, as its scheduler's process sees it.
final class WorkerPeer implements WorkerLink {
    /// What the peers of one scheduler have in common.
    interface Surroundings {
        CodeStore codes();

        /// The addresses of workers from the `from`-th that came on.
        List<WorkerAddress> addresses(int from);

        /// The scheduler has given the worker up.
        void dismissed(WorkerPeer peer);
    }

    private final int worker;
    private final long session;
    private final UUID member;
    private final Surroundings surroundings;
    private final PeerLink<Orders, WorkerWord> link;
    private final List<SchedulerMessage> waiting = new ArrayList<>();

    /// By stage, the numbers of the functions that it has.
    private final Map<Integer, BitSet> sharedTold = new HashMap<>();

    private int addressesTold;
    private volatile WorkerWord.@Nullable Hello hello;
    private volatile WorkerWord.Load load = WorkerWord.Load.NONE;

    WorkerPeer(
            int worker,
            long session,
            UUID member,
            Surroundings surroundings,
            Consumer<byte[]> out) {
        this.worker = worker;
        this.session = session;
        this.member = member;
        this.surroundings = surroundings;
        this.link =
                new PeerLink<>(
                        session,
                        Language.ORDERS,
                        Language.WORKER_WORDS,
                        orders -> List.of(Orders.merged(orders)),
                        out);
    }

    int worker() {
        return worker;
    }

    /// The number of its link.
    long session() {
        return session;
    }

    /// Its node in the network.
    UUID member() {
        return member;
    }

    PeerLink<Orders, WorkerWord> link() {
        return link;
    }

    /// What it said of itself; null before.
    Answer.@Nullable Member description() {
        WorkerWord.Hello said = hello;
        if (said == null) return null;
        return new Answer.Member(
                new WorkerAddress(worker, said.host(), said.port()),
                said.name(),
                said.slots(),
                load.slotsBusy(),
                load.memoryBytes(),
                said.memoryBytes(),
                load.spilledBytes(),
                load.resources(),
                said.after());
    }

    /// For people; a word for it before it said one.
    String name() {
        WorkerWord.Hello said = hello;
        return said == null ? "worker " + worker : said.name();
    }

    void describe(WorkerWord.Hello said) {
        hello = said;
    }

    void note(WorkerWord.Load said) {
        load = said;
    }

    @Override
    public boolean tell(SchedulerMessage message) {
        waiting.add(message);
        return waiting.size() == 1;
    }

    @Override
    public void deliver() {
        var codes = new ArrayList<TaskCodes>();
        for (SchedulerMessage message : waiting) {
            if (message instanceof SchedulerMessage.StageClosed(int stage))
                sharedTold.remove(stage);
            if (message
                            instanceof
                            SchedulerMessage.TasksAssigned(int stage, int from, int to, _, _, _)
                    && surroundings.codes().has(stage))
                codes.add(surroundings.codes().range(stage, from, to, told(stage)));
        }
        List<WorkerAddress> addresses = surroundings.addresses(addressesTold);
        addressesTold += addresses.size();
        link.send(Orders.of(addresses, codes, waiting));
        waiting.clear();
    }

    private BitSet told(int stage) {
        return sharedTold.computeIfAbsent(stage, _ -> new BitSet());
    }

    /// Its client's classes aren't needed any more.
    void forgetClient(int client) {
        link.send(Orders.forget(client));
    }

    /// What it is to do about a submitted program.
    void tell(DriverOrder order) {
        link.send(Orders.about(order));
    }

    /// People want to know something of it.
    void ask(Inquiry inquiry) {
        link.send(Orders.ask(inquiry));
    }

    /// It is to leave.
    void retire(long limitMillis) {
        link.send(Orders.retire(limitMillis));
    }

    @Override
    public void dismiss() {
        surroundings.dismissed(this);
    }
}
