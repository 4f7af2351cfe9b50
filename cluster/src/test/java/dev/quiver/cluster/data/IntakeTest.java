package dev.quiver.cluster.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quiver.columnar.BoolColumn;
import dev.quiver.columnar.Chunk;
import dev.quiver.columnar.Column;
import dev.quiver.columnar.DictionaryColumn;
import dev.quiver.columnar.FixedColumn;
import dev.quiver.columnar.ListColumn;
import dev.quiver.columnar.StructColumn;
import dev.quiver.columnar.VariableColumn;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.columnar.memory.MemoryPool;
import dev.quiver.columnar.memory.Owner;
import dev.quiver.error.MemoryRefused;
import dev.quiver.schema.Schema;
import dev.quiver.worker.store.CopyStore;
import dev.quiver.worker.store.TaskOutput;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class IntakeTest {
    private static final long SEED =
            System.getProperty("seed", "").isEmpty() ? System.nanoTime() : Long.getLong("seed");

    private final MemoryPool pool = new MemoryPool(64 << 20);
    private final MemoryAccount account = pool.account(new Owner("test", "Intake", -1));
    private final Random random = new Random(SEED);

    @AfterEach
    void nothing_is_left() {
        assertThat(pool.usedBytes()).isZero();
        pool.close();
    }

    /// Takes outputs and lets them go.
    private static final class Sink implements Intake.Requests {
        private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;

        int arrived;

        @Override
        public int slice(long request) {
            return -1;
        }

        @Override
        public void coming(long request) {}

        @Override
        public void elsewhere(long request, int worker) {}

        @Override
        public void arrived(long request, CopyStore.Copy copy) {
            arrived++;
            try {
                if (copy instanceof TaskOutput output && !output.isTable()) touch(output);
            } catch (RuntimeException e) {
                throw new AssertionError("an output that can't be read", e);
            } finally {
                copy.close();
            }
        }

        /// Reads every value, as those do who trust their offsets and codes.
        private static void touch(TaskOutput output) {
            for (Chunk chunk : output.chunks())
                for (int i = 0; i < chunk.columns().size(); i++) touch(chunk.column(i));
        }

        private static void touch(Column column) {
            int rows = column.rows();
            for (int i = 0; i < rows; i++) column.isNull(i);
            switch (column) {
                case FixedColumn c -> c.values().asSlice(0, (long) rows * c.width()).toArray(BYTE);
                case BoolColumn c -> {
                    for (int i = 0; i < rows; i++) c.get(i);
                }
                case VariableColumn c -> {
                    for (int i = 0; i < rows; i++) c.get(i);
                }
                case DictionaryColumn c -> {
                    for (int i = 0; i < rows; i++) if (!c.isNull(i)) c.values().get(c.code(i));
                }
                case ListColumn c -> {
                    for (int i = 0; i < rows; i++)
                        assertThat(c.end(i)).isBetween(c.start(i), c.elements().rows());
                    touch(c.elements());
                }
                case StructColumn c -> c.fields().forEach(Sink::touch);
            }
        }

        @Override
        public void unavailable(long request, String why) {}
    }

    private List<byte[]> frames() throws IOException {
        var frames = new ArrayList<byte[]>();
        try (var chunks = new RandomChunks(random, account)) {
            var layout = new OutputLayout();
            for (int i = 0; i < 3; i++) {
                Schema schema = chunks.schema();
                var made = new ArrayList<Chunk>();
                for (int c = 0; c < 2; c++) made.add(chunks.chunk(schema, random.nextInt(200)));
                try (TaskOutput output = TaskOutput.ofChunks(made)) {
                    var announced =
                            layout.announce(new StreamFormat.Wanted(i, 1, i, 1, -1, -1), output);
                    var header = new StreamFormat.Header(announced.notices());
                    var frame =
                            new SentFrame(
                                    StreamFormat.HEADER.encode(header),
                                    announced.body(),
                                    List.of());
                    try (InputStream stream = frame.open()) {
                        frames.add(stream.readAllBytes());
                    }
                }
            }
        }
        return frames;
    }

    @Test
    void frames_are_taken_in_one_after_the_other() throws IOException {
        var sink = new Sink();
        try (var intake =
                new Intake(account, new SharedDictionaries(account, OwnDictionaries.NONE), sink)) {
            for (byte[] frame : frames())
                intake.accept(ReceivedFrame.of(new ByteArrayInputStream(frame)));
        }
        assertThat(sink.arrived).isEqualTo(3);
    }

    @Test
    void whatever_bytes_come_nothing_breaks_but_the_stream() throws IOException {
        System.out.println("IntakeTest -Dseed=" + SEED);
        int refused = 0;
        for (int round = 0; round < 150; round++) {
            List<byte[]> frames = frames();
            for (int i = random.nextInt(4); i >= 0; i--)
                frames.set(random.nextInt(3), damaged(frames.get(random.nextInt(3))));
            try (var intake =
                    new Intake(
                            account,
                            new SharedDictionaries(account, OwnDictionaries.NONE),
                            new Sink())) {
                for (byte[] frame : frames)
                    intake.accept(ReceivedFrame.of(new ByteArrayInputStream(frame)));
            } catch (MemoryRefused | IllegalArgumentException | IllegalStateException e) {
                refused++;
            } catch (RuntimeException e) {
                assertThat(e.getClass().getPackageName()).startsWith("dev.quiver");
                refused++;
            }
        }
        assertThat(refused).isPositive();
    }

    private byte[] damaged(byte[] frame) {
        byte[] bytes = frame.clone();
        if (bytes.length == 0) return bytes;
        switch (random.nextInt(3)) {
            case 0 -> bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            case 1 ->
                    bytes[random.nextInt(Math.min(60, bytes.length))] ^=
                            (byte) (1 << random.nextInt(8));
            default -> bytes = java.util.Arrays.copyOf(bytes, random.nextInt(bytes.length));
        }
        return bytes;
    }
}
