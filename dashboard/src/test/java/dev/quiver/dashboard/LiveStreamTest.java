package dev.quiver.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quiver.graph.Stage;
import dev.quiver.graph.TaskGraph;
import dev.quiver.graph.TaskKey;
import dev.quiver.operator.Closures;
import dev.quiver.protocol.ClientMessage;
import dev.quiver.protocol.TaskDelays;
import dev.quiver.protocol.WorkerMessage;
import dev.quiver.scheduler.server.Watched;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Tasks as pages are told of them.
final class LiveStreamTest {
    /// What follows the length.
    private static ByteBuffer frame(DataInputStream in) throws IOException {
        int length = Integer.reverseBytes(in.readInt());
        return ByteBuffer.wrap(in.readNBytes(length)).order(ByteOrder.LITTLE_ENDIAN);
    }

    @Test
    void what_a_task_waited_for_is_told_behind_it_and_of_others_takes_no_room() throws Exception {
        var played = new PlayedCluster();
        try (var board =
                        new Board(
                                1,
                                new Watched(
                                        "one",
                                        played.scheduler(),
                                        List::of,
                                        Watched.StageFigures.NONE,
                                        new Watched.Nobody()));
                var in = new PipedInputStream(1 << 16);
                var out = new PipedOutputStream(in)) {
            played.join();
            Stage stage =
                    Stage.builder(1, "s", new Closures(_ -> _ -> 1)).partitions(2).wanted().build();
            played.say(new ClientMessage.GraphSubmitted(1, new TaskGraph(List.of(stage)), false));
            played.work(
                    new WorkerMessage.Finished(
                            1, 0, 1, 10, 100, 5_000_000, new TaskDelays(1_234_567, 0, 250)),
                    new WorkerMessage.Finished(1, 1, 1, 30, 300, 7_000_000));
            var stream = new LiveStream(board);
            Thread serving =
                    Thread.ofVirtual()
                            .start(() -> {
                                try {
                                    stream.serve(out);
                                } catch (IOException | InterruptedException e) {
                                    Thread.currentThread().interrupt();
                                }
                            });

            var told = new DataInputStream(in);
            ByteBuffer snapshot = frame(told);
            while (snapshot.getInt(0) != LiveStream.SNAPSHOT) snapshot = frame(told);
            var task =
                    new String(TaskJson.of(board.task(new TaskKey(1, 0))), StandardCharsets.UTF_8);
            serving.interrupt();

            assertThat(snapshot.limit()).isEqualTo(20 + 2 * 16 + 6);
            assertThat(snapshot.get(20 + 3)).isZero();
            assertThat(snapshot.get(36 + 3)).isEqualTo((byte) 2);
            assertThat(micros(snapshot.getShort(52))).isBetween(1_233_300L, 1_234_567L);
            assertThat(micros(snapshot.getShort(54))).isZero();
            assertThat(micros(snapshot.getShort(56))).isEqualTo(250);
            assertThat(task)
                    .contains("\"fetchMicros\":1234567,\"memoryMicros\":0,\"spillMicros\":250");
        }
    }

    /// As a page reads it.
    private static long micros(short told) {
        int both = told & 0xffff;
        return (long) (both & 0x7ff) << (both >> 11);
    }

    @Test
    void times_from_nothing_to_an_hour_fit_into_two_bytes() {
        for (long micros = 1; micros < 3_600_000_000L; micros = micros * 3 / 2 + 1) {
            long told = micros(LiveStream.shortened(micros));

            assertThat(told).isBetween(micros - micros / 1000, micros);
        }
        assertThat(LiveStream.shortened(0)).isZero();
    }
}
