package dev.quiver.client;

import dev.quiver.worker.user.ship.Payload;
import dev.quiver.worker.user.ship.ShippedTask;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A task of a cluster's client in the thread that runs it. Not for users.
public final class RunningTask {
    private static final ThreadLocal<@Nullable RunningTask> CURRENT = new ThreadLocal<>();

    private final ShippedTask code;
    private final Supplier<Session> session;

    /// @param code knows the classes and variables of its client
    /// @param session opens a session on the task's cluster for its client, or gives the one that
    ///   is open
    RunningTask(ShippedTask code, Supplier<Session> session) {
        this.code = code;
        this.session = session;
    }

    /// The one that the current thread runs.
    static Optional<RunningTask> current() {
        return Optional.ofNullable(CURRENT.get());
    }

    Session session() {
        return session.get();
    }

    /// Calls the task's code.
    <T extends @Nullable Object> T call(Callable<T> work) throws Exception {
        RunningTask before = CURRENT.get();
        CURRENT.set(this);
        try {
            return code.call(work);
        } finally {
            CURRENT.set(before);
        }
    }

    private static ShippedTask code() {
        RunningTask task = CURRENT.get();
        if (task == null)
            throw new IllegalStateException("only a task's own thread submits others for it");
        return task.code;
    }

    /// A closure that a task submits, as it travels.
    ///
    /// @param role what an error calls it
    public static byte[] packClosure(Object closure, String role) {
        return code().packClosure(closure, role).bytes();
    }

    /// How what tasks submit travels, and what comes of it: with the classes of their client.
    public static Packing packing() {
        return new Packing() {
            // opens what comes back in other threads, too
            private volatile @Nullable ShippedTask last;

            @Override
            public byte[] pack(@Nullable Object value, String role) {
                ShippedTask task = code();
                last = task;
                return task.pack(value, role).bytes();
            }

            @Override
            public byte[] packCode(Object closure, String role) {
                last = code();
                return packClosure(closure, role);
            }

            @Override
            public Optional<byte[]> packArgument(@Nullable Object argument, byte[] function) {
                ShippedTask task = code();
                last = task;
                return task.packArgument(argument).map(Payload::bytes);
            }

            @Override
            public @Nullable Object unpack(byte[] bytes) {
                RunningTask running = CURRENT.get();
                ShippedTask task = running == null ? last : running.code;
                if (task == null) throw new IllegalStateException("nothing was packed before");
                return task.open(Payload.of(bytes));
            }
        };
    }
}
