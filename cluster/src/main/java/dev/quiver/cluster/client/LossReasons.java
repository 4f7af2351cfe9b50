package dev.quiver.cluster.client;

import dev.quiver.cluster.control.Answer;
import dev.quiver.cluster.control.Question;
import dev.quiver.error.QuiverException;
import dev.quiver.protocol.ClientNotice;
import dev.quiver.protocol.Failure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Finds out why the workers ended that were lost with a task. Each one's successor says that, so
/// it takes until that has come.
final class LossReasons {
    private static final Logger LOG = LoggerFactory.getLogger(LossReasons.class);
    private static final Duration PATIENCE = Duration.ofSeconds(6);
    private static final Duration PAUSE = Duration.ofMillis(200);

    private static final Executor THREADS =
            Executors.newThreadPerTaskExecutor(
                    Thread.ofVirtual().name("quiver-client-reasons").factory());

    private final Consumer<ClientNotice> explained;

    /// What tasks were told that failed for the same reason.
    private final Map<List<Integer>, CompletableFuture<String>> asked = new ConcurrentHashMap<>();

    /// @param explained takes notices with the reasons, from any thread
    LossReasons(Consumer<ClientNotice> explained) {
        this.explained = explained;
    }

    /// Whether there is something to be found out about it.
    static boolean concerns(Failure failure) {
        return !failure.lostWorkers().isEmpty();
    }

    /// Passes the notice on once the reasons are known, or won't be.
    void explain(ClientNotice.Failing notice, SchedulerLine line) {
        List<Integer> workers = notice.failure().lostWorkers();
        var _ =
                asked.computeIfAbsent(
                                workers,
                                _ ->
                                        CompletableFuture.supplyAsync(
                                                () -> reasons(workers, line), THREADS))
                        .thenAccept(reasons -> explained.accept(with(reasons, notice)));
    }

    private static ClientNotice with(String reasons, ClientNotice.Failing notice) {
        Failure failure = notice.failure();
        return notice.because(new Failure(failure.kind(), failure.message() + reasons));
    }

    private static String reasons(List<Integer> workers, SchedulerLine line) {
        List<String> whys = List.of();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        try {
            while (true) {
                whys = line.ask(new Question.Ends(workers), Answer.Ends.class).whys();
                if (!whys.contains("") || System.nanoTime() - deadline >= 0) break;
                Thread.sleep(PAUSE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (QuiverException e) {
            LOG.debug("why workers ended isn't known", e);
        }
        return inWords(workers, whys);
    }

    private static String inWords(List<Integer> workers, List<String> whys) {
        var known = new HashSet<>(whys);
        if (known.equals(new HashSet<>(List.of(""))) || whys.isEmpty()) return "";
        if (known.size() == 1) return ". Why each of them ended: " + whys.getFirst();
        var each = new ArrayList<String>();
        for (int i = 0; i < whys.size(); i++) {
            String why = whys.get(i).isEmpty() ? "not known" : whys.get(i);
            each.add("worker %d: %s".formatted(workers.get(i), why));
        }
        return ". Why they ended: " + String.join("; ", each);
    }
}
