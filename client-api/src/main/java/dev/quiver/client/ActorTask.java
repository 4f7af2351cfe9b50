package dev.quiver.client;

import dev.quiver.dataframe.Call;
import dev.quiver.dataframe.Fn;
import dev.quiver.error.QuiverException;
import dev.quiver.error.Unavailable;
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

/// The life of an actor: a task that makes the object, calls it for whoever sends a call, and waits
/// without a slot meanwhile.
///
/// @param name of the actor
/// @param type its interface, by name
record ActorTask(String name, String type, Call<?> factory) implements Fn<Long, Long> {
    @Override
    public Long apply(Long calls) throws Exception {
        if (!(TaskSession.current() instanceof TaskSession(OpenSession session)))
            throw new IllegalStateException("an actor lives in a task");
        var mail = new ActorMail(session, name);
        if (mail.begun() > 1) throw lost();
        Object target = factory.call();
        ClassLoader loader = target.getClass().getClassLoader();
        Class<?> face = face(target);
        long count = calls;
        while (mail.nextCall(loader) instanceof ActorMessage.Call call) {
            reply(mail, answer(target, face, call), loader);
            count++;
        }
        mail.reply(new ActorMessage.Last(), loader);
        return count;
    }

    private Unavailable lost() {
        return new Unavailable(
                "the worker was lost on which the actor %s lived, and its state with it"
                        .formatted(type),
                List.of("actor: " + name),
                "make another one, and call it as this one was called");
    }

    /// Says what has come of a call, or that it can't be said.
    private static void reply(ActorMail mail, ActorMessage answer, @Nullable ClassLoader loader) {
        try {
            mail.reply(answer, loader);
        } catch (QuiverException e) {
            switch (answer) {
                case ActorMessage.Returned(long number, _) ->
                        mail.reply(new ActorMessage.Threw(number, e), loader);
                case ActorMessage.Threw(long number, var thrown) ->
                        mail.reply(
                                new ActorMessage.Threw(
                                        number, new IllegalStateException(thrown.toString())),
                                loader);
                case ActorMessage.Call _, ActorMessage.Last _ -> throw e;
            }
        }
    }

    private static ActorMessage answer(Object target, Class<?> face, ActorMessage.Call call) {
        try {
            Object[] arguments = call.arguments().toArray();
            Object value = settled(method(face, call).invoke(target, arguments));
            return new ActorMessage.Returned(call.number(), Optional.ofNullable(value));
        } catch (InvocationTargetException | ExecutionException e) {
            Throwable cause = e.getCause();
            return new ActorMessage.Threw(call.number(), cause == null ? e : cause);
        } catch (ReflectiveOperationException e) {
            return new ActorMessage.Threw(call.number(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new ActorMessage.Threw(call.number(), e);
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

    private static Method method(Class<?> face, ActorMessage.Call call)
            throws NoSuchMethodException {
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
    private Class<?> face(Object target) {
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
}
