package dev.quiver.worker.server;

import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// The threads of a worker and the tasks that wait for one of them.
///
/// A slot is running, searching (awake and about to look into the queue) or asleep. A task that
/// comes wakes a sleeping slot only when there are more tasks than slots that search.
final class Slots {
    private final WorkerShell shell;
    private final String name;
    private final int count;

    /// More than there are slots, once tasks have waited without theirs.
    private final List<Slot> slots = new CopyOnWriteArrayList<>();

    private final Queue<Attempt> queue = new ConcurrentLinkedQueue<>();
    private final AtomicInteger queued = new AtomicInteger();
    private final AtomicInteger searching = new AtomicInteger();
    private final AtomicInteger running = new AtomicInteger();
    private final AtomicInteger lent = new AtomicInteger();
    private volatile boolean closed;

    Slots(WorkerShell shell, int count, String name) {
        this.shell = shell;
        this.name = name;
        this.count = count;
        for (int i = 0; i < count; i++) slots.add(new Slot(this, name + "-slot-" + i));
    }

    void start() {
        searching.set(slots.size());
        slots.forEach(Thread::start);
    }

    WorkerShell shell() {
        return shell;
    }

    /// Has one of the slots run it soon.
    void run(Attempt attempt) {
        queue.add(attempt);
        if (queued.incrementAndGet() > searching.get()) wakeOne();
    }

    /// The task of the current thread waits and has no slot: another thread runs what comes.
    synchronized void lend() {
        if (count + lent.incrementAndGet() <= slots.size() || closed) return;
        var more = new Slot(this, name + "-slot-" + slots.size());
        slots.add(more);
        searching.incrementAndGet();
        more.start();
    }

    /// The task of the current thread has a slot again.
    void takeBack() {
        lent.decrementAndGet();
    }

    private void wakeOne() {
        for (Slot slot : slots) {
            if (slot.wake()) return;
        }
    }

    /// A task to run; then the caller isn't searching any more.
    @Nullable Attempt poll() {
        Attempt found = queue.poll();
        if (found == null) return null;
        running.incrementAndGet();
        searching.decrementAndGet();
        queued.decrementAndGet();
        return found;
    }

    boolean hasWork() {
        return queued.get() > 0;
    }

    /// Whether every slot runs a task.
    boolean areBusy() {
        return running() >= count;
    }

    int running() {
        return running.get() - lent.get();
    }

    void startSearching() {
        searching.incrementAndGet();
    }

    void stopSearching() {
        searching.decrementAndGet();
    }

    void searchAgain() {
        running.decrementAndGet();
        searching.incrementAndGet();
    }

    boolean isClosed() {
        return closed;
    }

    /// Ends the threads as soon as they have nothing to run, and waits for them.
    ///
    /// @return false when one still runs at the end of `patience`
    boolean close(Duration patience) {
        closed = true;
        slots.forEach(Slot::wake);
        long deadline = System.nanoTime() + patience.toNanos();
        boolean interrupted = false;
        for (Slot slot : slots) {
            if (slot == Thread.currentThread()) continue;
            long left = deadline - System.nanoTime();
            while (slot.isAlive() && left > 0) {
                try {
                    if (slot.join(Duration.ofNanos(left))) break;
                } catch (InterruptedException e) {
                    interrupted = true;
                }
                left = deadline - System.nanoTime();
            }
        }
        if (interrupted) Thread.currentThread().interrupt();
        return slots.stream().noneMatch(s -> s != Thread.currentThread() && s.isAlive());
    }
}
