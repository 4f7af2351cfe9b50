package dev.quiver.client;

import dev.quiver.worker.server.Slot;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// What an actor answers. A task that waits for it gives its slot to others, such as the actor
/// itself.
final class ActorReply<T extends @Nullable Object> extends CompletableFuture<T> {
    @Override
    public <U extends @Nullable Object> CompletableFuture<U> newIncompleteFuture() {
        return new ActorReply<>();
    }

    @Override
    public T get() throws InterruptedException, ExecutionException {
        if (isDone()) return super.get();
        try (var _ = Slot.yielded()) {
            return super.get();
        }
    }

    @Override
    public T get(long timeout, TimeUnit unit)
            throws InterruptedException, ExecutionException, TimeoutException {
        if (isDone()) return super.get(timeout, unit);
        try (var _ = Slot.yielded()) {
            return super.get(timeout, unit);
        }
    }

    @Override
    public T join() {
        if (isDone()) return super.join();
        try (var _ = Slot.yielded()) {
            return super.join();
        }
    }
}
