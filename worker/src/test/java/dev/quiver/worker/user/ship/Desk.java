package dev.quiver.worker.user.ship;

import dev.quiver.dataframe.Call;
import dev.quiver.worker.user.UserCode;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What cells of a test call: a client's and a worker's end of class shipping in one JVM, with
/// loaders that don't see each other's classes.
public final class Desk {
    private static final ThreadLocal<ShippedTask> RUNNING = new ThreadLocal<>();

    static Outbox outbox = new Outbox();
    static SessionCode session = open();

    static WeakReference<ClassLoader> remembered = new WeakReference<>(null);

    /// A payload that a test goes on with.
    public static Payload kept;

    private Desk() {}

    /// Runs a closure that the running task submits.
    @SuppressWarnings("unchecked")
    public static <R> R within(Call<R> inner) throws Exception {
        Payload sent = RUNNING.get().packClosure(inner, "the closure");
        ShippedTask task = session.task(Payload.of(sent.bytes()), List.of());
        return (R) task.call(() -> ((Call<?>) task.value()).call());
    }

    /// Runs a copy of a closure with the caller's own classes.
    @SuppressWarnings("unchecked")
    public static <R> R strict(Call<R> call) throws Exception {
        var code = new UserCode(call.getClass().getClassLoader());
        return ((Call<R>) code.unpack(code.pack(call, "the closure", Outbox.variables()))).call();
    }

    /// How many loaders of cells the worker has.
    public static int loaders() {
        return session.loaders();
    }

    /// Runs a payload and remembers its loader, weakly.
    public static void remember(Payload payload) throws Exception {
        ShippedTask task = session.task(payload, List.of());
        task.pack(task.call(() -> ((Call<?>) task.value()).call()), "the result");
        remembered = new WeakReference<>(task.loader());
    }

    /// The client's end.
    public static Outbox outbox() {
        return outbox;
    }

    static void reset() {
        session.close();
        outbox = new Outbox();
        session = open();
    }

    private static SessionCode open() {
        try {
            Path folder = Files.createTempDirectory("bundles");
            return new SessionCode(
                    new BundleStore(folder, hash -> outbox.bundles().bytes(hash)),
                    Desk.class.getClassLoader());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Runs a closure as a worker does.
    @SuppressWarnings("unchecked")
    public static <R> R run(Call<R> call) throws Exception {
        return (R) outbox.open(result(send(call), List.of()), call.getClass().getClassLoader());
    }

    /// Runs what was sent before.
    public static Object opened(Payload sent, Call<?> call) throws Exception {
        return outbox.open(result(sent, List.of()), call.getClass().getClassLoader());
    }

    /// A closure as bytes that travelled.
    public static Payload send(Call<?> call) {
        return Payload.of(outbox.pack(call, "the closure").bytes());
    }

    /// Runs a payload, whose inputs are values that tasks returned.
    public static Payload result(Payload closure, List<Payload> inputs) throws Exception {
        ShippedTask task = session.task(closure, inputs);
        RUNNING.set(task);
        Object result =
                task.call(() -> {
                    if (task.value() instanceof Taking<?, ?> taking) return taken(taking, task);
                    return ((Call<?>) task.value()).call();
                });
        return Payload.of(task.pack(result, "the result of the task").bytes());
    }

    @SuppressWarnings("unchecked")
    private static <A> @Nullable Object taken(Taking<A, ?> taking, ShippedTask task)
            throws Exception {
        return taking.apply((A) task.input(0));
    }

    /// A closure with an input.
    @FunctionalInterface
    public interface Taking<A, R> extends java.io.Serializable {
        R apply(A input) throws Exception;
    }

    /// Runs a closure on what another returned.
    @SuppressWarnings("unchecked")
    public static <A, R> R then(Call<A> first, Taking<A, R> second) throws Exception {
        Payload input = result(send(first), List.of());
        Payload closure = Payload.of(outbox.pack(second, "the closure").bytes());
        return (R) outbox.open(result(closure, List.of(input)), second.getClass().getClassLoader());
    }
}
