package dev.quiver.worker.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// Time with files is counted by thread, and once.
final class SpillTimeTest {
    private static void rest() throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(4);
    }

    @Test
    void spans_within_spans_are_not_counted_twice_and_those_of_other_threads_not_at_all()
            throws InterruptedException {
        long before = SpillTime.nanos();
        long from = System.nanoTime();
        try (SpillTime.Span _ = SpillTime.begin()) {
            rest();
            try (SpillTime.Span _ = SpillTime.begin()) {
                rest();
            }
        }
        long passed = System.nanoTime() - from;
        long counted = SpillTime.nanos() - before;
        rest();
        var elsewhere = new long[1];
        Thread other = Thread.ofPlatform().start(() -> elsewhere[0] = SpillTime.nanos());
        other.join();

        assertThat(counted).isBetween(TimeUnit.MILLISECONDS.toNanos(8), passed);
        assertThat(SpillTime.nanos() - before).isEqualTo(counted);
        assertThat(elsewhere[0]).isZero();
    }
}
