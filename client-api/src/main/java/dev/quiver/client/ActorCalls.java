package dev.quiver.client;

import dev.quiver.error.Cancelled;
import dev.quiver.error.QuiverException;
import dev.quiver.error.TaskFailed;
import dev.quiver.error.Unavailable;
import dev.quiver.error.UserLine;
import dev.quiver.worker.server.Slot;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// The calls of one session to an actor, and who waits for what comes of them.
final class ActorCalls {
    /// @param task that has called, whose classes those of the reply are; empty outside of tasks of
    ///   a cluster
    private record Waiting(CompletableFuture<@Nullable Object> reply, Optional<RunningTask> task) {}

    private final Class<?> type;
    private final @Nullable ClassLoader loader;
    private final ActorMail mail;
    private final ActorNews news;
    private final long caller = UUID.randomUUID().getMostSignificantBits();
    private final Map<Long, Waiting> waiting = new ConcurrentHashMap<>();
    private final AtomicBoolean begun = new AtomicBoolean();
    private final Object sending = new Object();

    /// Ends once it hears of what becomes of the actor.
    private final CompletableFuture<@Nullable Void> listening = new CompletableFuture<>();

    /// Ends with why no call is answered behind what has been answered.
    private final CompletableFuture<Throwable> ending = new CompletableFuture<>();

    /// Ends with why no call is answered any more.
    private final CompletableFuture<Throwable> ended = new CompletableFuture<>();

    /// Under [#sending].
    private long numbers;

    /// Under [#sending].
    private boolean closed;

    ActorCalls(OpenSession session, ActorLink link) {
        this.type = link.type();
        this.loader = type.getClassLoader();
        this.mail = new ActorMail(session, link.name());
        this.news = new ActorNews(session.conversation().coordination(), link.name());
    }

    /// Begins to listen; again it does nothing.
    ///
    /// @param last runs once no call is answered any more, in a thread that may wait
    void begin(Runnable last) {
        if (!begun.compareAndSet(false, true)) return;
        String name = type.getSimpleName();
        Thread.ofVirtual().name("quiver-news-of-" + name).start(this::listen);
        Thread.ofVirtual()
                .name("quiver-replies-of-" + name)
                .start(() -> {
                    hear();
                    last.run();
                });
    }

    private void listen() {
        try {
            if (!news.subscribe()) endsWith(closed());
            listening.complete(null);
            while (!ending.isDone()) {
                for (Optional<Unavailable> next : news.next()) {
                    if (next.isPresent()) endsWith(next.get());
                    else sayAgain();
                }
            }
            mail.reply(last()); // behind all others
            news.unsubscribe();
        } catch (QuiverException e) {
            end(e); // the session has ended
        } finally {
            listening.complete(null);
        }
    }

    /// The object goes on elsewhere: what of these calls it doesn't know is told.
    private void sayAgain() {
        var sent = new ArrayList<Coordination.Asked>();
        synchronized (sending) {
            var numbersLeft = List.copyOf(new TreeSet<>(waiting.keySet()));
            for (ActorEnvelope envelope : ActorEnvelope.unanswered(caller, numbersLeft))
                sent.add(mail.send(envelope));
            if (closed) sent.add(mail.send(last()));
        }
        sent.forEach(mail::await);
    }

    private void hear() {
        try {
            while (!ended.isDone()) {
                ActorEnvelope envelope = mail.nextReply(caller);
                if (envelope.kind() == ActorEnvelope.Kind.LAST) end(ending.join());
                else tell(envelope);
            }
        } catch (QuiverException e) {
            end(e); // the session has ended
        }
        mail.forget(caller);
    }

    private void tell(ActorEnvelope reply) {
        Waiting call = waiting.remove(reply.number());
        if (call == null) return; // told before its worker was lost
        try {
            if (call.task().isEmpty()) tell(call, reply);
            else
                call.task()
                        .get()
                        .call(() -> {
                            tell(call, reply);
                            return null;
                        });
        } catch (Exception e) {
            call.reply().completeExceptionally(e); // it can't be read here
        }
    }

    private void tell(Waiting call, ActorEnvelope reply) {
        switch (reply.kind()) {
            case REPLY -> {
                switch (mail.opened(reply, loader)) {
                    case ActorMessage.Returned(var value) ->
                            call.reply().complete(value.orElse(null));
                    case ActorMessage.Threw(var thrown) ->
                            call.reply().completeExceptionally(failed(thrown));
                    case ActorMessage.Call _ ->
                            throw new IllegalStateException("an actor answers no calls");
                }
            }
            case LOST -> call.reply().completeExceptionally(lost());
            case UNKNOWN -> call.reply().completeExceptionally(unknown());
            case CALL, UNANSWERED, MOVE, LAST ->
                    throw new IllegalStateException("a caller is sent no " + reply.kind());
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

    private Unavailable lost() {
        return new Unavailable(
                "the worker of the actor %s was lost before this call had ended, and what it may"
                                .formatted(type.getSimpleName())
                        + " have changed in the object with it",
                List.of(),
                "call again, unless what else it does, such as writing files, may not be done"
                        + " twice");
    }

    private Unavailable unknown() {
        return new Unavailable(
                "this call of the actor %s has been made, but its worker was lost with the result"
                        .formatted(type.getSimpleName()),
                List.of(),
                "ask the object, which knows the call, for what is missing");
    }

    Unavailable closed() {
        return new Unavailable(
                "the actor %s was closed".formatted(type.getSimpleName()),
                List.of(),
                "call it before it, or its session, is closed, or make another one");
    }

    /// No call is answered behind those that have been. For any thread: it waits for nothing.
    void endsWith(Throwable why) {
        ending.complete(why);
    }

    /// No call is answered any more.
    private void end(Throwable problem) {
        ending.complete(problem);
        ended.complete(ending.join());
        for (long number : List.copyOf(waiting.keySet())) {
            Waiting call = waiting.remove(number);
            if (call != null) call.reply().completeExceptionally(ended.join());
        }
    }

    /// Calls a method: at once when it gives a future.
    @Nullable Object invoke(Method method, Object @Nullable [] given) {
        CompletableFuture<@Nullable Object> reply = call(method, given);
        Class<?> returned = method.getReturnType();
        boolean later =
                returned == CompletableFuture.class
                        || returned == CompletionStage.class
                        || returned == Future.class;
        return later ? reply : await(reply);
    }

    private CompletableFuture<@Nullable Object> call(Method method, Object @Nullable [] given) {
        if (!listening.isDone()) await(listening);
        var reply = new ActorReply<@Nullable Object>();
        List<@Nullable Object> arguments =
                given == null ? new ArrayList<>() : new ArrayList<>(Arrays.asList(given));
        var call = new ActorMessage.Call(method.getName(), ActorObject.types(method), arguments);
        byte[] content = mail.packed(call, "the arguments of a call", loader);
        if (ending.isDone()) throw unchecked(ending.join());
        ActorEnvelope envelope =
                mail.small(ActorEnvelope.of(ActorEnvelope.Kind.CALL, caller, 0, content));
        long number;
        Coordination.Asked sent;
        synchronized (sending) { // waits for nothing: who does may have to give its slot back
            if (closed) throw closed();
            if (ending.isDone()) throw unchecked(ending.join());
            number = ++numbers;
            waiting.put(number, new Waiting(reply, RunningTask.current()));
            sent = mail.send(envelope.numbered(number));
        }
        try {
            mail.await(sent);
        } catch (RuntimeException e) {
            waiting.remove(number);
            throw ending.isDone() ? unchecked(ending.join()) : e;
        }
        if (ended.isDone()) end(ended.join()); // it may not have seen this one
        return reply;
    }

    private ActorEnvelope last() {
        return ActorEnvelope.of(ActorEnvelope.Kind.LAST, caller, 0);
    }

    private static RuntimeException unchecked(Throwable problem) {
        return problem instanceof RuntimeException known
                ? known
                : new IllegalStateException(problem);
    }

    private @Nullable Object await(CompletableFuture<? extends @Nullable Object> reply) {
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

    /// Sends no more calls, and waits until those that were sent have ended. Leaves the thread
    /// interrupted when it was.
    void close() {
        Coordination.Asked sent = null;
        synchronized (sending) {
            if (closed) return;
            closed = true;
            if (!ending.isDone()) sent = sendLast();
        }
        awaitLast(sent);
        try (var _ = Slot.yielded()) {
            var _ = ended.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            end(closed());
        }
    }

    private Coordination.@Nullable Asked sendLast() {
        try {
            return mail.send(last());
        } catch (Unavailable e) {
            end(e); // its session has ended
            return null;
        }
    }

    private void awaitLast(Coordination.@Nullable Asked sent) {
        try {
            if (sent != null) mail.await(sent);
        } catch (Unavailable e) {
            end(e); // its session has ended
        }
    }
}
