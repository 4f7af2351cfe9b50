package dev.quiver.client;

import static dev.quiver.client.TaskOptions.options;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quiver.dataframe.QFuture;
import dev.quiver.dataframe.Status;
import dev.quiver.error.QuiverException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Which tasks end first, and which begin first.
final class CompletedTest {
    private final Session q = Quiver.local(Options.defaults().slots(2).quiet());

    @AfterEach
    void close() {
        q.close();
    }

    @Test
    void futures_come_in_the_order_in_which_they_end() {
        var first = new CountDownLatch(1);
        QFuture<String> slow =
                q.submit(() -> {
                    first.await();
                    return "slow";
                });
        QFuture<String> quick = q.submit(() -> "quick");
        var seen = new ArrayList<String>();

        for (QFuture<String> done : q.asCompleted(List.of(slow, quick))) {
            seen.add(done.result());
            first.countDown();
        }

        assertThat(seen).containsExactly("quick", "slow");
    }

    @Test
    void failed_ones_come_too_and_more_may_be_added() {
        QFuture<Integer> broken = q.submit(() -> Integer.parseInt("seven"));
        Completed<Integer> all = q.asCompleted(List.of(broken));
        int sum = 0;

        for (QFuture<Integer> done : all) {
            if (done.status() == Status.FAILED) all.add(q.submit(() -> 7));
            else sum += done.result();
        }

        assertThat(sum).isEqualTo(7);
        assertThatThrownBy(() -> all.iterator().next()).isInstanceOf(NoSuchElementException.class);
    }

    @Test
    void they_are_a_stream_and_values_that_are_there_come_at_once() {
        List<QFuture<Integer>> futures = new ArrayList<>(q.map(n -> n * n, List.of(1, 2, 3)));
        futures.add(q.scatter(100));

        int sum = q.asCompleted(futures).stream().mapToInt(QFuture::result).sum();

        assertThat(sum).isEqualTo(114);
    }

    @Test
    void greater_priorities_begin_first_and_equals_in_the_order_of_their_submission() {
        var gate = new CountDownLatch(1);
        List<String> begun = Collections.synchronizedList(new ArrayList<>());
        try (Session one = Quiver.local(Options.defaults().slots(1).quiet())) {
            // the slot and what is given ahead of it are busy with these
            List<QFuture<Boolean>> before =
                    one.map(
                            _ -> {
                                gate.await();
                                return true;
                            },
                            List.of(1, 2, 3));
            var all = new ArrayList<QFuture<Boolean>>();
            for (int i = 0; i < 3; i++) {
                String name = "low" + i;
                all.add(one.submit(options().priority(-5), () -> begun.add(name)));
            }
            for (int i = 0; i < 3; i++) {
                String name = "high" + i;
                all.add(one.submit(options().priority(5), () -> begun.add(name)));
            }
            for (int i = 0; i < 3; i++) {
                String name = "retried" + i;
                all.add(one.submit(options().retries(1), () -> begun.add(name)));
            }
            all.add(one.submit(() -> begun.add("plain")));

            gate.countDown();
            one.gather(all);
            one.gather(before);
        }

        assertThat(begun)
                .containsExactly(
                        "high0",
                        "high1",
                        "high2",
                        "plain",
                        "retried0",
                        "retried1",
                        "retried2",
                        "low0",
                        "low1",
                        "low2");
    }

    @Test
    void a_priority_out_of_range_is_refused() {
        assertThatThrownBy(() -> options().priority(1001)).isInstanceOf(QuiverException.class);
    }
}
