package dev.quiver.cluster.node;

import dev.quiver.client.Session;
import dev.quiver.cluster.control.Answer;
import dev.quiver.cluster.control.Question;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.operator.Bytes;
import dev.quiver.worker.user.ship.BundleHash;
import dev.quiver.worker.user.ship.BundleSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The code of all clients on a worker: classes come through the scheduler, from the client that
/// has them, when they are first needed.
final class ClientCodes implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ClientCodes.class);

    /// So long a task waits for a scheduler to come back that has its classes.
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final SchedulerDoors scheduler;
    private final IntFunction<Session> nested;
    private final ScratchDirectory folder = ScratchDirectory.make("quiver-classes");
    private final Map<Integer, ClientCode> clients = new ConcurrentHashMap<>();

    /// @param nested opens a session for what tasks of a client submit
    ClientCodes(SchedulerDoors scheduler, IntFunction<Session> nested) {
        this.nested = nested;
        this.scheduler = scheduler;
    }

    ClientCode of(int client) {
        return clients.computeIfAbsent(
                client,
                number ->
                        new ClientCode(
                                folder.path(), new Relay(number), () -> nested.apply(number)));
    }

    /// Bundles of one client.
    private final class Relay implements BundleSource {
        private final int client;

        private Relay(int client) {
            this.client = client;
        }

        @Override
        public byte[] bytes(BundleHash hash) throws IOException {
            return bytes(List.of(hash)).getFirst();
        }

        @Override
        public List<byte[]> bytes(List<BundleHash> hashes) throws IOException {
            List<Bytes> names = hashes.stream().map(Relay::name).toList();
            List<Bytes> contents = contents(new Question.Bundles(client, names));
            for (int i = 0; i < contents.size(); i++)
                if (contents.get(i).isEmpty())
                    throw new IOException("the client doesn't have " + hashes.get(i));
            return contents.stream().map(Bytes::array).toList();
        }

        /// Asks again when the client was away, or its scheduler went meanwhile.
        private List<Bytes> contents(Question.Bundles question) throws IOException {
            long from = System.nanoTime();
            while (true) {
                try {
                    return scheduler.ask(question, Answer.Bundles.class, PATIENCE).contents();
                } catch (QuiverException e) {
                    boolean late = System.nanoTime() - from > PATIENCE.toNanos();
                    if (late || e.code() != ErrorCode.UNAVAILABLE)
                        throw new IOException(e.what(), e);
                    LOG.debug("client {} hasn't sent its classes", client, e);
                }
            }
        }

        private static Bytes name(BundleHash hash) {
            var buffer = ByteBuffer.allocate(BundleHash.BYTES);
            hash.write(buffer);
            return Bytes.of(buffer.array());
        }
    }

    /// A client has gone; so do its classes.
    void forget(int client) {
        ClientCode code = clients.remove(client);
        if (code != null) Thread.startVirtualThread(code::close); // it waits for its session
    }

    /// Only these clients are there.
    void retain(List<Integer> there) {
        for (int client : List.copyOf(clients.keySet()))
            if (!there.contains(client)) forget(client);
    }

    @Override
    public void close() {
        clients.values().forEach(ClientCode::close);
        folder.close();
    }
}
