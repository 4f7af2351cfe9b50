package dev.quiver.cluster.node;

import dev.quiver.cluster.control.Language;
import dev.quiver.cluster.control.Notices;
import dev.quiver.cluster.control.Notices.Notice;
import dev.quiver.cluster.control.StageCounts;
import dev.quiver.cluster.control.TaskPrints;
import dev.quiver.cluster.control.WorkerAddress;
import dev.quiver.operator.Bytes;
import dev.quiver.protocol.ClientNotice;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/// One connection to a client: what it is told waits here to be sent.
final class ClientLine {
    private static final int BATCH_MAX = 4096;

    /// So many lines that tasks printed wait at most; what comes then is only counted.
    private static final int LINES_MAX = 10_000;

    private sealed interface Told {
        record Of(Notice notice) implements Told {}

        record Counted(StageCounts counts) implements Told {}

        record Printed(TaskPrints printed) implements Told {}

        /// A worker has joined.
        record Joined() implements Told {}

        /// A bundle that some worker needs.
        record Wanted(Bytes bundle) implements Told {}

        /// Nothing more comes.
        record End() implements Told {}
    }

    private final IntFunction<List<WorkerAddress>> addresses;
    private final LinkedBlockingQueue<Told> waiting = new LinkedBlockingQueue<>();
    private final AtomicInteger linesWaiting = new AtomicInteger();

    /// @param addresses of workers from the n-th that came on
    ClientLine(IntFunction<List<WorkerAddress>> addresses) {
        this.addresses = addresses;
    }

    void tell(Notice notice) {
        waiting.add(new Told.Of(notice));
    }

    /// What tasks of one of the client's stages did.
    void tell(StageCounts counts) {
        waiting.add(new Told.Counted(counts));
    }

    /// What tasks of the client's printed.
    void tell(TaskPrints printed) {
        int count = printed.lines().size();
        if (linesWaiting.get() + count <= LINES_MAX) {
            linesWaiting.addAndGet(count);
            waiting.add(new Told.Printed(printed));
            return;
        }
        waiting.add(
                new Told.Printed(
                        new TaskPrints(printed.worker(), List.of(), printed.missing() + count)));
    }

    /// A worker has joined, which the client may have to give something.
    void tellOfWorkers() {
        waiting.add(new Told.Joined());
    }

    void want(Bytes bundle) {
        waiting.add(new Told.Wanted(bundle));
    }

    /// Ends [#talk].
    void end() {
        waiting.clear();
        waiting.add(new Told.End());
    }

    /// Hands over what it is told, batch by batch, until the line ends.
    void talk(Consumer<byte[]> out) throws InterruptedException {
        int told = 0;
        tellOfWorkers();
        var batch = new ArrayList<Told>();
        while (true) {
            batch.add(waiting.take());
            waiting.drainTo(batch, BATCH_MAX);
            var counts = new ArrayList<StageCounts>();
            var notices = new ArrayList<Notice>();
            var printed = new ArrayList<TaskPrints>();
            var wanted = new ArrayList<Bytes>();
            @Nullable Notice accepted = null;
            for (Told each : batch) {
                switch (each) {
                    case Told.Of(var notice) -> {
                        if (notice.notice() instanceof ClientNotice.Accepted) accepted = notice;
                        else notices.add(notice);
                    }
                    case Told.Counted(var more) -> counts.add(more);
                    case Told.Printed(var more) -> {
                        linesWaiting.addAndGet(-more.lines().size());
                        printed.add(more);
                    }
                    case Told.Joined _ -> {}
                    case Told.Wanted(var bundle) -> wanted.add(bundle);
                    case Told.End _ -> {
                        return;
                    }
                }
            }
            if (accepted != null) notices.addFirst(accepted); // only the last of several counts
            List<WorkerAddress> fresh = addresses.apply(told);
            told += fresh.size();
            out.accept(
                    Language.NOTICES.encode(new Notices(fresh, counts, printed, notices, wanted)));
            batch.clear();
        }
    }
}
