package dev.quiver.client;

import dev.quiver.dataframe.Call;
import dev.quiver.dataframe.QFuture;
import dev.quiver.error.Cancelled;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.error.TaskFailed;
import dev.quiver.error.Unavailable;
import dev.quiver.worker.server.Slot;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/// The calls of one process to an actor, and who waits for what comes of them.
final class ActorCalls implements InvocationHandler {
    private final Class<?> type;
    private final @Nullable ClassLoader loader;
    private final ActorMail mail;
    private final QFuture<Long> life;
    private final Map<Long, CompletableFuture<@Nullable Object>> waiting =
            new ConcurrentHashMap<>();
    private final Object sending = new Object();

    /// Under [#sending].
    private long numbers;

    /// Under [#sending].
    private boolean closed;

    /// Ends with why no call is answered any more.
    private final CompletableFuture<Throwable> ended = new CompletableFuture<>();

    private ActorCalls(Class<?> type, ActorMail mail, QFuture<Long> life) {
        this.type = type;
        this.loader = type.getClassLoader();
        this.mail = mail;
        this.life = life;
    }

    /// Has an actor live somewhere.
    ///
    /// @throws QuiverException ARGUMENT_INVALID when `type` isn't an interface
    static <T> Actor<T> open(OpenSession session, Class<T> type, Call<? extends T> factory) {
        if (!type.isInterface())
            throw new QuiverException(
                    ErrorCode.ARGUMENT_INVALID,
                    "an actor of the class " + type.getName(),
                    UserLine.here().map(line -> List.of("at: " + line)).orElse(List.of()),
                    "give an interface that the class implements");
        String name = "actor %s %s".formatted(type.getSimpleName(), UUID.randomUUID());
        var task = new ActorTask(name, type.getName(), factory);
        TaskBook tasks = session.conversation().tasks();
        Object travelling = tasks.mapped(task, factory.getClass().getClassLoader());
        QFuture<Long> life = tasks.submit(TaskOptions.options(), travelling, 0L);
        var calls = new ActorCalls(type, new ActorMail(session, name), life);
        calls.listen();
        Object proxy = Proxy.newProxyInstance(calls.proxyLoader(), new Class<?>[] {type}, calls);
        return new Actor<>(calls, type.cast(proxy));
    }

    private ClassLoader proxyLoader() {
        return loader == null ? ClassLoader.getPlatformClassLoader() : loader;
    }

    private void listen() {
        var _ =
                life.toCompletableFuture()
                        .whenComplete((_, problem) -> {
                            if (problem != null) end(problem);
                        });
        Thread.ofVirtual().name("quiver-replies-of-" + type.getSimpleName()).start(this::hear);
    }

    private void hear() {
        try {
            while (!ended.isDone()) {
                switch (mail.nextReply(loader)) {
                    case ActorMessage.Returned(long number, var value) -> {
                        var future = waiting.remove(number);
                        if (future != null) future.complete(value.orElse(null));
                    }
                    case ActorMessage.Threw(long number, var thrown) -> {
                        var future = waiting.remove(number);
                        if (future != null) future.completeExceptionally(failed(thrown));
                    }
                    case ActorMessage.Last _ -> end(closed());
                    case ActorMessage.Call _ ->
                            throw new IllegalStateException("an actor answers no calls");
                }
            }
        } catch (QuiverException e) {
            end(e); // the queue was deleted, or the session has ended
        }
    }

    private TaskFailed failed(Throwable thrown) {
        var where = new ArrayList<String>();
        UserLine.of(thrown).ifPresent(line -> where.add("thrown at: " + line));
        return new TaskFailed(
                "the actor %s threw %s".formatted(type.getSimpleName(), thrown),
                where,
                "mend its class (the cause has the stack), or what it is called with",
                thrown);
    }

    /// No call is answered any more. For any thread: it waits for nothing.
    private void end(Throwable problem) {
        ended.complete(problem);
        mail.delete(); // who waits for room or a reply is told
        for (long number : List.copyOf(waiting.keySet())) {
            var future = waiting.remove(number);
            if (future != null) future.completeExceptionally(ended.join());
        }
    }

    private Unavailable closed() {
        return new Unavailable(
                "the actor %s was closed".formatted(type.getSimpleName()),
                List.of(),
                "call it before it, or its session, is closed, or make another one");
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] given)
            throws Throwable {
        if (method.getDeclaringClass() == Object.class) return own(proxy, method, given);
        CompletableFuture<@Nullable Object> reply = call(method, given);
        Class<?> returned = method.getReturnType();
        boolean later =
                returned == CompletableFuture.class
                        || returned == CompletionStage.class
                        || returned == Future.class;
        return later ? reply : await(reply);
    }

    private @Nullable Object own(Object proxy, Method method, Object @Nullable [] given) {
        return switch (method.getName()) {
            case "equals" -> given != null && given[0] == proxy;
            case "hashCode" -> System.identityHashCode(proxy);
            default -> toString();
        };
    }

    private CompletableFuture<@Nullable Object> call(Method method, Object @Nullable [] given) {
        var reply = new CompletableFuture<@Nullable Object>();
        List<@Nullable Object> arguments =
                given == null ? new ArrayList<>() : new ArrayList<>(Arrays.asList(given));
        synchronized (sending) {
            if (closed) throw closed();
            if (ended.isDone()) throw unchecked(ended.join());
            long number = ++numbers;
            waiting.put(number, reply);
            var call =
                    new ActorMessage.Call(
                            number, method.getName(), ActorTask.types(method), arguments);
            try {
                mail.call(call, loader);
            } catch (RuntimeException e) {
                waiting.remove(number);
                throw ended.isDone() ? unchecked(ended.join()) : e;
            }
        }
        if (ended.isDone()) end(ended.join()); // it may not have seen this one
        return reply;
    }

    private static RuntimeException unchecked(Throwable problem) {
        return problem instanceof RuntimeException known
                ? known
                : new IllegalStateException(problem);
    }

    private @Nullable Object await(CompletableFuture<@Nullable Object> reply) {
        try (var _ = Slot.yielded()) {
            return reply.get();
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            throw unchecked(cause == null ? e : cause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Cancelled(
                    "the thread was interrupted while it waited for the actor "
                            + type.getSimpleName(),
                    List.of(),
                    "let it through: whoever waits for the task is told",
                    e);
        }
    }

    /// Sends no more calls, and waits until those that were sent have ended.
    void close() {
        synchronized (sending) {
            if (closed) return;
            closed = true;
            if (!ended.isDone()) sendLast();
        }
        try (var _ = Slot.yielded()) {
            var _ = ended.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            life.cancel();
            end(closed());
        }
    }

    private void sendLast() {
        try {
            mail.call(new ActorMessage.Last(), loader);
        } catch (Unavailable e) {
            end(e); // its session has ended
        }
    }

    @Override
    public String toString() {
        return "Actor[%s, %s]".formatted(type.getName(), life.status());
    }
}
