package dev.quiver.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.quiver.columnar.memory.MemoryPool;
import dev.quiver.dataframe.DataFrame;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class SessionMemoryTest {
    record Trade(String sym, long lots, double price) {}

    private static final long BUDGET = SessionMemory.defaultLimitBytes();

    private static MemoryPool pool(Session session) {
        return ((OpenSession) session).store().pool();
    }

    private static Session session(String memory) {
        return Quiver.local(Options.defaults().slots(1).memory(memory).quiet());
    }

    private static DataFrame trades(Session q, int count) {
        return q.of(
                Trade.class,
                IntStream.range(0, count).mapToObj(i -> new Trade("s" + i, i, i / 2.0)).toList());
    }

    @Test
    void sessions_together_get_no_more_than_the_budget_of_the_process() {
        String most = BUDGET / 4 * 3 + "B";
        try (Session first = session(most)) {
            var refused = catchThrowableOfType(QuiverException.class, () -> session(most));

            assertThat(refused.code()).isEqualTo(ErrorCode.MEMORY_REFUSED);
            assertThat(refused.what())
                    .containsPattern("asks for a memory budget of [\\d.]+ .B, but [\\d.]+ .B")
                    .contains("left of the process's");
            assertThat(pool(first).limitBytes()).isEqualTo(BUDGET / 4 * 3);
        }
        try (Session again = session(most)) {
            assertThat(again.submit(() -> 1).result()).isEqualTo(1);
        }
    }

    @Test
    void a_session_that_shares_has_what_the_others_leave() {
        try (Session sharing = Quiver.local(Options.defaults().slots(1).quiet())) {
            long alone = pool(sharing).limitBytes();
            try (Session own = session("100MB")) {
                assertThat(pool(sharing).limitBytes()).isEqualTo(alone - (100 << 20));
                assertThat(pool(sharing).usedBytes()).isZero();
                assertThat(pool(own).limitBytes()).isEqualTo(100 << 20);
            }
            assertThat(pool(sharing).limitBytes()).isEqualTo(alone);
        }
    }

    @Test
    void what_a_sharing_session_uses_is_not_promised_to_another() {
        try (SessionMemory sharing = SessionMemory.open(Optional.empty())) {
            assertThat(sharing.pool().lend(BUDGET)).isTrue();
            var refused = catchThrowableOfType(QuiverException.class, () -> session("1MB"));
            sharing.pool().takeBack(BUDGET);

            assertThat(refused.what()).contains("asks for a memory budget of 1.0 MB, but 0 B");
        }
    }

    @Test
    void the_first_rows_of_a_frame_do_not_keep_all_of_it() {
        try (Session q = session("200MB")) {
            DataFrame all = trades(q, 16_000);
            long whole = pool(q).usedBytes();
            DataFrame few = all.limit(10).persist();
            all.release();

            assertThat(few.count()).isEqualTo(10);
            assertThat(pool(q).usedBytes()).isLessThan(whole / 8);
        }
    }
}
