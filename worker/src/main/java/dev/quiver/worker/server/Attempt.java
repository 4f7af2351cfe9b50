package dev.quiver.worker.server;

import dev.quiver.error.Cancelled;
import dev.quiver.protocol.Failure;
import dev.quiver.protocol.InputRun;
import dev.quiver.worker.state.WorkerCommand;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A task that a slot runs or is about to run. It ends exactly once; an interrupt before reaches it
/// wherever it is, an interrupt afterwards does nothing.
public final class Attempt {
    private final WorkerCommand.Execute command;
    private final Engine engine;
    private volatile @Nullable Failure interruption;
    private @Nullable Thread thread;
    private boolean ended;
    private volatile boolean resumed;

    /// Of the thread that runs it.
    private int failedPart = Failure.NO_PART;

    Attempt(WorkerCommand.Execute command, Engine engine) {
        this.command = command;
        this.engine = engine;
    }

    public int stage() {
        return command.stage();
    }

    public int partition() {
        return command.partition();
    }

    public int number() {
        return command.attempt();
    }

    public List<InputRun> inputs() {
        return command.inputs();
    }

    Engine engine() {
        return engine;
    }

    /// Whether the result isn't wanted any more.
    public boolean isInterrupted() {
        return interruption != null;
    }

    /// Notes which part of its pipeline threw; in the thread that runs it.
    void failedIn(int part) {
        failedPart = part;
    }

    /// As [Failure#part]; in the thread that ran it.
    int failedPart() {
        return failedPart;
    }

    /// Why it should end; null as long as it shouldn't.
    @Nullable Failure interruption() {
        return interruption;
    }

    /// Throws when nobody wants the result.
    ///
    /// @throws Cancelled when the result isn't wanted any more
    public void check() {
        Failure why = interruption;
        if (why != null)
            throw new Cancelled(
                    why.message(),
                    List.of("task: %d/%d".formatted(stage(), partition())),
                    "let it through: whoever waits for the task is told");
    }

    boolean is(int stage, int partition, int number) {
        return command.stage() == stage
                && command.partition() == partition
                && command.attempt() == number;
    }

    /// Binds it to the current thread.
    ///
    /// @return false when it was interrupted before
    synchronized boolean begin() {
        if (interruption != null) return false;
        thread = Thread.currentThread();
        return true;
    }

    /// Waits until [#resume] or an interrupt; the thread's own interrupt stays.
    void awaitSlot() {
        boolean interrupted = false;
        while (!resumed && interruption == null) {
            interrupted |= Thread.interrupted();
            LockSupport.park(this);
        }
        resumed = false;
        if (interrupted || interruption != null) Thread.currentThread().interrupt();
    }

    /// It may go on.
    synchronized void resume() {
        resumed = true;
        LockSupport.unpark(thread);
    }

    synchronized void interrupt(Failure why) {
        if (ended || interruption != null) return;
        interruption = why;
        if (thread != null) thread.interrupt();
    }

    /// Lets go of the thread, which is left without an interrupt.
    synchronized void end() {
        ended = true;
        thread = null;
        Thread.interrupted();
    }
}
