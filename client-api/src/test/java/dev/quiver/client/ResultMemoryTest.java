package dev.quiver.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.quiver.columnar.memory.MemoryPool;
import dev.quiver.dataframe.QFuture;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ResultMemoryTest {
    private static final int MB = 1 << 20;

    record Trade(String sym, long lots, double price) {}

    /// Points to itself.
    static final class Ring {
        final Object[] content = {this, new byte[1000]};
    }

    private static Session session(String memory) {
        return Quiver.local(Options.defaults().slots(2).memory(memory).quiet());
    }

    private static MemoryPool pool(Session session) {
        return ((OpenSession) session).store().pool();
    }

    @Test
    void a_large_result_counts_while_its_future_is_there() {
        try (Session q = session("100MB")) {
            QFuture<byte[]> future = q.submit(() -> new byte[10 * MB]);
            assertThat(future.result()).hasSize(10 * MB);
            assertThat(pool(q).usedBytes()).isBetween(10L * MB, 11L * MB);
            assertThat(future.then(bytes -> bytes.length).result()).isEqualTo(10 * MB);
        }
    }

    @Test
    void a_result_beyond_the_budget_fails_its_task_in_words() {
        try (Session q = session("20MB")) {
            QFuture<byte[]> kept = q.submit(() -> new byte[15 * MB]);
            assertThat(kept.result()).hasSize(15 * MB);
            QFuture<byte[]> refused = q.submit(() -> new byte[10 * MB]);
            assertThatThrownBy(refused::result)
                    .hasMessageContaining("MEMORY_REFUSED")
                    .hasMessageContaining("Result of task 0/1 asked for 10.0 MB")
                    .hasMessageContaining("the budget of 20.0 MB");
            assertThat(kept.result()).hasSize(15 * MB);
        }
    }

    @Test
    void results_that_nobody_holds_make_room_for_others() {
        try (Session q = session("50MB")) {
            for (int i = 0; i < 30; i++)
                assertThat(q.submit(() -> new byte[20 * MB]).result()).hasSize(20 * MB);
        }
    }

    @Test
    void small_results_count_together() {
        try (Session q = session("100MB")) {
            var futures =
                    q.map((Integer i) -> "text " + i, IntStream.range(0, 10_000).boxed().toList());
            q.gather(futures);
            assertThat(pool(q).usedBytes()).isBetween(400_000L, 900_000L);
            assertThat(futures.getFirst().result()).isEqualTo("text 0");
        }
    }

    @Test
    void packed_results_count_their_bytes() {
        try (Session q =
                Quiver.local(Options.defaults().slots(1).memory("50MB").strict().quiet())) {
            QFuture<int[]> future = q.submit(() -> new int[MB]);
            assertThat(future.result()).hasSize(MB);
            assertThat(pool(q).usedBytes()).isBetween((long) MB, 6L * MB);
        }
    }

    @Test
    void sizes_are_about_right() {
        assertThat(ResultSize.of(null)).isZero();
        assertThat(ResultSize.of(7)).isBetween(16L, 32L);
        assertThat(ResultSize.of("x".repeat(1000))).isBetween(1000L, 1100L);
        assertThat(ResultSize.of(new long[1000])).isEqualTo(8016);
        assertThat(ResultSize.of(new BigDecimal("1.5"))).isBetween(32L, 128L);
        assertThat(ResultSize.of(new Trade("A", 1, 2))).isBetween(60L, 120L);
        assertThat(ResultSize.of(new Ring())).isBetween(1000L, 1200L);
        var trades = IntStream.range(0, 100_000).mapToObj(i -> new Trade("A" + i, i, i)).toList();
        assertThat((double) ResultSize.of(trades)).isCloseTo(100_000 * 100.0, within(4e6));
        var map = new HashMap<Integer, String>();
        for (int i = 0; i < 10_000; i++) map.put(i, "value");
        assertThat((double) ResultSize.of(map)).isCloseTo(10_000 * 120.0, within(4e5));
        assertThat(ResultSize.of(List.of(Map.of("a", new ArrayList<>(List.of(1, 2))))))
                .isBetween(150L, 500L);
        assertThat(ResultSize.of(Thread.currentThread())).isEqualTo(ResultSize.OPAQUE);
    }
}
