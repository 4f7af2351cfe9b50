package dev.quiver.worker.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quiver.columnar.memory.Buffer;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.columnar.memory.MemoryPool;
import dev.quiver.columnar.memory.Owner;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Seen keys beside a map.
final class SeenKeyTableTest {
    @Test
    void keys_of_all_lengths_keep_the_position_where_they_were_seen_first() {
        String given = System.getProperty("seed", "");
        long seed = given.isEmpty() ? new Random().nextLong() : Long.parseLong(given);
        System.out.println("SeenKeyTableTest -Dseed=" + seed);
        var random = new Random(seed);
        Map<String, Long> expected = new HashMap<>();

        try (var pool = new MemoryPool(64 << 20);
                MemoryAccount account = pool.account(new Owner("test", "SeenKeys", -1));
                var seen = new SeenKeyTable(account);
                Buffer key = account.allocate(1024)) {
            for (long position = 0; position < 20_000; position++) {
                String text = String.valueOf(random.nextInt(8000)).repeat(random.nextInt(1, 9));
                byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
                MemorySegment.copy(MemorySegment.ofArray(bytes), 0, key.segment(), 3, bytes.length);

                long first = seen.first(key.segment(), 3, bytes.length, position);

                Long before = expected.putIfAbsent(text, position);
                assertThat(first).as(text).isEqualTo(before == null ? position : before);
            }
            assertThat(seen.size()).isEqualTo(expected.size());
        }
    }

    @Test
    void a_partition_that_runs_twice_gets_the_same_answers() {
        try (var pool = new MemoryPool(1 << 20);
                MemoryAccount account = pool.account(new Owner("test", "SeenKeys", -1));
                var seen = new SeenKeyTable(account);
                Buffer key = account.allocateZeroed(1024)) {
            long position = 3 * SeenKeys.POSITIONS + 7;

            long once = seen.first(key.segment(), 0, 8, position);
            long again = seen.first(key.segment(), 0, 8, position);
            long later = seen.first(key.segment(), 0, 8, position + 1);

            assertThat(once).isEqualTo(position);
            assertThat(again).isEqualTo(position);
            assertThat(later).isEqualTo(position);
        }
    }
}
