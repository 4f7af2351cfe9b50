package dev.quiver.cluster.client;

import dev.quiver.client.Packing;
import dev.quiver.cluster.control.Answer;
import dev.quiver.cluster.control.Question;
import dev.quiver.error.QuiverException;
import dev.quiver.operator.Bytes;
import dev.quiver.protocol.wire.Foreign;
import dev.quiver.worker.user.ship.BundleHash;
import dev.quiver.worker.user.ship.Outbox;
import dev.quiver.worker.user.ship.Payload;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// How the user's code gets from this process to workers: as payloads, and as bundles of classes
/// that workers ask for.
final class OwnShipping implements Shipping {
    private static final Logger LOG = LoggerFactory.getLogger(OwnShipping.class);

    private final Outbox outbox = new Outbox();
    private final ExecutorService uploads =
            Executors.newSingleThreadExecutor(
                    Thread.ofPlatform().daemon().name("quiver-client-classes").factory());

    /// Looks at the class path before the first task needs that, which takes a second.
    @Override
    public void start() {
        uploads.execute(outbox::readClassPath);
    }

    @Override
    public int owner(int client) {
        return client;
    }

    @Override
    public Packing packing(@Nullable ClassLoader loader) {
        ClassLoader classes = loader == null ? ClassLoader.getSystemClassLoader() : loader;
        return new Packing() {
            @Override
            public byte[] pack(@Nullable Object value, String role) {
                return outbox.pack(value, role).bytes();
            }

            @Override
            public Optional<byte[]> packArgument(@Nullable Object argument, byte[] function) {
                return outbox.packArgument(argument, Payload.of(function)).map(Payload::bytes);
            }

            @Override
            public @Nullable Object unpack(byte[] bytes) {
                return outbox.open(Payload.of(bytes), classes);
            }
        };
    }

    @Override
    public Foreign functions() {
        return new Foreign() {
            @Override
            public byte[] write(Object value) {
                return outbox.pack(value, "a function of the query").bytes();
            }

            @Override
            public Object read(byte[] bytes) {
                throw new IllegalStateException("a client is sent no functions");
            }
        };
    }

    @Override
    public void upload(List<Bytes> wanted, int client, SchedulerLine line) {
        if (wanted.isEmpty()) return;
        uploads.execute(() -> wanted.forEach(hash -> upload(hash, client, line)));
    }

    private void upload(Bytes hash, int client, SchedulerLine line) {
        var upload = new Question.Upload(client, hash, content(hash));
        try {
            var _ = line.ask(upload, Answer.Done.class);
        } catch (QuiverException e) { // who closes a session in the midst of it needs no warning
            if (!uploads.isShutdown())
                LOG.warn("a bundle of classes couldn't be sent: {}", e.getMessage());
        }
    }

    private Bytes content(Bytes hash) {
        try {
            BundleHash name = BundleHash.read(ByteBuffer.wrap(hash.array()));
            return Bytes.of(outbox.bundles().bytes(name));
        } catch (IOException | QuiverException e) {
            LOG.warn("a bundle of classes can't be sent: {}", e.getMessage());
            return Bytes.NONE;
        }
    }

    @Override
    public void close() {
        uploads.shutdownNow();
    }
}
