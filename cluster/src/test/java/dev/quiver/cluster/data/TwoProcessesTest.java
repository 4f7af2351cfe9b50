package dev.quiver.cluster.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quiver.columnar.DictionaryColumn;
import dev.quiver.columnar.FixedColumn;
import dev.quiver.columnar.memory.Layouts;
import dev.quiver.columnar.memory.MemoryPool;
import dev.quiver.columnar.memory.Owner;
import dev.quiver.error.Unavailable;
import dev.quiver.worker.store.CopyStore;
import dev.quiver.worker.store.TaskOutput;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What is served by another process.
final class TwoProcessesTest {
    private static final int ROWS = 100_000;

    private final MemoryPool pool = new MemoryPool(512 << 20);
    private final DataClient client =
            new DataClient(
                    FlightEndpoints.plain(DataSettings.DEFAULTS),
                    pool.account(new Owner("test", "Fetched", -1)));

    @AfterEach
    void nothing_is_left() {
        client.close();
        assertThat(pool.usedBytes()).isZero();
        pool.close();
    }

    private static List<CopyStore.Key> keys(int partitions) {
        var keys = new ArrayList<CopyStore.Key>();
        for (int p = 0; p < partitions; p++) keys.add(new CopyStore.Key(1, p, 1, -1));
        return keys;
    }

    @Test
    void outputs_come_whole() throws Exception {
        try (var other = ServingProcess.start(3, 1, ROWS)) {
            var futures = AwaitedOutputs.fetch(client, other.address(), keys(3));
            for (int p = 0; p < 3; p++) {
                try (var output = (TaskOutput) futures.get(p).get(20, TimeUnit.SECONDS)) {
                    var chunk = output.chunks().getFirst();
                    var ids = (FixedColumn) chunk.column("id");
                    var words = (DictionaryColumn) chunk.column("word");
                    assertThat(ids.values().get(Layouts.LONG, (ROWS - 1) * 8L))
                            .isEqualTo((long) p * ROWS + ROWS - 1);
                    assertThat(words.values().get(words.code(1234))).isEqualTo("word number 234");
                }
            }
        }
    }

    @Test
    void a_process_that_is_killed_leaves_nothing_and_nobody_waiting() throws Exception {
        try (var other = ServingProcess.start(40, 1, ROWS)) {
            List<CompletableFuture<CopyStore.Copy>> futures =
                    AwaitedOutputs.fetch(client, other.address(), keys(40));
            futures.getFirst().get(20, TimeUnit.SECONDS);

            other.kill();

            long begin = System.nanoTime();
            int lost = 0;
            for (CompletableFuture<CopyStore.Copy> future : futures) {
                try {
                    future.get(5, TimeUnit.SECONDS).close();
                } catch (ExecutionException e) {
                    assertThat(e).cause().isInstanceOf(Unavailable.class);
                    lost++;
                }
            }
            assertThat(lost).isPositive();
            assertThat(System.nanoTime() - begin).isLessThan(TimeUnit.SECONDS.toNanos(5));
        }
    }

    @Test
    void a_process_that_is_forgotten_is_waited_for_no_longer() throws Exception {
        try (var other = ServingProcess.start(40, 1, ROWS)) {
            List<CompletableFuture<CopyStore.Copy>> futures =
                    AwaitedOutputs.fetch(client, other.address(), keys(40));

            client.forget(other.address());

            for (CompletableFuture<CopyStore.Copy> future : futures) {
                CopyStore.Copy copy = future.handle((c, _) -> c).get(5, TimeUnit.SECONDS);
                if (copy != null) copy.close();
            }
        }
    }
}
