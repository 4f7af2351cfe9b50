package dev.quiver.cluster.node;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.quiver.cluster.control.Attachment;
import dev.quiver.cluster.control.Language;
import dev.quiver.cluster.control.Orders;
import dev.quiver.cluster.control.WorkerWord;
import dev.quiver.operator.Bytes;
import dev.quiver.protocol.WorkerMessage;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PeerLinkTest {
    private final ArrayDeque<byte[]> toScheduler = new ArrayDeque<>();
    private final ArrayDeque<byte[]> toWorker = new ArrayDeque<>();
    private final PeerLink<WorkerWord, Orders> worker =
            new PeerLink<>(
                    1,
                    Language.WORKER_WORDS,
                    Language.ORDERS,
                    WorkerWord::merged,
                    toScheduler::add);
    private final PeerLink<Orders, WorkerWord> scheduler =
            new PeerLink<>(
                    1,
                    Language.ORDERS,
                    Language.WORKER_WORDS,
                    orders -> List.of(Orders.merged(orders)),
                    toWorker::add);

    private static WorkerWord.Reports started(int partition) {
        return new WorkerWord.Reports(
                List.of(new WorkerMessage.Started(0, partition, partition + 1, 1)),
                List.of(new Attachment(0, partition, 1, Bytes.NONE)));
    }

    /// Has both ends take in what is on its way, until nothing is.
    private List<WorkerWord> settled() {
        var heard = new ArrayList<WorkerWord>();
        while (!toScheduler.isEmpty() || !toWorker.isEmpty()) {
            while (!toScheduler.isEmpty()) heard.addAll(scheduler.receive(toScheduler.remove()));
            scheduler.answer();
            while (!toWorker.isEmpty()) worker.receive(toWorker.remove());
            worker.answer();
        }
        return heard;
    }

    private static List<Integer> partitions(List<WorkerWord> words) {
        return words.stream()
                .map(WorkerWord.Reports.class::cast)
                .flatMap(reports -> reports.messages().stream())
                .map(message -> ((WorkerMessage.Started) message).from())
                .toList();
    }

    @Test
    void what_comes_up_while_the_other_end_is_busy_goes_as_one_message_and_in_order() {
        for (int i = 0; i < 100; i++) worker.send(started(i));
        int sentAtOnce = toScheduler.size();

        List<WorkerWord> heard = settled();

        assertEquals(2, sentAtOnce);
        assertEquals(3, heard.size());
        assertEquals(IntStream.range(0, 100).boxed().toList(), partitions(heard));
    }

    @Test
    void a_message_is_sent_at_once_as_long_as_the_other_end_keeps_up() {
        for (int i = 0; i < 10; i++) {
            worker.send(started(i));
            scheduler.receive(toScheduler.remove());
            scheduler.send(Orders.merged(List.of()));
            worker.receive(toWorker.remove());
        }

        assertEquals(List.of(), List.copyOf(toScheduler));
    }

    @Test
    void what_cannot_wait_takes_along_what_waits() {
        for (int i = 0; i < 10; i++) worker.send(started(i));

        worker.sendNow(new WorkerWord.Goodbye("done"));

        var heard = new ArrayList<WorkerWord>();
        while (!toScheduler.isEmpty()) heard.addAll(scheduler.receive(toScheduler.remove()));
        assertEquals(new WorkerWord.Goodbye("done"), heard.removeLast());
        assertEquals(IntStream.range(0, 10).boxed().toList(), partitions(heard));
    }
}
