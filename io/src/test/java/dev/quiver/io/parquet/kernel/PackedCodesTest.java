package dev.quiver.io.parquet.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quiver.columnar.memory.Layouts;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Codes are packed and found again; dictionaries give each value one code.
class PackedCodesTest {
    private static final int CASES = 2000;
    private static final int WIDTH_MAX = 31;
    private static final int SLACK_BYTES = 16;

    private final Arena arena = Arena.ofShared();
    private final long seed = Long.getLong("seed", new Random().nextInt(1_000_000));
    private final Random random = new Random(seed);

    @AfterEach
    void close() {
        arena.close();
    }

    /// Runs of all lengths, at all places, between values without any.
    private int[] codes(int count, int width) {
        var codes = new int[count];
        int mask = (1 << width) - 1;
        int at = 0;
        while (at < count) {
            int run = random.nextBoolean() ? 1 + random.nextInt(40) : 1;
            int code = random.nextInt() & mask;
            for (int i = 0; i < run && at < count; i++) codes[at++] = code;
        }
        return codes;
    }

    @Test
    void packed_codes_are_unpacked_as_they_were() {
        for (int i = 0; i < CASES; i++) {
            int width = random.nextInt(WIDTH_MAX + 1);
            int count = random.nextInt(300);
            int[] codes = codes(count, width);
            MemorySegment values = arena.allocate(count * 4L + SLACK_BYTES);
            for (int at = 0; at < count; at++) values.set(Layouts.INT, at * 4L, codes[at]);
            long room = HybridEncoder.bytesMax(count, width);
            MemorySegment packed = arena.allocate(3 + room + SLACK_BYTES).fill((byte) -1);

            long end = HybridEncoder.write(values, count, width, packed.asSlice(0, 3 + room), 3);

            var back = new int[count];
            new HybridDecoder(packed, 3, end, width).read(back, count);
            assertThat(back).as("seed %d, case %d, width %d", seed, i, width).isEqualTo(codes);
        }
    }

    @Test
    void a_run_takes_a_few_bytes() {
        int count = 1_000_000;
        MemorySegment values = arena.allocate(count * 4L);
        for (int i = 0; i < count; i++) values.set(Layouts.INT, i * 4L, i < 5 ? i : 3);
        MemorySegment packed = arena.allocate(HybridEncoder.bytesMax(count, 3));

        long bytes = HybridEncoder.write(values, count, 3, packed, 0);

        assertThat(bytes).isLessThan(12);
    }

    @Test
    @Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void a_far_value_may_come_behind_any_number_of_close_ones() {
        for (int close = 1; close <= 1100; close++) {
            int count = close + 600;
            MemorySegment data = arena.allocate(count * 8L);
            for (int i = 0; i < count; i++)
                data.set(Layouts.LONG, i * 8L, i < close ? i : 1L << 40 | (long) i << 8);
            MemorySegment out = arena.allocate(count * 4L);

            int done = new NumberDictionary().encode(data, 0, 8, count, out, 0);

            assertThat(done).isEqualTo(count);
            for (int i = 0; i < count; i++)
                if (out.get(Layouts.INT, i * 4L) != i)
                    throw new AssertionError("%d close ones, value %d".formatted(close, i));
        }
    }

    /// Values that lie close together, far apart, at the ends of their type, or drift.
    private long value(int kind, int index) {
        return switch (kind) {
            case 0 -> random.nextInt(50) - 25;
            case 1 -> random.nextLong();
            case 2 -> random.nextBoolean() ? Long.MAX_VALUE - random.nextInt(9) : Long.MIN_VALUE;
            case 3 -> Long.MIN_VALUE + random.nextInt(1000);
            case 4 -> (index % 2 == 0 ? 1 : -1) * (index / 7L);
            case 5 -> random.nextInt(100) == 0 ? random.nextInt() : random.nextInt(2000);
            default -> 1_000_000_000_000L - index * 3L;
        };
    }

    @Test
    void each_value_has_the_code_of_its_first_arrival() {
        for (int i = 0; i < 200; i++) {
            int width = random.nextBoolean() ? 4 : 8;
            int kind = random.nextInt(7);
            int count = random.nextInt(50_000);
            MemorySegment data = arena.allocate(count * 8L + SLACK_BYTES);
            MemorySegment out = arena.allocate(count * 4L + SLACK_BYTES);
            var expected = new ArrayList<Integer>();
            Map<Long, Integer> known = new LinkedHashMap<>();
            for (int at = 0; at < count; at++) {
                long value = value(kind, at);
                if (width == 4) data.set(Layouts.INT, at * 4L, (int) value);
                else data.set(Layouts.LONG, at * 8L, value);
                long stored = width == 4 ? (int) value : value;
                if (expected.size() < at) continue;
                if (known.size() == NumberDictionary.SIZE_MAX && !known.containsKey(stored))
                    continue;
                known.putIfAbsent(stored, known.size());
                expected.add(known.get(stored));
            }
            var dictionary = new NumberDictionary();

            int done = 0;
            while (done < count) {
                int part = Math.min(count - done, 1 + random.nextInt(20_000));
                int more =
                        dictionary.encode(data, (long) done * width, width, part, out, done * 4L);
                done += more;
                if (more < part) break;
            }

            var codes = new int[done];
            MemorySegment.copy(out, Layouts.INT, 0, codes, 0, done);
            assertThat(codes)
                    .as("seed %d, case %d, kind %d", seed, i, kind)
                    .isEqualTo(expected.stream().mapToInt(code -> code).toArray());
            MemorySegment values = MemorySegment.ofArray(dictionary.bytes(width));
            var back = new ArrayList<Long>();
            for (int at = 0; at < dictionary.size(); at++)
                back.add(
                        width == 4
                                ? (long) values.get(Layouts.INT, at * 4L)
                                : values.get(Layouts.LONG, at * 8L));
            assertThat(back).isEqualTo(List.copyOf(known.keySet()));
        }
    }
}
