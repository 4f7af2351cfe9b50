package dev.quiver.columnar.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quiver.error.MemoryRefused;
import java.util.ArrayList;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class MemoryPoolTest {
    private static final Owner OWNER = new Owner("q1", "GroupBy[carrier]", 3);

    @Test
    void a_buffer_is_counted_until_its_last_owner_closes_it() {
        var pool = new MemoryPool(1 << 20);
        Buffer buffer = pool.account(OWNER).allocate(3000);
        buffer.retain();

        buffer.close();
        assertThat(pool.usedBytes()).isEqualTo(4096);
        buffer.close();

        assertThat(pool.usedBytes()).isZero();
        pool.close();
    }

    @Test
    void a_slice_keeps_the_whole_alive() {
        var pool = new MemoryPool(1 << 20);
        Buffer buffer = pool.account(OWNER).allocateZeroed(4096);
        Buffer slice = buffer.slice(1024, 64);

        buffer.close();
        assertThat(pool.usedBytes()).isEqualTo(4096);
        assertThat(slice.segment().get(Layouts.LONG, 0)).isZero();
        slice.close();

        assertThat(pool.usedBytes()).isZero();
        pool.close();
    }

    @Test
    void what_the_budget_does_not_have_is_refused_by_name() {
        var pool = new MemoryPool(1 << 20);

        assertThatThrownBy(() -> pool.account(OWNER).allocate(3 << 20))
                .isInstanceOf(MemoryRefused.class)
                .hasMessageContaining("GroupBy[carrier] of q1, partition 3 asked for 4.0 MB")
                .hasMessageContaining("fix: give more memory");

        assertThat(pool.usedBytes()).isZero();
    }

    @Test
    void reservations_go_back_when_the_account_closes() {
        var pool = new MemoryPool(1000);
        try (var account = pool.account(OWNER)) {
            account.reserve(600);
            assertThat(account.tryReserve(500)).isFalse();
            assertThat(account.tryReserve(400)).isTrue();
        }

        assertThat(pool.usedBytes()).isZero();
        assertThat(pool.peakBytes()).isEqualTo(1000);
    }

    @Test
    void closing_a_buffer_too_often_is_an_error() {
        var pool = new MemoryPool(1 << 20);
        Buffer buffer = pool.account(OWNER).allocate(1);
        buffer.close();

        assertThatThrownBy(buffer::close)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed too often");
    }

    @Test
    void a_pool_with_a_buffer_in_use_does_not_close() {
        var pool = new MemoryPool(1 << 20);
        Buffer buffer = pool.account(OWNER).allocate(1);

        assertThatThrownBy(pool::close).hasMessageContaining("with 1024 bytes in use");

        buffer.close();
        pool.close();
    }

    @Test
    void live_blocks_never_overlap_and_all_of_them_come_back() {
        long seed = Long.getLong("seed", 7L);
        System.out.println("MemoryPoolTest seed=" + seed);
        var random = new Random(seed);
        var pool = new MemoryPool(512L << 20);
        var account = pool.account(OWNER);
        var live = new ArrayList<Buffer>();

        for (int i = 0; i < 20_000; i++) {
            boolean allocate = live.isEmpty() || random.nextInt(100) < 52;
            if (allocate && pool.usedBytes() < 300L << 20) {
                long bytes = 1L << random.nextInt(25);
                Buffer buffer = account.allocate(bytes + random.nextInt(1000));
                mark(buffer, buffer.segment().address());
                live.add(buffer);
            } else {
                Buffer buffer = live.remove(random.nextInt(live.size()));
                assertThat(firstMark(buffer)).isEqualTo(buffer.segment().address());
                assertThat(lastMark(buffer)).isEqualTo(buffer.segment().address());
                buffer.close();
            }
        }

        live.forEach(Buffer::close);
        assertThat(pool.usedBytes()).isZero();
        pool.close();
    }

    @Test
    void sizes_are_read_and_written_as_people_write_them() {
        assertThat(ByteSize.parse("512MB")).isEqualTo(512L << 20);
        assertThat(ByteSize.parse("1.5 GiB")).isEqualTo(3L << 29);
        assertThat(ByteSize.parse("100")).isEqualTo(100);
        assertThat(ByteSize.text(1536)).isEqualTo("1.5 KB");
        assertThat(ByteSize.text(8L << 30)).isEqualTo("8.0 GB");
        assertThatThrownBy(() -> ByteSize.parse("lots")).hasMessageContaining("'lots'");
    }

    private static void mark(Buffer buffer, long value) {
        buffer.segment().set(Layouts.LONG, 0, value);
        buffer.segment().set(Layouts.LONG, buffer.capacityBytes() - 8, value);
    }

    private static long firstMark(Buffer buffer) {
        return buffer.segment().get(Layouts.LONG, 0);
    }

    private static long lastMark(Buffer buffer) {
        return buffer.segment().get(Layouts.LONG, buffer.capacityBytes() - 8);
    }
}
