package dev.quiver.worker.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quiver.columnar.Chunk;
import dev.quiver.columnar.Column;
import dev.quiver.columnar.ColumnBuilder;
import dev.quiver.columnar.ColumnValues;
import dev.quiver.columnar.Dictionary;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.columnar.memory.MemoryPool;
import dev.quiver.columnar.memory.Owner;
import dev.quiver.error.MemoryRefused;
import dev.quiver.error.QuiverException;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Field;
import dev.quiver.schema.Schema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SpillTest {
    private static final int ROWS = 40_000;
    private static final DataType NAMES = new DataType.Categorical();
    private static final DataType.ListOf TAGS =
            new DataType.ListOf(Field.of("element", DataType.UTF8));
    private static final Schema SCHEMA =
            Schema.of(
                    Field.of("id", DataType.INT64),
                    Field.of("name", NAMES),
                    Field.of("text", DataType.UTF8),
                    Field.of("ok", DataType.BOOL),
                    Field.of("tags", TAGS));

    @TempDir Path temporary;

    private final MemoryPool pool = new MemoryPool(64 << 20);
    private final MemoryAccount account = pool.account(new Owner("test", "Spill", -1));
    private final ChunkStore store = new ChunkStore();

    @AfterEach
    void nothing_is_left() {
        store.close();
        assertThat(pool.usedBytes()).isZero();
        pool.close();
    }

    private SpillDirectory directory(long bytesMax) {
        var directory = new SpillDirectory(temporary.resolve("spill"), bytesMax);
        store.spillTo(directory, account);
        return directory;
    }

    private static @Nullable Object value(int column, int row) {
        if (row % 7 == 0) return null;
        return switch (column) {
            case 0 -> (long) row;
            case 1 -> "name " + row % 10;
            case 2 -> "text " + row;
            case 3 -> row % 2 == 0;
            default -> List.of("a" + row, "b");
        };
    }

    private Chunk chunk(Dictionary dictionary, int from, int rows) {
        var columns = new ArrayList<Column>();
        for (int c = 0; c < SCHEMA.size(); c++) {
            var values = new ArrayList<@Nullable Object>();
            for (int i = from; i < from + rows; i++) values.add(value(c, i));
            DataType type = SCHEMA.field(c).type();
            columns.add(
                    type.equals(NAMES)
                            ? ColumnBuilder.encodedColumn(type, account, dictionary, values)
                            : ColumnBuilder.column(type, account, values));
        }
        return new Chunk(SCHEMA, columns, rows);
    }

    /// Two slices; the second one has two chunks, one cut out of a larger one.
    private TaskOutput output() {
        try (var dictionary = new Dictionary(account);
                Chunk whole = chunk(dictionary, 0, ROWS)) {
            List<Chunk> first = List.of(chunk(dictionary, 0, 100));
            List<Chunk> second = List.of(whole.slice(128, ROWS - 128), chunk(dictionary, 0, 0));
            return TaskOutput.ofSlices(List.of(first, second));
        }
    }

    private static void requireRows(Chunk chunk, int from) {
        for (int i = 0; i < chunk.rows(); i += 11)
            for (int c = 0; c < SCHEMA.size(); c++)
                assertThat(ColumnValues.get(chunk.column(c), i)).isEqualTo(value(c, from + i));
    }

    @Test
    void an_output_in_a_file_is_read_as_it_was() {
        try (SpillDirectory directory = directory(1 << 30)) {
            store.put(1, 0, 1, output());
            long before = pool.usedBytes();

            assertThat(store.spillOldest()).isTrue();

            assertThat(pool.usedBytes()).isLessThan(before / 4);
            assertThat(store.bytes()).isZero();
            try (TaskOutput read = Objects.requireNonNull(store.find(1, 0, 1))) {
                assertThat(read.sliceCount()).isEqualTo(2);
                requireRows(read.slice(0).getFirst(), 0);
                requireRows(read.slice(1).getFirst(), 128);
                assertThat(read.slice(1).getLast().rows()).isZero();
            }
            store.drop(1, 0, 1);
            assertThat(directory.bytes()).isZero();
            assertThat(pool.usedBytes()).isZero();
        }
        assertThat(temporary.resolve("spill")).doesNotExist();
    }

    @Test
    void who_reads_it_keeps_it_while_it_goes_to_a_file() {
        try (SpillDirectory directory = directory(1 << 30)) {
            store.put(1, 0, 1, output());
            TaskOutput reader = Objects.requireNonNull(store.find(1, 0));

            store.spillOldest();

            requireRows(reader.slice(1).getFirst(), 128);
            reader.close();
            assertThat(directory.bytes()).isPositive();
            store.close();
        }
    }

    @Test
    void a_wish_for_memory_puts_old_outputs_into_files() {
        try (SpillDirectory directory = directory(1 << 30)) {
            pool.addRelief(store::spillOldest);
            for (int p = 0; p < 30; p++) store.put(1, p, 1, output());

            assertThat(directory.bytes()).isPositive();
            assertThat(directory.trouble()).isEmpty();
            for (int p = 0; p < 30; p++) {
                try (TaskOutput read = Objects.requireNonNull(store.find(1, p))) {
                    requireRows(read.slice(1).getFirst(), 128);
                }
            }
            store.close();
        }
    }

    @Test
    void a_ladder_spills_down_to_its_target() {
        try (SpillDirectory directory = directory(1 << 30)) {
            for (int p = 0; p < 9; p++) store.put(1, p, 1, output());
            long used = pool.usedBytes();
            double share = (double) used / pool.limitBytes();

            store.keepWithin(new MemoryLadder(share / 2, share * 0.9, 1, 1), pool);

            assertThat(pool.usedBytes()).isBetween(used / 4, used / 2);
            assertThat(directory.bytes()).isPositive();
            store.close();
        }
    }

    @Test
    void a_full_directory_is_a_refusal_of_memory() {
        try (SpillDirectory directory = directory(1)) {
            pool.addRelief(store::spillOldest);
            store.put(1, 0, 1, output());

            assertThatThrownBy(() -> account.allocate(64 << 20)).isInstanceOf(MemoryRefused.class);
            assertThat(directory.trouble().orElse("")).contains("has its");
            assertThat(store.outputCount()).isEqualTo(1);
            store.close();
        }
    }

    @Test
    void a_directory_that_is_gone_is_said() throws IOException {
        try (SpillDirectory directory = directory(1 << 30)) {
            store.put(1, 0, 1, output());
            store.put(1, 1, 1, output());
            store.spillOldest();
            try (var files = Files.list(temporary.resolve("spill"))) {
                for (Path file : files.toList()) Files.delete(file);
            }
            Files.delete(temporary.resolve("spill"));

            assertThat(store.spillOldest()).isFalse();
            assertThat(directory.trouble().orElse("")).contains("NoSuchFile");
            assertThatThrownBy(() -> store.find(1, 0))
                    .isInstanceOf(QuiverException.class)
                    .hasMessageContaining("can't read back");
            store.close();
        }
    }
}
