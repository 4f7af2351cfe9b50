package dev.quiver.cluster.node;

import dev.quiver.cluster.control.Answer;
import dev.quiver.cluster.control.Notices.Notice;
import dev.quiver.cluster.control.StageCounts;
import dev.quiver.cluster.control.TaskPrints;
import dev.quiver.cluster.control.Wishes;
import dev.quiver.cluster.control.Wishes.Wish;
import dev.quiver.cluster.log.ClusterLog;
import dev.quiver.cluster.log.LogEntry;
import dev.quiver.cluster.log.Roster;
import dev.quiver.cluster.security.SessionProof;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.graph.Stage;
import dev.quiver.graph.TaskGraph;
import dev.quiver.graph.TaskKey;
import dev.quiver.operator.Bytes;
import dev.quiver.protocol.ClientMessage;
import dev.quiver.protocol.ClientNotice;
import dev.quiver.protocol.CodeBatch;
import dev.quiver.protocol.LogRecord;
import dev.quiver.protocol.wire.MalformedMessage;
import dev.quiver.scheduler.server.SchedulerClients;
import dev.quiver.scheduler.state.SchedulerEvent;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// All clients of a scheduler. Each has numbers of its own for stages and jobs, so that what is
/// said of one finds its way back. A client that loses its connection may come back within its
/// lease.
final class ClientPeers implements SchedulerClients {
    private static final Logger LOG = LoggerFactory.getLogger(ClientPeers.class);
    private static final int CLIENT_SHIFT = 32;
    private static final int TOKEN_BYTES = 16;

    private sealed interface Turn {
        record Said(ClientPeer client, long sequence, Wish wish) implements Turn {}

        record Came(ClientPeer client, List<Integer> stages) implements Turn {}

        /// For good.
        record Left(ClientPeer client) implements Turn {}
    }

    private final ClusterLog log;
    private final CodeStore codes;
    private final AttachmentStore attachments;
    private final Consumer<Throwable> broken;
    private final SecureRandom random = new SecureRandom();
    private final Map<Integer, ClientPeer> peers = new ConcurrentHashMap<>();

    /// Who has which numbers of stages, by their first divided by how many go together.
    private final Map<Integer, ClientPeer> owners = new ConcurrentHashMap<>();

    private final Queue<Turn> turns = new ConcurrentLinkedQueue<>();
    private int clientsGiven;
    private int blocksGiven;

    /// The code of the tasks that are being appended.
    private CodeBatch spokenCodes = CodeBatch.NONE;

    /// @param log knows the clients of schedulers before
    /// @param broken is told when the scheduler is of no use any more
    ClientPeers(
            ClusterLog log,
            CodeStore codes,
            AttachmentStore attachments,
            Consumer<Throwable> broken) {
        this.log = log;
        this.codes = codes;
        this.attachments = attachments;
        this.broken = broken;
        Roster roster = log.roster();
        this.clientsGiven = roster.clientsGiven();
        this.blocksGiven = roster.blocksGiven();
        for (LogEntry.ClientCame came : roster.clients())
            peers.put(came.client(), new ClientPeer(came));
        roster.blocks().forEach((block, client) -> owners.put(block, client(client)));
    }

    /// A new client, once its number is safe.
    ///
    /// @param leaseMillis for so long it may be away
    /// @param worker whose tasks it speaks for; -1 when it speaks for none
    ClientPeer connect(String name, long leaseMillis, int worker) {
        var token = new byte[TOKEN_BYTES];
        random.nextBytes(token);
        int number;
        synchronized (this) {
            number = ++clientsGiven;
        }
        var came = new LogEntry.ClientCame(number, name, Bytes.of(token), leaseMillis, worker);
        log.settle(came);
        var peer = new ClientPeer(came);
        peers.put(peer.number(), peer);
        return peer;
    }

    /// The client of that number.
    ///
    /// @throws MalformedMessage when there is none
    ClientPeer client(int number) {
        ClientPeer peer = peers.get(number);
        if (peer == null) throw new MalformedMessage("there is no client " + number);
        return peer;
    }

    /// The client that proves who it is; empty when it isn't known.
    Optional<ClientPeer> proven(int number, Bytes token) {
        ClientPeer peer = peers.get(number);
        return peer != null && MessageDigest.isEqual(peer.token().array(), token.array())
                ? Optional.of(peer)
                : Optional.empty();
    }

    /// @throws QuiverException ACCESS_DENIED when it isn't by a client that is here
    void vouch(SessionProof proof) {
        ClientPeer peer = peers.get(proof.client());
        if (peer != null && proof.isOf(peer.token())) return;
        throw new QuiverException(
                ErrorCode.ACCESS_DENIED,
                "there is no client %d that would prove itself so".formatted(proof.client()),
                List.of(),
                "connect to the scheduler");
    }

    /// What people call a client; empty when it isn't there.
    String name(long number) {
        ClientPeer peer = peers.get((int) number);
        return peer == null ? "" : peer.toString();
    }

    /// Those that haven't gone for good.
    List<ClientPeer> all() {
        return List.copyOf(peers.values());
    }

    /// Their numbers.
    List<Integer> numbers() {
        return List.copyOf(peers.keySet());
    }

    /// A worker has joined.
    void tellOfWorkers() {
        peers.values().forEach(ClientPeer::tellOfWorkers);
    }

    /// What tasks of a stage did, for the client that wants to know.
    void tell(StageCounts counts) {
        ClientPeer client = owner(counts.stage());
        if (client != null) client.tell(counts);
    }

    /// What a client's tasks printed.
    void tell(int number, TaskPrints printed) {
        ClientPeer client = peers.get(number);
        if (client != null) client.tell(printed);
    }

    int count() {
        return peers.size();
    }

    /// Gives a client the next numbers for its stages, once that is safe.
    ///
    /// @return the first of them
    int moreStages(ClientPeer client) {
        int block;
        synchronized (this) {
            block = blocksGiven++;
        }
        int first = Math.multiplyExact(block, Answer.STAGES);
        owners.put(block, client);
        log.settle(new LogEntry.StagesGiven(client.number(), block));
        return first;
    }

    /// A client begins an exchange; the scheduler is to be nudged afterwards.
    ///
    /// @param stages that it knows
    void attach(ClientPeer client, ClientLine line, List<Integer> stages) {
        client.attach(line);
        turns.add(new Turn.Came(client, stages));
    }

    /// A client says something; the scheduler is to be nudged afterwards.
    ///
    /// @throws MalformedMessage when it speaks of what isn't its own
    void say(ClientPeer client, Wishes wishes) {
        long sequence = wishes.first();
        for (Wish wish : wishes.wishes()) {
            if (sequence < 1) throw new MalformedMessage(client + " counts from " + sequence);
            requireOwn(client, wish);
            turns.add(new Turn.Said(client, sequence++, wish));
        }
    }

    /// The client has gone for good: what it wanted isn't wanted any more. The scheduler is to be
    /// nudged afterwards.
    ///
    /// @return false when that was known
    boolean leave(ClientPeer client) {
        if (!peers.remove(client.number(), client)) return false;
        client.leave();
        turns.add(new Turn.Left(client));
        return true;
    }

    /// Ends the connections of all: they may come back to the next scheduler.
    void hangUp() {
        peers.values().forEach(ClientPeer::hangUp);
    }

    /// Those whose lease has ended.
    List<ClientPeer> overdue() {
        return peers.values().stream().filter(ClientPeer::isOverdue).toList();
    }

    /// Those that speak for the tasks of a worker.
    List<ClientPeer> ofTasksOn(int worker) {
        return peers.values().stream().filter(client -> client.isOf(worker)).toList();
    }

    private void requireOwn(ClientPeer client, Wish wish) {
        requireOwn(client, wish.message());
        if (wish.codes().isEmpty()) return;
        if (wish.message() instanceof ClientMessage.TasksAppended(_, int count, _)
                && wish.codes().each().size() == count) return;
        throw new MalformedMessage(
                "%s sent %d codes with %s"
                        .formatted(client, wish.codes().each().size(), wish.message().getClass()));
    }

    private void requireOwn(ClientPeer client, ClientMessage message) {
        switch (message) {
            case ClientMessage.GraphSubmitted(long job, var graph, _) -> {
                requireJob(client, job);
                requireStages(client, graph);
            }
            case ClientMessage.StagesAppended(long job, var graph) -> {
                requireJob(client, job);
                requireStages(client, graph);
            }
            case ClientMessage.TasksAppended(int stage, _, _) -> requireStage(client, stage);
            case ClientMessage.StageSealed(int stage) -> requireStage(client, stage);
            case ClientMessage.StageSatisfied(int stage, _) -> requireStage(client, stage);
            case ClientMessage.TasksCancelled(int stage, _, _) -> requireStage(client, stage);
            case ClientMessage.JobCancelled(long job) -> requireJob(client, job);
            case ClientMessage.TasksReleased(int stage, _, _) -> requireStage(client, stage);
            case ClientMessage.JobDescribed(long job, _) -> requireJob(client, job);
            case ClientMessage.JobReleased(long job) -> requireJob(client, job);
            case ClientMessage.JobPublished(long job, _, _) -> requireJob(client, job);
            case ClientMessage.NameWithdrawn _ -> {} // whoever finds it may
            case ClientMessage.ShareWanted _,
                    ClientMessage.SpeculationWanted _,
                    ClientMessage.Asked _,
                    ClientMessage.AnswersTaken _,
                    ClientMessage.RequestWithdrawn _,
                    ClientMessage.RequestAbandoned _ -> {} // names are everybody's
        }
    }

    /// Which jobs are a client's.
    static LongPredicate jobsOf(int client) {
        return job -> job >>> CLIENT_SHIFT == client;
    }

    private static void requireJob(ClientPeer client, long job) {
        if (jobsOf(client.number()).test(job)) return;
        throw new MalformedMessage("%s speaks of job %d".formatted(client, job));
    }

    private void requireStages(ClientPeer client, TaskGraph graph) {
        if (graph.stages().isEmpty()) throw new MalformedMessage(client + " sent an empty graph");
        for (Stage stage : graph.stages()) requireStage(client, stage.id());
    }

    private void requireStage(ClientPeer client, int stage) {
        if (stage >= 0 && owner(stage) == client) return;
        throw new MalformedMessage("%s speaks of stage %d".formatted(client, stage));
    }

    private @Nullable ClientPeer owner(int stage) {
        return owners.get(stage / Answer.STAGES);
    }

    @Override
    public void speak(Consumer<SchedulerEvent> scheduler) {
        for (Turn next = turns.poll(); next != null; next = turns.poll()) {
            switch (next) {
                case Turn.Said(var client, long sequence, var wish) -> {
                    spokenCodes = wish.codes();
                    scheduler.accept(
                            new SchedulerEvent.ClientSaid(
                                    client.number(), sequence, wish.message()));
                    spokenCodes = CodeBatch.NONE;
                }
                case Turn.Came(var client, var stages) ->
                        scheduler.accept(
                                new SchedulerEvent.ClientAttached(client.number(), stages));
                case Turn.Left(var client) -> {
                    scheduler.accept(new SchedulerEvent.ClientLost(client.number()));
                    log.append(new LogEntry.ClientGone(client.number()));
                    owners.values().removeIf(owner -> owner == client);
                }
            }
        }
    }

    /// The code of the tasks that a record appends, which is kept from now on.
    CodeBatch takeCodes(LogRecord entry) {
        if (!(entry instanceof LogRecord.Said(_, _, ClientMessage.TasksAppended(int stage, _, _))))
            return CodeBatch.NONE;
        CodeBatch spoken = spokenCodes;
        if (!spoken.isEmpty()) codes.append(stage, spoken);
        return spoken;
    }

    @Override
    public void hear(long number, ClientNotice notice) {
        if (notice instanceof ClientNotice.StageForgotten(int stage)) {
            codes.forget(stage);
            attachments.forget(stage);
        }
        if (notice instanceof ClientNotice.Refused(var message, var why))
            LOG.debug("the scheduler refused {}: {}", message, why);
        ClientPeer client = peers.get((int) number);
        if (client != null) client.tell(new Notice(notice, attachment(notice)));
    }

    private Bytes attachment(ClientNotice notice) {
        return switch (notice) {
            case ClientNotice.TaskFinished(int stage, int partition, int attempt, _, _, _) ->
                    attachments.take(stage, partition, attempt);
            case ClientNotice.Failing failing -> thrown(failing.origin());
            case ClientNotice.StageFinished _,
                    ClientNotice.StageForgotten _,
                    ClientNotice.Refused _,
                    ClientNotice.Answered _,
                    ClientNotice.Accepted _ ->
                    Bytes.NONE;
        };
    }

    private Bytes thrown(TaskKey origin) {
        return attachments.last(origin.stage(), origin.partition());
    }

    @Override
    public void broken(Throwable cause) {
        broken.accept(cause);
    }
}
