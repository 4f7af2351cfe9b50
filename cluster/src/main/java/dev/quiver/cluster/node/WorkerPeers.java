package dev.quiver.cluster.node;

import dev.quiver.cluster.control.Answer;
import dev.quiver.cluster.control.DriverOrder;
import dev.quiver.cluster.control.FrameCodec;
import dev.quiver.cluster.control.Inquiry;
import dev.quiver.cluster.control.StageCounts;
import dev.quiver.cluster.control.TaskPrints;
import dev.quiver.cluster.control.WorkerAddress;
import dev.quiver.cluster.control.WorkerWord;
import dev.quiver.cluster.log.ClusterLog;
import dev.quiver.cluster.log.LogEntry;
import dev.quiver.protocol.WorkerMessage;
import dev.quiver.protocol.wire.MalformedMessage;
import dev.quiver.scheduler.server.RecentFigures;
import dev.quiver.scheduler.server.SchedulerShell;
import dev.quiver.scheduler.server.Watched;
import dev.quiver.scheduler.server.WorkerProfiles;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The workers of a scheduler. A worker keeps its number through all its sessions, which begin when
/// it joins; a process that has lost what it held is another worker.
final class WorkerPeers implements WorkerPeer.Surroundings {
    /// Where workers listen.
    static final String TO_WORKER = "quiver-orders";

    /// Where schedulers listen.
    static final String TO_SCHEDULER = "quiver-reports";

    /// What a worker is sent whose session has ended here: no frame, but nothing.
    static final byte[] DISMISSAL = {};

    private static final Logger LOG = LoggerFactory.getLogger(WorkerPeers.class);
    private static final int EPOCH_SHIFT = 32;

    /// So many that have left are remembered.
    private static final int DEPARTED_MAX = 20;

    private static final WorkerMessage RETIRING = new WorkerMessage.Retiring();

    private final IgniteNode node;
    private final ClusterLog log;
    private final CodeStore codes;
    private final AttachmentStore attachments;
    private final SchedulerShell shell;
    private final ClientPeers clients;
    private final AtomicLong sessions;
    private final AtomicInteger numbers;

    /// Which worker's a session is of which nothing was heard yet.
    private final Map<Long, Integer> opening = new ConcurrentHashMap<>();

    private final Map<Long, WorkerPeer> bySession = new ConcurrentHashMap<>();
    private final Map<Integer, WorkerPeer> byWorker = new ConcurrentHashMap<>();
    private final RecentFigures figures = new RecentFigures();
    private final WorkerEnds ends = new WorkerEnds();
    private final WorkerOutputs outputs = new WorkerOutputs(new Inquired());
    private final FrameHeads heads = new FrameHeads(this::ask);
    private final ArrayDeque<Answer.Departed> departed = new ArrayDeque<>();
    private final List<WorkerAddress> addresses = new CopyOnWriteArrayList<>();

    @SuppressWarnings("NullAway.Init") // set by start, before anybody comes
    private Watcher watcher;

    /// @param log knows which numbers were given
    /// @param clients are told of workers, and of what these did
    WorkerPeers(
            IgniteNode node,
            ClusterLog log,
            CodeStore codes,
            AttachmentStore attachments,
            SchedulerShell shell,
            ClientPeers clients) {
        this.node = node;
        this.log = log;
        this.codes = codes;
        this.attachments = attachments;
        this.shell = shell;
        this.clients = clients;
        this.sessions = new AtomicLong((long) log.epoch() << EPOCH_SHIFT);
        this.numbers = new AtomicInteger(log.roster().workersGiven());
    }

    /// Who hears of workers that come and go.
    interface Watcher {
        void joined(int worker);

        /// It is to leave.
        void retiring(int worker);

        void lost(int worker);
    }

    void start(Watcher watcher) {
        this.watcher = watcher;
        node.listen(TO_SCHEDULER, this::receive);
        node.onLeft(this::left);
    }

    /// A number for a worker that has none, once that is safe.
    int newNumber() {
        int number = numbers.getAndIncrement();
        log.settle(new LogEntry.WorkerCame(number));
        return number;
    }

    /// Whether that number was given.
    boolean isNumber(int worker) {
        return worker >= 0 && worker < numbers.get();
    }

    /// A worker is about to begin a session; the one before ends without its being lost.
    ///
    /// @return the session's number
    long newSession(int worker) {
        long session = sessions.incrementAndGet();
        WorkerPeer before = byWorker.get(worker);
        if (before != null) forget(before);
        opening.values().removeIf(other -> other == worker);
        opening.put(session, worker);
        return session;
    }

    /// What the session's frames say isn't passed on any more when this returns.
    private boolean forget(WorkerPeer peer) {
        synchronized (peer) {
            byWorker.remove(peer.worker(), peer);
            return bySession.remove(peer.session()) != null;
        }
    }

    private boolean isCurrent(WorkerPeer peer) {
        return bySession.get(peer.session()) == peer;
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
        for (WorkerPeer peer : byWorker.values()) {
            Answer.Member member = peer.description();
            if (member != null) members.add(member);
        }
        return members;
    }

    /// Why workers ended that were lost.
    WorkerEnds ends() {
        return ends;
    }

    /// Those that have said goodbye, the last one first.
    List<Answer.Departed> departed() {
        synchronized (departed) {
            return List.copyOf(departed);
        }
    }

    private void noteDeparted(WorkerPeer peer, String why) {
        Answer.Member member = peer.description();
        if (member == null) return;
        synchronized (departed) {
            departed.addFirst(new Answer.Departed(peer.worker(), member.name(), why));
            if (departed.size() > DEPARTED_MAX) departed.removeLast();
        }
    }

    private void receive(UUID sender, byte[] bytes) {
        try {
            WorkerPeer peer = peer(FrameCodec.session(bytes), sender);
            if (peer != null) receive(peer, bytes);
            else node.send(sender, TO_WORKER, DISMISSAL);
        } catch (MalformedMessage e) {
            LOG.warn("a frame of {} was ignored: {}", sender, e.getMessage());
        }
    }

    /// Null when the session has ended.
    private @Nullable WorkerPeer peer(long session, UUID sender) {
        WorkerPeer peer = bySession.get(session);
        if (peer == null) {
            Integer worker = opening.remove(session);
            if (worker == null) return null;
            peer =
                    new WorkerPeer(
                            worker,
                            session,
                            sender,
                            this,
                            bytes -> node.send(sender, TO_WORKER, bytes));
            bySession.put(session, peer);
            byWorker.put(worker, peer);
        }
        if (peer.member().equals(sender)) return peer;
        throw new MalformedMessage(
                "it says to be in session %d, which is %s".formatted(session, peer.member()));
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
                case WorkerWord.Reports reports -> report(peer, reports);
                case WorkerWord.Counted(var stages) -> stages.forEach(this::take);
                case WorkerWord.Printed(int client, var lines, long missing) -> {
                    clients.tell(client, new TaskPrints(peer.name(), lines, missing));
                    outputs.printed(peer.worker(), lines, missing);
                }
                case WorkerWord.Logged(var lines, long missing) ->
                        outputs.logged(peer.worker(), lines, missing);
                case WorkerWord.Load load -> peer.note(load);
                case WorkerWord.Sampled(var samples) -> outputs.sampled(peer.worker(), samples);
                case WorkerWord.Head(long number, var rows) -> heads.take(number, rows);
                case WorkerWord.Goodbye(var why) -> {
                    noteDeparted(peer, why);
                    lose(peer, "it left, " + why);
                }
            }
        }
        peer.link().answer();
    }

    private void take(StageCounts counts) {
        figures.add(counts.stage(), counts.figures());
        clients.tell(counts);
    }

    /// What workers logged last, what tasks printed there, and what they are found doing.
    WorkerOutputs outputs() {
        return outputs;
    }

    /// Those whom people ask what their tasks do.
    private final class Inquired implements WorkerProfiles.Workers {
        @Override
        public List<Integer> numbers() {
            return members().stream().map(m -> m.address().worker()).sorted().toList();
        }

        @Override
        public void sample(int worker) {
            ask(worker, new Inquiry.Samples());
        }
    }

    /// @return false when it has gone
    private boolean ask(int worker, Inquiry inquiry) {
        WorkerPeer peer = byWorker.get(worker);
        if (peer != null) peer.ask(inquiry);
        return peer != null;
    }

    /// First rows of what workers hold.
    FrameHeads heads() {
        return heads;
    }

    /// What stages did that ran last.
    Watched.StageFigures figures() {
        return figures;
    }

    private void join(WorkerPeer peer, WorkerWord.Hello hello) {
        peer.describe(hello);
        var address = new WorkerAddress(peer.worker(), hello.host(), hello.port());
        if (!addresses.contains(address)) addresses.add(address);
        ends.joined(peer.worker(), hello.name() + '@' + hello.host(), hello.after());
        clients.tellOfWorkers();
        watcher.joined(peer.worker());
        log.append(new LogEntry.WorkerCame(peer.worker()));
        LOG.info("worker {} '{}' joined, {} slots", peer.worker(), hello.name(), hello.slots());
        if (!hello.after().isEmpty())
            LOG.info("the process before '{}' ended: {}", hello.name(), hello.after());
        synchronized (peer) {
            if (isCurrent(peer))
                shell.join(peer.worker(), hello.slots(), hello.memoryBytes(), peer);
        }
    }

    private void report(WorkerPeer peer, WorkerWord.Reports reports) {
        attachments.put(reports.attachments());
        if (reports.messages().contains(RETIRING)) watcher.retiring(peer.worker());
        boolean first;
        synchronized (peer) {
            if (!isCurrent(peer)) return;
            first = shell.report(peer.worker(), reports.messages());
        }
        if (first) shell.deliver();
    }

    private void left(UUID member) {
        for (WorkerPeer peer : bySession.values())
            if (peer.member().equals(member)) lose(peer, "its process has gone");
    }

    private void lose(WorkerPeer peer, String why) {
        synchronized (peer) {
            if (!isCurrent(peer)) return;
            if (peer.description() != null) shell.lost(peer.worker());
            forget(peer);
        }
        noteLost(peer, why);
    }

    private void noteLost(WorkerPeer peer, String why) {
        log.append(new LogEntry.WorkerGone(peer.worker()));
        LOG.info("worker {} was lost: {}", peer.worker(), why);
        ends.left(peer.worker(), peer.name(), why);
        watcher.lost(peer.worker());
    }

    @Override
    public void dismissed(WorkerPeer peer) {
        // It may be about to begin another session.
        if (forget(peer) || !byWorker.containsKey(peer.worker())) noteLost(peer, "not heard of");
    }

    /// Those that haven't come by now won't.
    void giveUp(List<Integer> expected) {
        for (int worker : expected)
            if (!byWorker.containsKey(worker)) log.append(new LogEntry.WorkerGone(worker));
    }

    /// Tells a worker what it is to do about a submitted program, unless it has gone.
    void tell(int worker, DriverOrder order) {
        WorkerPeer peer = byWorker.get(worker);
        if (peer != null) peer.tell(order);
    }

    /// A worker is to leave, unless it has gone.
    void retire(int worker, long limitMillis) {
        WorkerPeer peer = byWorker.get(worker);
        if (peer != null) peer.retire(limitMillis);
    }

    /// A client has gone.
    void forgetClient(int client) {
        for (WorkerPeer peer : bySession.values()) peer.forgetClient(client);
    }

    /// Says to all that this end is alive.
    void tick() {
        outputs.tick();
        for (WorkerPeer peer : bySession.values()) {
            if (peer.link().isOverfull()) lose(peer, "it doesn't take in what it is told");
            else peer.link().tick();
        }
    }
}
