package dev.quiver.worker.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quiver.columnar.Chunk;
import dev.quiver.columnar.Column;
import dev.quiver.columnar.ColumnBuilder;
import dev.quiver.columnar.ColumnValues;
import dev.quiver.columnar.Dictionary;
import dev.quiver.columnar.kernel.JoinTable;
import dev.quiver.columnar.kernel.SortedRun;
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
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.stream.Stream;
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
    private MemoryLadder ladder = new MemoryLadder(1, 1, 1, 1);

    @AfterEach
    void nothing_is_left() {
        store.close();
        assertThat(pool.usedBytes()).isZero();
        pool.close();
    }

    private SpillDirectory directory(long bytesMax) {
        return directory(bytesMax, SpillCompression.NONE);
    }

    private SpillDirectory directory(long bytesMax, SpillCompression compression) {
        var room =
                new SpillRoom(temporary.resolve("spill"), OptionalLong.of(bytesMax), compression);
        var directory = new SpillDirectory(room);
        store.spillTo(directory, account, ladder);
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
            SpillTraffic traffic = store.spillTraffic();
            assertThat(traffic.writtenBytes()).isEqualTo(directory.bytes());
            assertThat(traffic.readBytes())
                    .isBetween(traffic.writtenBytes() / 2, traffic.writtenBytes());
            store.drop(1, 0, 1);
            assertThat(directory.bytes()).isZero();
            assertThat(pool.usedBytes()).isZero();
        }
        assertThat(temporary.resolve("spill")).isEmptyDirectory();
    }

    @Test
    void a_packed_output_is_smaller_and_read_as_it_was_into_counted_memory() {
        try (SpillDirectory directory = directory(1 << 30, SpillCompression.ZSTD)) {
            store.put(1, 0, 1, output());
            long inMemory = store.bytes();

            assertThat(store.spillOldest()).isTrue();

            long spilled = pool.usedBytes();
            assertThat(directory.bytes()).isPositive().isLessThan(inMemory / 2);
            try (TaskOutput slice = Objects.requireNonNull(store.findSlice(1, 0, 1, 1))) {
                requireRows(slice.slice(1).getFirst(), 128);
            }
            try (TaskOutput read = Objects.requireNonNull(store.find(1, 0, 1))) {
                assertThat(pool.usedBytes()).isGreaterThan(spilled + inMemory / 2);
                requireRows(read.slice(0).getFirst(), 0);
                requireRows(read.slice(1).getFirst(), 128);
                assertThat(read.slice(1).getLast().rows()).isZero();
            }
            assertThat(pool.usedBytes()).isEqualTo(spilled);
            store.drop(1, 0, 1);
            assertThat(directory.bytes()).isZero();
        }
        assertThat(temporary.resolve("spill")).isEmptyDirectory();
    }

    @Test
    void a_packed_output_for_which_there_is_no_room_leaves_none_taken() {
        try (SpillDirectory directory = directory(1 << 30, SpillCompression.ZSTD)) {
            store.put(1, 0, 1, output());
            store.spillOldest();
            long before = pool.usedBytes();
            long room = pool.limitBytes() - before - (300 << 10);
            account.reserve(room);

            assertThatThrownBy(() -> store.find(1, 0, 1)).isInstanceOf(MemoryRefused.class);

            account.release(room);
            assertThat(pool.usedBytes()).isEqualTo(before);
            store.close();
            assertThat(directory.bytes()).isZero();
        }
    }

    @Test
    void a_wish_for_memory_puts_old_outputs_into_files() {
        try (SpillDirectory directory = directory(1 << 30)) {
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
            ladder = new MemoryLadder(share / 2, share * 0.9, 1, 1);
            store.spillTo(directory, account, ladder);

            store.put(1, 9, 1, output());

            assertThat(pool.usedBytes()).isBetween(used / 4, used / 2);
            assertThat(directory.bytes()).isPositive();
            store.close();
        }
    }

    @Test
    void a_full_directory_is_a_refusal_of_memory() {
        try (SpillDirectory directory = directory(1)) {
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
            deleteAll(temporary.resolve("spill"));

            assertThat(store.spillOldest()).isFalse();
            assertThat(directory.trouble().orElse("")).contains("NoSuchFile");
            assertThatThrownBy(() -> store.find(1, 0))
                    .isInstanceOf(QuiverException.class)
                    .hasMessageContaining("can't read back");
            store.close();
        }
    }

    private static void deleteAll(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) Files.delete(file);
        }
    }

    @Test
    void one_slice_is_read_without_the_others() {
        try (SpillDirectory _ = directory(1 << 30)) {
            store.put(1, 0, 1, output());
            store.spillOldest();

            try (TaskOutput read = Objects.requireNonNull(store.findSlice(1, 0, 1))) {
                requireRows(read.slice(1).getFirst(), 128);
                assertThat(read.rows()).isEqualTo(ROWS - 128);
            }
            store.close();
        }
    }

    @Test
    void what_was_read_stays_when_the_file_has_gone() {
        try (SpillDirectory directory = directory(1 << 30)) {
            store.put(1, 0, 1, output());
            store.spillOldest();
            TaskOutput reader = Objects.requireNonNull(store.findSlice(1, 0, 1));

            store.drop(1, 0, 1);

            assertThat(directory.bytes()).isZero();
            requireRows(reader.slice(1).getFirst(), 128);
            reader.close();
        }
    }

    @Test
    void a_frame_goes_to_files_before_outputs_do() {
        try (SpillDirectory _ = directory(1 << 30)) {
            store.put(1, 0, 1, output());
            store.hold("df", List.of(output()));
            long bytes = store.bytes();

            store.spillOldest();

            assertThat(store.heldSizes("df").getFirst().rows()).isEqualTo(ROWS - 28);
            assertThat(store.bytes()).isEqualTo(bytes / 2);
            assertThat(store.heldFrames())
                    .containsExactly(
                            new ChunkStore.Frame("df", 1, ROWS - 28, bytes / 2, bytes / 2));
            List<Chunk> chunks = Objects.requireNonNull(store.heldChunks("df", 0, 1));
            requireRows(chunks.get(1), 128);
            chunks.forEach(Chunk::close);
            store.release("df");
            assertThat(store.spilledBytes()).isZero();
            store.close();
        }
    }

    /// Keys are the ids; the rows are in order.
    private TaskOutput run() {
        try (var dictionary = new Dictionary(account)) {
            Chunk rows = chunk(dictionary, 0, ROWS);
            return TaskOutput.ofRun(SortedRun.sorted(rows, List.of(rows.column(0).retain())));
        }
    }

    private TaskOutput table() {
        try (var dictionary = new Dictionary(account)) {
            Chunk rows = chunk(dictionary, 0, ROWS);
            return TaskOutput.ofTable(JoinTable.build(rows, List.of(rows.column(0)), account));
        }
    }

    @Test
    void a_sorted_run_comes_back_with_its_keys() {
        try (SpillDirectory _ = directory(1 << 30)) {
            store.put(1, 0, 1, run());

            store.spillOldest();

            try (TaskOutput read = Objects.requireNonNull(store.find(1, 0))) {
                requireRows(read.run().chunk(), 0);
                assertThat(read.run().keys().getFirst()).isSameAs(read.run().chunk().column(0));
            }
            store.close();
        }
    }

    @Test
    void the_table_of_a_join_goes_last_and_stays_once_it_was_read() {
        try (SpillDirectory _ = directory(1 << 30)) {
            store.put(1, 0, 1, table());
            long table = store.bytes();
            store.put(1, 1, 1, output());
            store.spillOldest();
            assertThat(store.bytes()).isEqualTo(table);

            store.spillOldest();
            TaskOutput first = Objects.requireNonNull(store.find(1, 0));
            TaskOutput second = Objects.requireNonNull(store.find(1, 0));

            assertThat(second).isSameAs(first);
            requireRows(first.table().chunk(), 0);
            first.close();
            second.close();
            store.close();
        }
    }

    @Test
    void what_is_read_isnt_worth_a_file() {
        try (SpillDirectory _ = directory(1 << 30)) {
            store.put(1, 0, 1, output());
            TaskOutput reader = Objects.requireNonNull(store.find(1, 0));

            assertThat(store.spillOldest()).isFalse();

            reader.close();
            assertThat(store.spillOldest()).isTrue();
            store.close();
        }
    }

    @Test
    void what_a_killed_process_left_goes_with_the_next_one() throws Exception {
        Path parent = temporary.resolve("spill");
        Process killed = OtherSpiller.start(parent);
        try (var left = Files.list(parent)) {
            assertThat(left).hasSize(2);
        }
        killed.destroyForcibly().waitFor();

        try (SpillDirectory _ = directory(1 << 30)) {
            store.put(1, 0, 1, output());
            store.spillOldest();

            try (var left = Files.list(parent)) {
                assertThat(left).hasSize(2);
            }
            store.close();
        }
        assertThat(parent).isEmptyDirectory();
    }

    @Test
    void what_a_living_process_has_stays() throws Exception {
        Path parent = temporary.resolve("spill");
        Process living = OtherSpiller.start(parent);

        try (SpillDirectory _ = directory(1 << 30)) {
            store.put(1, 0, 1, output());
            store.spillOldest();

            try (var all = Files.list(parent)) {
                assertThat(all).hasSize(4);
            }
            store.close();
        } finally {
            living.destroyForcibly().waitFor();
        }
    }
}
