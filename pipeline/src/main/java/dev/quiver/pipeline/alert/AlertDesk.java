package dev.quiver.pipeline.alert;

import dev.quiver.pipeline.RunEnd;
import dev.quiver.pipeline.RunObserver;
import dev.quiver.pipeline.history.HistoryKeeper;
import dev.quiver.pipeline.history.RunRecord;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Watches runs and sends alerts, each once until it is over. Never blocks or fails a run: messages
/// wait in queues, and one that can't be delivered is logged and kept in the history.
///
/// ```java
/// try (AlertDesk desk = AlertDesk.of(AlertChannel.webhook(address))) {
///     pipeline.observer(desk.watch(Alert.onFailure(), Alert.quarantineOver(0.05))).run(q);
/// }
/// ```
///
/// Closing it waits until what is in the queues is sent, at most 30 seconds.
public final class AlertDesk implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AlertDesk.class);
    private static final Duration CLOSING_MAX = Duration.ofSeconds(30);

    private final List<Delivery> deliveries = new ArrayList<>();
    private final AlertBook book;
    private final InstantSource clock;
    private final Set<String> open;

    private AlertDesk(
            List<AlertChannel> channels,
            AlertBook book,
            InstantSource clock,
            Delivery.Pause pause) {
        this.book = book;
        this.clock = clock;
        this.open = new TreeSet<>(book.open());
        for (AlertChannel channel : channels)
            deliveries.add(new Delivery(channel, pause, this::delivered));
    }

    /// A desk that remembers as long as it is open which alerts are on.
    public static AlertDesk of(AlertChannel... channels) {
        return new AlertDesk(
                List.of(channels), new Forgetful(), InstantSource.system(), Thread::sleep);
    }

    /// A desk that remembers in a book which alerts are on.
    public static AlertDesk of(List<AlertChannel> channels, AlertBook book, InstantSource clock) {
        return new AlertDesk(channels, book, clock, Thread::sleep);
    }

    static AlertDesk of(List<AlertChannel> channels, AlertBook book, Delivery.Pause pause) {
        return new AlertDesk(channels, book, InstantSource.system(), pause);
    }

    private record Forgetful() implements AlertBook {
        @Override
        public Set<String> open() {
            return Set.of();
        }

        @Override
        public void keep(Set<String> open) {}
    }

    /// What hears of a pipeline's runs and judges them by some alerts.
    public RunObserver watch(Alert... alerts) {
        List<Alert> all = List.of(alerts);
        return new RunObserver() {
            @Override
            public void ended(RunEnd run) {
                judge(run, all);
            }
        };
    }

    /// Judges a run that ended.
    public void judge(RunEnd run, List<Alert> alerts) {
        for (Alert alert : alerts) {
            Optional<Boolean> verdict;
            try {
                verdict = alert.judge(run);
            } catch (RuntimeException e) {
                LOG.warn("alert '{}' of run '{}' threw", alert.name(), run.start().run(), e);
                continue;
            }
            if (verdict.isEmpty()) continue;
            if (alert.isOfEachRun()) tell(message(run, alert));
            else if (verdict.get()) raise(message(run, alert));
            else settle(run, alert);
        }
    }

    private AlertMessage message(RunEnd run, Alert alert) {
        Optional<RunEnd.Failure> failure = run.failure();
        return new AlertMessage(
                clock.instant(),
                run.start().pipeline(),
                alert.name(),
                false,
                run.start().run(),
                run.start().ledger(),
                alert.about(run),
                alert.where(run),
                failure.map(RunEnd.Failure::fix).orElse(""));
    }

    /// Looks whether a pipeline is late.
    public void look(Lateness lateness, List<Alert> alerts) {
        for (Alert alert : alerts) {
            if (!alert.isLate(lateness)) continue;
            String since = lateness.due().map(due -> ", due at " + due).orElse("");
            raise(
                    new AlertMessage(
                            lateness.now(),
                            lateness.pipeline(),
                            alert.name(),
                            false,
                            "",
                            lateness.ledger(),
                            "pipeline '%s' has not ended%s".formatted(lateness.pipeline(), since),
                            List.of(
                                    "last done: "
                                            + lateness.done()
                                                    .map(Object::toString)
                                                    .orElse("never")),
                            "see 'quiver runs %s'".formatted(lateness.pipeline())));
        }
    }

    private static String key(String pipeline, String alert) {
        return pipeline + "/" + alert;
    }

    private synchronized void raise(AlertMessage message) {
        if (!open.add(key(message.pipeline(), message.alert()))) return;
        keep();
        tell(message);
    }

    private void tell(AlertMessage message) {
        for (Delivery delivery : deliveries) delivery.accept(message);
    }

    private synchronized void settle(RunEnd run, Alert alert) {
        if (!open.remove(key(run.start().pipeline(), alert.name()))) return;
        keep();
        var over =
                new AlertMessage(
                        clock.instant(),
                        run.start().pipeline(),
                        alert.name(),
                        true,
                        run.start().run(),
                        run.start().ledger(),
                        "run '%s' loaded %d rows".formatted(run.start().run(), run.rowsLoaded()),
                        List.of(),
                        "");
        tell(over);
    }

    private void keep() {
        try {
            book.keep(new TreeSet<>(open));
        } catch (RuntimeException e) {
            LOG.warn("can't write down which alerts are on", e);
        }
    }

    private void delivered(AlertMessage message, AlertChannel channel, Optional<String> failure) {
        if (failure.isPresent())
            LOG.warn(
                    "alert '{}' was not sent by {}: {}",
                    message.title(),
                    channel.name(),
                    failure.get());
        String rule = message.recovered() ? "no longer " + message.alert() : message.alert();
        var notice = new RunRecord.Notice(message.at(), rule, channel.name(), failure);
        try {
            HistoryKeeper.alerted(message.ledger(), message.run(), notice);
        } catch (RuntimeException e) {
            LOG.warn("alert '{}' isn't in the history", message.title(), e);
        }
    }

    /// Which alerts are on.
    public synchronized Set<String> open() {
        return Set.copyOf(open);
    }

    @Override
    public void close() {
        for (Delivery delivery : deliveries) delivery.end();
        long until = System.nanoTime() + CLOSING_MAX.toNanos();
        for (Delivery delivery : deliveries) delivery.await(until - System.nanoTime());
    }
}
