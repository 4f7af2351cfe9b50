package dev.quiver.client;

import dev.quiver.dataframe.Call;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The object of an actor, on its worker. Used by one thread.
final class ActorObject {
    private static final Logger LOG = LoggerFactory.getLogger(ActorObject.class);

    private final String type;
    private final Call<?> factory;
    private final ActorMail mail;
    private Object target;
    private Class<?> face;

    /// Makes the object.
    ///
    /// @param type its interface, by name
    ActorObject(String type, Call<?> factory, ActorMail mail) throws Exception {
        this.type = type;
        this.factory = factory;
        this.mail = mail;
        this.target = factory.call();
        this.face = face(target, type);
    }

    @Nullable ClassLoader loader() {
        return target.getClass().getClassLoader();
    }

    boolean isRestorable() {
        return target instanceof Restorable<?>;
    }

    /// What it knows, packed; empty when it isn't [Restorable].
    Optional<byte[]> state() {
        return target instanceof Restorable<?> restorable
                ? Optional.of(
                        mail.packed(
                                restorable.snapshot(),
                                "the snapshot of the actor " + type,
                                loader()))
                : Optional.empty();
    }

    /// Puts a new object in its place that knows what was packed.
    void replace(byte[] state) throws Exception {
        target = factory.call();
        face = face(target, type);
        restore(state);
    }

    void restore(byte[] state) {
        Object unpacked = mail.unpacked(state, loader());
        if (!(target instanceof Restorable<?> restorable) || unpacked == null)
            throw new IllegalStateException("%s isn't Restorable".formatted(target.getClass()));
        restore(restorable, unpacked);
    }

    @SuppressWarnings("unchecked") // what its class gave as a snapshot
    private static <S> void restore(Restorable<S> restorable, Object state) {
        restorable.restore((S) state);
    }

    /// What comes of a call.
    ActorMessage answer(ActorMessage.Call call) {
        try {
            Object[] arguments = call.arguments().toArray();
            Object value = settled(method(call).invoke(target, arguments));
            return new ActorMessage.Returned(Optional.ofNullable(value));
        } catch (InvocationTargetException | ExecutionException e) {
            Throwable cause = e.getCause();
            return new ActorMessage.Threw(cause == null ? e : cause);
        } catch (ReflectiveOperationException e) {
            return new ActorMessage.Threw(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new ActorMessage.Threw(e);
        }
    }

    /// The value of what is a future.
    private static @Nullable Object settled(@Nullable Object value)
            throws InterruptedException, ExecutionException {
        return switch (value) {
            case CompletionStage<?> stage -> stage.toCompletableFuture().get();
            case Future<?> future -> future.get();
            case null, default -> value;
        };
    }

    private Method method(ActorMessage.Call call) throws NoSuchMethodException {
        for (Method method : face.getMethods()) {
            if (method.getName().equals(call.method()) && types(method).equals(call.types())) {
                method.setAccessible(true); // of an interface that only its package sees
                return method;
            }
        }
        throw new NoSuchMethodException("%s in %s".formatted(call.method(), face));
    }

    /// Of the parameters, by name.
    static List<String> types(Method method) {
        return Arrays.stream(method.getParameterTypes()).map(Class::getName).toList();
    }

    /// The interface as the object knows it.
    private static Class<?> face(Object target, String type) {
        var open = new ArrayDeque<Class<?>>();
        for (Class<?> c = target.getClass(); c != null; c = c.getSuperclass())
            open.addAll(Arrays.asList(c.getInterfaces()));
        while (!open.isEmpty()) {
            Class<?> next = open.remove();
            if (next.getName().equals(type)) return next;
            open.addAll(Arrays.asList(next.getInterfaces()));
        }
        throw new IllegalStateException("%s isn't a %s".formatted(target.getClass(), type));
    }

    /// Its worker is to leave: it goes on elsewhere if it can. For any thread.
    void tellLeaving(ActorMail to) {
        if (isRestorable()) to.leave(ActorEnvelope.of(ActorEnvelope.Kind.MOVE, 0, 0));
        else
            LOG.info(
                    "the actor {} keeps this worker, which is to leave, until it is closed or the"
                            + " time is over: its class isn't Restorable",
                    type);
    }
}
