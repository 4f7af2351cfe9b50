package dev.quiver.cluster.node;

import dev.quiver.client.Session;
import dev.quiver.client.Sessions;
import dev.quiver.cluster.control.Programs;
import dev.quiver.error.Unavailable;
import dev.quiver.operator.EncodedProgram;
import dev.quiver.operator.Pipeline;
import dev.quiver.protocol.wire.Foreign;
import dev.quiver.protocol.wire.MalformedMessage;
import dev.quiver.worker.user.ship.BundleSource;
import dev.quiver.worker.user.ship.BundleStore;
import dev.quiver.worker.user.ship.Payload;
import dev.quiver.worker.user.ship.SessionCode;
import dev.quiver.worker.user.ship.ShippedTask;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The code of one client's on a worker.
final class ClientCode implements AutoCloseable {
    private final SessionCode session;
    private final Programs programs;
    private final List<ShippedTask> opened = new ArrayList<>();
    private final Supplier<Session> opening;
    private @Nullable Session nested;
    private boolean closed;

    /// @param folder keeps the files of its class path
    /// @param opening a session for what its tasks submit
    ClientCode(Path folder, BundleSource bundles, Supplier<Session> opening) {
        this.opening = opening;
        this.session =
                new SessionCode(
                        new BundleStore(folder, bundles), ClientCode.class.getClassLoader());
        this.programs = new Programs(new Functions());
    }

    private final class Functions implements Foreign {
        @Override
        public byte[] write(Object value) {
            throw new IllegalStateException("a worker sends no functions");
        }

        @Override
        public Object read(byte[] bytes) {
            ShippedTask function = session.task(Payload.of(bytes), List.of());
            opened.add(function);
            Object value = function.value();
            if (value == null) throw new MalformedMessage("a function is missing");
            return value;
        }
    }

    /// The session for what its tasks submit.
    ///
    /// @throws Unavailable when the client has gone
    synchronized Session nested() {
        if (closed)
            throw new Unavailable("the session of this task has ended", List.of(), "connect again");
        Session known = nested;
        if (known == null || Sessions.hasEnded(known)) {
            if (known != null) known.close(); // the worker was lost, and has come again
            known = opening.get();
            nested = known;
        }
        return known;
    }

    SessionCode session() {
        return session;
    }

    /// A pipeline and the functions in it.
    record Decoded(Pipeline pipeline, List<ShippedTask> functions) {}

    /// Only in the thread of a task, since it reads what the client wrote.
    synchronized Decoded decode(EncodedProgram program) {
        opened.clear();
        Pipeline pipeline = programs.decode(program);
        var functions = List.copyOf(opened);
        opened.clear();
        return new Decoded(pipeline, functions);
    }

    @Override
    public void close() {
        Session left;
        synchronized (this) {
            closed = true;
            left = nested;
        }
        if (left != null) left.close();
        session.close();
    }
}
