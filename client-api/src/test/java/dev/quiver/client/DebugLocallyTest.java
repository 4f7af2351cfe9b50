package dev.quiver.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quiver.dataframe.QFuture;
import dev.quiver.error.Cancelled;
import dev.quiver.error.TaskFailed;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DebugLocallyTest {
    /// What tasks find where they run; the same for all of this process.
    private static final AtomicBoolean MENDED = new AtomicBoolean();

    private static final AtomicReference<Thread> THREAD = new AtomicReference<>();

    private static Session session(boolean strict) {
        MENDED.set(false);
        Options options = Options.defaults().slots(2).quiet();
        return Quiver.local(strict ? options.strict() : options);
    }

    private static int inverse(int n) {
        THREAD.set(Thread.currentThread());
        if (n == 0 && !MENDED.get()) throw new ArithmeticException("nothing to divide by");
        return n == 0 ? 0 : 100 / n;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_task_that_failed_fails_in_the_thread_that_asks(boolean strict) {
        try (Session q = session(strict)) {
            QFuture<Integer> failed = q.map(DebugLocallyTest::inverse, List.of(0)).getFirst();

            assertThatThrownBy(failed::debugLocally)
                    .isInstanceOf(TaskFailed.class)
                    .hasMessageContaining("when it ran here")
                    .hasMessageContaining("thrown at: DebugLocallyTest.java")
                    .hasRootCauseMessage("nothing to divide by");

            assertThat(THREAD.get()).isSameAs(Thread.currentThread());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void what_it_reads_is_brought_and_what_failed_before_it_runs_before_it(boolean strict) {
        try (Session q = session(strict)) {
            QFuture<Integer> ten = q.submit(() -> 10);
            QFuture<Integer> zero = q.submit(() -> 0);
            QFuture<Integer> bad = zero.then(DebugLocallyTest::inverse);
            QFuture<String> text = q.submit((a, b) -> a + " and " + b, ten, bad);
            QFuture<String> late = text.then(known -> known + "!");

            assertThatThrownBy(late::debugLocally).hasRootCauseMessage("nothing to divide by");
            MENDED.set(true);
            String mended = late.debugLocally();

            assertThat(mended).isEqualTo("10 and 0!");
            assertThatThrownBy(late::result).hasRootCauseMessage("nothing to divide by");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void values_of_the_program_are_there_too(boolean strict) {
        try (Session q = session(strict);
                Scattered<Integer> zero = q.broadcast(0)) {
            QFuture<Integer> bad = q.submit(DebugLocallyTest::inverse, zero);
            assertThatThrownBy(bad::result).hasRootCauseMessage("nothing to divide by");
            MENDED.set(true);

            assertThat(bad.debugLocally()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void it_finds_the_session_that_tasks_find(boolean strict) {
        try (Session q = session(strict)) {
            QFuture<Integer> outer =
                    q.submit(() -> Quiver.current().submit(() -> inverse(0)).result());
            assertThatThrownBy(outer::result).hasRootCauseMessage("nothing to divide by");
            MENDED.set(true);

            assertThat(outer.debugLocally()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_task_that_did_not_fail_is_not_run_again(boolean strict) {
        try (Session q = session(strict)) {
            QFuture<Integer> done = q.map(DebugLocallyTest::inverse, List.of(5)).getFirst();
            assertThat(done.result()).isEqualTo(20);
            THREAD.set(null);

            assertThat(done.debugLocally()).isEqualTo(20);

            assertThat(THREAD.get()).isNull();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void the_code_of_a_cancelled_task_is_gone(boolean strict) {
        try (Session q = session(strict)) {
            QFuture<Void> endless =
                    q.run(() -> {
                        while (true) Quiver.checkCancelled();
                    });
            endless.cancel();

            assertThatThrownBy(endless::debugLocally).isInstanceOf(Cancelled.class);
        }
    }
}
