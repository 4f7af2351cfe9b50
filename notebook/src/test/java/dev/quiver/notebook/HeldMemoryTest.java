package dev.quiver.notebook;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// When a notebook has garbage collected between cells.
final class HeldMemoryTest {
    private static final long MEGABYTE = 1 << 20;

    private long held;
    private long live;
    private int collections;

    private final HeldMemory memory = new HeldMemory(() -> held, this::collect);

    private void collect() {
        collections++;
        held = live;
    }

    /// A cell that persists a frame under the name of the one before.
    private void rerun(long megabytes) {
        memory.betweenCells();
        live = megabytes * MEGABYTE;
        held += live;
    }

    @Test
    void a_cell_that_persists_and_is_run_again_keeps_no_more_than_a_few_copies() {
        long most = 0;

        for (int i = 0; i < 100; i++) {
            rerun(10);
            most = Math.max(most, held);
        }

        assertThat(most).isLessThan(80 * MEGABYTE);
        assertThat(collections).isLessThan(34);
    }

    @Test
    void what_is_in_use_is_not_looked_for_again_and_again() {
        held = 10 * MEGABYTE;
        live = 500 * MEGABYTE;
        memory.betweenCells();
        held = live;

        for (int i = 0; i < 100; i++) memory.betweenCells();

        assertThat(collections).isEqualTo(1);
    }
}
