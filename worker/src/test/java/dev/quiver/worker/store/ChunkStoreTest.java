package dev.quiver.worker.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quiver.columnar.Chunk;
import dev.quiver.columnar.ColumnBuilder;
import dev.quiver.columnar.ColumnValues;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.columnar.memory.MemoryPool;
import dev.quiver.columnar.memory.Owner;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Field;
import dev.quiver.schema.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ChunkStoreTest {
    private static final Schema SCHEMA = Schema.of(Field.of("x", DataType.INT64));

    private final MemoryPool pool = new MemoryPool(16 << 20);
    private final MemoryAccount account = pool.account(new Owner("test", "Store", -1));
    private final ChunkStore store = new ChunkStore();

    @AfterEach
    void nothing_is_left() {
        store.close();
        pool.close();
    }

    private TaskOutput output(long... values) {
        var rows = new ArrayList<List<Long>>();
        for (long value : values) rows.add(List.of(value));
        return TaskOutput.ofChunks(List.of(ColumnBuilder.chunk(SCHEMA, account, rows)));
    }

    @Test
    void an_output_that_is_dropped_stays_for_who_reads_it() {
        store.put(1, 0, 1, output(7, 8));
        TaskOutput read = Objects.requireNonNull(store.find(1, 0));

        store.drop(1, 0, 1);

        assertThat(store.find(1, 0)).isNull();
        assertThat(store.bytes()).isZero();
        assertThat(read.chunks().getFirst().rows()).isEqualTo(2);
        read.close();
        assertThat(pool.usedBytes()).isZero();
    }

    @Test
    void the_later_attempt_stays_whichever_comes_last() {
        store.put(1, 0, 2, output(1, 2, 3));
        store.put(1, 0, 1, output(1));

        store.drop(1, 0, 1);

        try (TaskOutput kept = Objects.requireNonNull(store.find(1, 0))) {
            assertThat(kept.rows()).isEqualTo(3);
        }
        store.put(1, 0, 3, output(1, 2));
        try (TaskOutput kept = Objects.requireNonNull(store.find(1, 0))) {
            assertThat(kept.rows()).isEqualTo(2);
        }
        assertThat(store.bytes()).isEqualTo(16);
    }

    @Test
    void a_held_frame_is_read_in_any_number_of_parts_in_order() {
        store.hold("df", List.of(output(1), output(2), output(3)));

        for (int parts = 1; parts <= 5; parts++) {
            var rows = new ArrayList<Long>();
            for (int part = 0; part < parts; part++) {
                for (Chunk chunk : Objects.requireNonNull(store.heldChunks("df", part, parts))) {
                    rows.add((Long) ColumnValues.get(chunk.column(0), 0));
                    chunk.close();
                }
            }
            assertThat(rows).as("%d parts", parts).containsExactly(1L, 2L, 3L);
        }
        assertThat(store.heldSizes("df")).hasSize(3);
        store.release("df");
        assertThat(store.heldChunks("df", 0, 1)).isNull();
    }

    @Test
    void what_comes_after_the_end_goes_at_once() {
        store.close();

        store.put(1, 0, 1, output(1));
        store.hold("df", List.of(output(2)));

        assertThat(pool.usedBytes()).isZero();
    }
}
