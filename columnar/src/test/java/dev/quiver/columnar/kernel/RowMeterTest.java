package dev.quiver.columnar.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quiver.columnar.Chunk;
import dev.quiver.columnar.ColumnBuilder;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.columnar.memory.MemoryPool;
import dev.quiver.columnar.memory.Owner;
import dev.quiver.operator.ChunkLimits;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Field;
import dev.quiver.schema.Schema;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class RowMeterTest {
    private static final Schema SCHEMA =
            Schema.of(
                    Field.of("id", DataType.INT32),
                    Field.of("flag", DataType.BOOL),
                    Field.of("name", DataType.UTF8),
                    Field.of("tags", new DataType.ListOf(Field.of("tag", DataType.UTF8))));

    private final Random random = new Random(Long.getLong("seed", 5));

    private List<@Nullable Object> row(int id) {
        List<String> tags = new ArrayList<>();
        for (int i = random.nextInt(3); i > 0; i--) tags.add("t".repeat(random.nextInt(9)));
        return Arrays.asList(
                id,
                random.nextInt(9) == 0 ? null : random.nextBoolean(),
                random.nextInt(7) == 0 ? null : "n".repeat(random.nextInt(60)),
                random.nextInt(7) == 0 ? null : tags);
    }

    private List<Chunk> chunks(MemoryAccount account) {
        var chunks = new ArrayList<Chunk>();
        for (int id = 0; id < 3_000; ) {
            var rows = new ArrayList<List<? extends @Nullable Object>>();
            for (int count = 1 + random.nextInt(500); count > 0; count--) rows.add(row(id++));
            chunks.add(ColumnBuilder.chunk(SCHEMA, account, rows));
        }
        return chunks;
    }

    @Test
    void a_piece_has_as_many_rows_as_fit_into_counted_memory() {
        for (long most : new long[] {1 << 10, 8 << 10, 20 << 10, 100_000}) {
            try (var pool = new MemoryPool(64 << 20);
                    MemoryAccount account = pool.account(new Owner("t", "t", 0))) {
                List<Chunk> chunks = chunks(account);
                long before = pool.usedBytes();
                var limits = new ChunkLimits(Long.MAX_VALUE, Long.MAX_VALUE, most);
                var meter = new RowMeter(limits);
                var piece = new ArrayList<Chunk>();
                for (Chunk chunk : chunks) {
                    int from = 0;
                    while (from < chunk.rows()) {
                        int count = meter.take(chunk, from);
                        if (count == 0) {
                            long larger = copyBytes(pool, account, piece, chunk, from);
                            long taken = copyBytes(pool, account, piece, chunk, -1);
                            assertThat(larger).isGreaterThan(most);
                            if (rows(piece) > 1) assertThat(taken).isLessThanOrEqualTo(most);
                            piece.forEach(Chunk::close);
                            piece.clear();
                            meter.next();
                            continue;
                        }
                        piece.add(Concat.range(chunk, from, count, account));
                        from += count;
                    }
                }
                piece.forEach(Chunk::close);
                assertThat(pool.usedBytes()).isEqualTo(before);
                chunks.forEach(Chunk::close);
            }
        }
    }

    private static int rows(List<Chunk> piece) {
        return piece.stream().mapToInt(Chunk::rows).sum();
    }

    /// Bytes that a piece takes on its own, with row `row` of `next` unless that is negative.
    private static long copyBytes(
            MemoryPool pool, MemoryAccount account, List<Chunk> piece, Chunk next, int row) {
        var parts = new ArrayList<Chunk>();
        for (Chunk part : piece) parts.add(part.retain());
        if (row >= 0) parts.add(Concat.range(next, row, 1, account));
        Chunk copy = Concat.copy(SCHEMA, parts, account);
        long with = pool.usedBytes();
        copy.close();
        return with - pool.usedBytes();
    }
}
