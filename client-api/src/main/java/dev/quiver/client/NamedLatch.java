package dev.quiver.client;

import dev.quiver.error.QuiverException;
import dev.quiver.error.Unavailable;
import dev.quiver.protocol.CoordinationRequest;
import dev.quiver.protocol.CoordinationRequest.Kind;
import dev.quiver.protocol.CoordinationRequest.Patience;
import java.time.Duration;

/// A count that goes down to zero, which all await that name it.
///
/// ```java
/// q.latch("loaded", 3).countDown();   // three times, anywhere
/// q.latch("loaded", 3).await();
/// ```
///
/// At zero it stays until somebody deletes it. All must name the same count.
public final class NamedLatch {
    private final Coordination coordination;
    private final String name;
    private final long start;

    NamedLatch(Coordination coordination, String name, long start) {
        this.coordination = coordination;
        this.name = Coordination.requireName(Kind.LATCH, name);
        this.start = Coordination.requirePositive("the count of the latch '" + name + "'", start);
    }

    /// Takes one from the count.
    public void countDown() {
        countDown(1);
    }

    /// Takes so many from the count, not below zero.
    ///
    /// @return what is left
    /// @throws QuiverException ARGUMENT_INVALID when others have named another count
    public long countDown(long by) {
        long positive = Coordination.requirePositive("what the latch goes down by", by);
        return coordination.number(new CoordinationRequest.CountDown(name, start, positive));
    }

    /// What is left now.
    ///
    /// @throws QuiverException as [#countDown(long)]
    public long count() {
        return coordination.number(new CoordinationRequest.CountDown(name, start, 0));
    }

    /// Waits until nothing is left.
    ///
    /// @throws QuiverException CANCELLED when the thread is interrupted; as [#countDown(long)]
    /// @throws Unavailable when the session ends, or the latch is deleted
    public void await() {
        var _ = coordination.ask(new CoordinationRequest.AwaitLatch(name, start, Patience.ENDLESS));
    }

    /// @param patience how long to wait at most
    /// @return false when something was left after that time
    /// @throws QuiverException as [#await()]
    public boolean await(Duration patience) {
        return coordination
                .ask(patience, waiting -> new CoordinationRequest.AwaitLatch(name, start, waiting))
                .isPresent();
    }

    /// Forgets it: who names it next begins anew; who waits is told by [Unavailable].
    public void delete() {
        var _ = coordination.ask(new CoordinationRequest.Delete(Kind.LATCH, name));
    }

    @Override
    public String toString() {
        return "NamedLatch['%s', %d]".formatted(name, start);
    }
}
