package dev.quiver.cluster.node;

import dev.quiver.cluster.control.Answer;
import dev.quiver.cluster.control.DriverOrder;
import dev.quiver.cluster.control.FrameCodec;
import dev.quiver.cluster.control.WorkerAddress;
import dev.quiver.cluster.control.WorkerWord;
import dev.quiver.protocol.wire.MalformedMessage;
import dev.quiver.scheduler.server.SchedulerShell;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The workers of a scheduler. A worker that comes back is another worker, with a number of its
/// own.
final class WorkerPeers implements WorkerPeer.Surroundings {
    /// Where workers listen.
    static final String TO_WORKER = "quiver-orders";

    /// Where schedulers listen. The session of a frame is the worker's number.
    static final String TO_SCHEDULER = "quiver-reports";

    /// What a worker is sent that the scheduler has given up: no frame, but nothing.
    static final byte[] DISMISSAL = {};

    private static final Logger LOG = LoggerFactory.getLogger(WorkerPeers.class);

    private final IgniteNode node;
    private final CodeStore codes;
    private final AttachmentStore attachments;
    private final AtomicInteger numbers = new AtomicInteger();
    private final Map<Integer, WorkerPeer> peers = new ConcurrentHashMap<>();
    private final Set<Integer> gone = ConcurrentHashMap.newKeySet();
    private final List<WorkerAddress> addresses = new CopyOnWriteArrayList<>();
    private final SchedulerShell shell;
    private final ClientPeers clients;

    @SuppressWarnings("NullAway.Init") // set by start, before anybody comes
    private Watcher watcher;

    /// @param clients are told of workers, and of what these did
    WorkerPeers(
            IgniteNode node,
            CodeStore codes,
            AttachmentStore attachments,
            SchedulerShell shell,
            ClientPeers clients) {
        this.node = node;
        this.codes = codes;
        this.attachments = attachments;
        this.shell = shell;
        this.clients = clients;
    }

    /// Who hears of workers that come and go.
    interface Watcher {
        void joined(int worker);

        void lost(int worker);
    }

    void start(Watcher watcher) {
        this.watcher = watcher;
        node.listen(TO_SCHEDULER, this::receive);
        node.onLeft(this::left);
    }

    /// A number for a worker that wants to join.
    int newNumber() {
        return numbers.getAndIncrement();
    }

    @Override
    public CodeStore codes() {
        return codes;
    }

    @Override
    public List<WorkerAddress> addresses(int from) {
        return addresses.subList(from, addresses.size());
    }

    /// All that are there.
    List<Answer.Member> members() {
        var members = new ArrayList<Answer.Member>();
        for (WorkerPeer peer : peers.values()) {
            Answer.Member member = peer.description();
            if (member != null) members.add(member);
        }
        return members;
    }

    private void receive(UUID sender, byte[] bytes) {
        try {
            long session = FrameCodec.session(bytes);
            if (session < 0 || session >= numbers.get()) {
                node.send(sender, TO_WORKER, DISMISSAL);
                return;
            }
            int worker = (int) session;
            WorkerPeer peer = peers.get(worker);
            if (peer == null) {
                if (gone.contains(worker)) {
                    node.send(sender, TO_WORKER, DISMISSAL);
                    return;
                }
                peer = peers.computeIfAbsent(worker, number -> newPeer(number, sender));
            }
            if (!peer.member().equals(sender))
                throw new MalformedMessage(
                        "it says to be worker %d, which is %s".formatted(worker, peer.member()));
            receive(peer, bytes);
        } catch (MalformedMessage e) {
            LOG.warn("a frame of {} was ignored: {}", sender, e.getMessage());
        }
    }

    private WorkerPeer newPeer(int worker, UUID member) {
        return new WorkerPeer(worker, member, this, bytes -> node.send(member, TO_WORKER, bytes));
    }

    private void receive(WorkerPeer peer, byte[] frame) {
        List<WorkerWord> words = peer.link().receive(frame);
        if (words.isEmpty()) {
            if (peer.description() != null) shell.heard(peer.worker());
            return;
        }
        for (WorkerWord word : words) {
            switch (word) {
                case WorkerWord.Hello hello -> join(peer, hello);
                case WorkerWord.Reports(var messages, var attached) -> {
                    attachments.put(attached);
                    if (shell.report(peer.worker(), messages)) shell.deliver();
                }
                case WorkerWord.Counted(var stages) -> stages.forEach(clients::tell);
                case WorkerWord.Load load -> peer.note(load);
                case WorkerWord.Goodbye _ -> lose(peer, "it left");
            }
        }
    }

    private void join(WorkerPeer peer, WorkerWord.Hello hello) {
        peer.describe(hello);
        addresses.add(new WorkerAddress(peer.worker(), hello.host(), hello.port()));
        clients.tellOfWorkers();
        watcher.joined(peer.worker());
        LOG.info("worker {} '{}' joined, {} slots", peer.worker(), hello.name(), hello.slots());
        shell.join(peer.worker(), hello.slots(), hello.memoryBytes(), peer);
    }

    private void left(UUID member) {
        for (WorkerPeer peer : peers.values())
            if (peer.member().equals(member)) lose(peer, "its process has gone");
    }

    private void lose(WorkerPeer peer, String why) {
        if (peers.remove(peer.worker()) == null) return;
        gone.add(peer.worker());
        LOG.info("worker {} was lost: {}", peer.worker(), why);
        if (peer.description() != null) shell.lost(peer.worker());
        watcher.lost(peer.worker());
    }

    @Override
    public void dismissed(int worker) {
        gone.add(worker);
        if (peers.remove(worker) == null) return;
        LOG.info("worker {} was lost: not heard of", worker);
        watcher.lost(worker);
    }

    /// Tells a worker what it is to do about a submitted program, unless it has gone.
    void tell(int worker, DriverOrder order) {
        WorkerPeer peer = peers.get(worker);
        if (peer != null) peer.tell(order);
    }

    /// A client has gone.
    void forgetClient(int client) {
        for (WorkerPeer peer : peers.values()) peer.forgetClient(client);
    }

    /// Says to all that this end is alive.
    void tick() {
        for (WorkerPeer peer : peers.values()) {
            if (peer.link().isOverfull()) lose(peer, "it doesn't take in what it is told");
            else peer.link().tick();
        }
    }
}
