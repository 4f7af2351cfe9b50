package dev.quiver.cluster.node;

import dev.quiver.cluster.control.Answer;
import dev.quiver.cluster.control.Notices.Notice;
import dev.quiver.cluster.control.StageCounts;
import dev.quiver.cluster.control.Wishes.Wish;
import dev.quiver.cluster.control.WorkerAddress;
import dev.quiver.graph.Stage;
import dev.quiver.graph.TaskGraph;
import dev.quiver.graph.TaskKey;
import dev.quiver.operator.Bytes;
import dev.quiver.protocol.ClientMessage;
import dev.quiver.protocol.ClientNotice;
import dev.quiver.protocol.wire.MalformedMessage;
import dev.quiver.scheduler.server.SchedulerClient;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// All clients of a scheduler, which hears them as one. Each has numbers of its own for stages and
/// jobs, so that what is said of one finds its way back.
final class ClientPeers implements SchedulerClient {
    private static final Logger LOG = LoggerFactory.getLogger(ClientPeers.class);
    private static final int CLIENT_SHIFT = 32;

    private record Said(ClientPeer client, Wish wish) {}

    private final CodeStore codes;
    private final AttachmentStore attachments;
    private final Consumer<Throwable> broken;
    private final AtomicInteger numbers = new AtomicInteger();
    private final AtomicInteger blocks = new AtomicInteger();
    private final Map<Integer, ClientPeer> peers = new ConcurrentHashMap<>();

    /// Who has which numbers of stages, by their first divided by how many go together.
    private final Map<Integer, ClientPeer> owners = new ConcurrentHashMap<>();

    private final Queue<Said> said = new ConcurrentLinkedQueue<>();

    /// @param broken is told when the scheduler is of no use any more
    ClientPeers(CodeStore codes, AttachmentStore attachments, Consumer<Throwable> broken) {
        this.codes = codes;
        this.attachments = attachments;
        this.broken = broken;
    }

    /// A new client.
    ClientPeer connect(String name, IntFunction<List<WorkerAddress>> addresses) {
        var peer = new ClientPeer(numbers.incrementAndGet(), name, addresses);
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

    /// A worker has joined.
    void tellOfWorkers() {
        peers.values().forEach(ClientPeer::tellOfWorkers);
    }

    /// What tasks of a stage did, for the client that wants to know.
    void tell(StageCounts counts) {
        ClientPeer client = owner(counts.stage());
        if (client != null) client.tell(counts);
    }

    int count() {
        return peers.size();
    }

    /// Gives a client the next numbers for its stages.
    ///
    /// @return the first of them
    int moreStages(ClientPeer client) {
        int block = blocks.getAndIncrement();
        owners.put(block, client);
        return Math.multiplyExact(block, Answer.STAGES);
    }

    /// A client says something; the scheduler is to be nudged afterwards.
    ///
    /// @throws MalformedMessage when it speaks of what isn't its own
    void say(ClientPeer client, Wish wish) {
        requireOwn(client, wish.message());
        said.add(new Said(client, wish));
    }

    /// The client has gone: what it wanted isn't wanted any more.
    void disconnect(ClientPeer client) {
        if (peers.remove(client.number()) == null) return;
        client.leave();
        for (long job : client.jobs())
            said.add(new Said(client, new Wish(new ClientMessage.JobReleased(job), List.of())));
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
            case ClientMessage.JobReleased(long job) -> requireJob(client, job);
        }
    }

    private static void requireJob(ClientPeer client, long job) {
        if (job >>> CLIENT_SHIFT == client.number()) return;
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

    @SuppressWarnings("NullAway") // null is nobody's
    private ClientPeer owner(int stage) {
        return owners.get(stage / Answer.STAGES);
    }

    @Override
    public void speak(Consumer<ClientMessage> scheduler) {
        for (Said next = said.poll(); next != null; next = said.poll()) {
            ClientMessage message = next.wish.message();
            switch (message) {
                case ClientMessage.GraphSubmitted(long job, _, _) -> next.client.jobs().add(job);
                case ClientMessage.TasksAppended(int stage, int count, _) -> {
                    List<Bytes> bytes = next.wish.codes();
                    if (bytes.size() == count) codes.append(stage, bytes);
                }
                case ClientMessage.JobReleased(long job) -> next.client.jobs().remove(job);
                case ClientMessage.StagesAppended _,
                        ClientMessage.StageSealed _,
                        ClientMessage.StageSatisfied _,
                        ClientMessage.TasksCancelled _,
                        ClientMessage.JobCancelled _,
                        ClientMessage.TasksReleased _ -> {}
            }
            scheduler.accept(message);
        }
    }

    @Override
    public void hear(ClientNotice notice) {
        switch (notice) {
            case ClientNotice.TaskFinished(int stage, int partition, int attempt, _, _, _) ->
                    tell(stage, notice, attachments.take(stage, partition, attempt));
            case ClientNotice.TaskFailed(int stage, _, _, var origin) ->
                    tell(stage, notice, thrown(origin));
            case ClientNotice.StageFinished(int stage, _, _, _) -> tell(stage, notice, Bytes.NONE);
            case ClientNotice.StageForgotten(int stage) -> {
                codes.forget(stage);
                attachments.forget(stage);
                tell(stage, notice, Bytes.NONE);
            }
            case ClientNotice.JobFailed(long job, _, var origin) -> {
                ClientPeer client = peers.get((int) (job >>> CLIENT_SHIFT));
                if (client != null) client.tell(new Notice(notice, thrown(origin)));
            }
            case ClientNotice.Refused(var message, var why) -> {
                LOG.debug("the scheduler refused {}: {}", message, why);
                ClientPeer speaker = speaker(message);
                if (speaker != null) speaker.tell(new Notice(notice, Bytes.NONE));
            }
            case ClientNotice.Accepted _ -> {} // nothing is said again
        }
    }

    /// Who said that; null when it has gone.
    private @Nullable ClientPeer speaker(ClientMessage message) {
        return switch (message) {
            case ClientMessage.GraphSubmitted(_, var graph, _) -> owner(first(graph));
            case ClientMessage.StagesAppended(_, var graph) -> owner(first(graph));
            case ClientMessage.TasksAppended(int stage, _, _) -> owner(stage);
            case ClientMessage.StageSealed(int stage) -> owner(stage);
            case ClientMessage.StageSatisfied(int stage, _) -> owner(stage);
            case ClientMessage.TasksCancelled(int stage, _, _) -> owner(stage);
            case ClientMessage.TasksReleased(int stage, _, _) -> owner(stage);
            case ClientMessage.JobCancelled(long job) -> peers.get((int) (job >>> CLIENT_SHIFT));
            case ClientMessage.JobReleased(long job) -> peers.get((int) (job >>> CLIENT_SHIFT));
        };
    }

    private static int first(TaskGraph graph) {
        return graph.stages().getFirst().id();
    }

    private Bytes thrown(TaskKey origin) {
        return attachments.last(origin.stage(), origin.partition());
    }

    private void tell(int stage, ClientNotice notice, Bytes attachment) {
        owner(stage).tell(new Notice(notice, attachment));
    }

    @Override
    public void broken(Throwable cause) {
        LOG.error("the scheduler has failed", cause);
        broken.accept(cause);
    }
}
