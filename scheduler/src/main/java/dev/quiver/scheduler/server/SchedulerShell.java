package dev.quiver.scheduler.server;

import dev.quiver.protocol.ClientNotice;
import dev.quiver.protocol.Inbox;
import dev.quiver.protocol.LogRecord;
import dev.quiver.protocol.SchedulerMessage;
import dev.quiver.protocol.WorkerMessage;
import dev.quiver.scheduler.state.SchedulerCommand;
import dev.quiver.scheduler.state.SchedulerEvent;
import dev.quiver.scheduler.state.SchedulerSettings;
import dev.quiver.scheduler.state.SchedulerState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs a [SchedulerState] inside a process. The threads of clients and workers bring events and
/// run the state themselves, one at a time: see [Inbox].
public final class SchedulerShell {
    private static final Logger LOG = LoggerFactory.getLogger(SchedulerShell.class);

    /// One thing that waits to be taken in.
    private sealed interface Entry {
        record Event(SchedulerEvent event) implements Entry {}

        record Reports(int worker, List<WorkerMessage> messages) implements Entry {}

        record Joined(SchedulerEvent.WorkerJoined event, WorkerLink link) implements Entry {}

        record Question(Consumer<SchedulerState> asker) implements Entry {}

        /// The client has something to say, or time has passed.
        enum Nudge implements Entry {
            NUDGE
        }
    }

    private final SchedulerState state;
    private final SchedulerClients clients;
    private final JobLog log;
    private final Departures departures;
    private final LongSupplier clock;
    private final LongConsumer alarm;
    private final Inbox<Entry> inbox;
    private final Map<Integer, WorkerLink> links = new HashMap<>();
    private final List<WorkerLink> undelivered = new ArrayList<>();
    private final Consumer<SchedulerCommand> commands = this::obey;
    private final Consumer<SchedulerEvent> ears = this::on;
    private long tickedNanos = Long.MIN_VALUE;

    /// Copied when one comes or goes.
    private List<Journal> journals = List.of();

    private boolean broken;

    /// A scheduler with one client, for which nobody ever goes on.
    ///
    /// @param clock nanoseconds that never go back
    /// @param alarm is told the time at which [#nudge] is to be called at the latest
    public SchedulerShell(
            SchedulerSettings settings,
            SchedulerClient client,
            LongSupplier clock,
            LongConsumer alarm,
            Inbox.Relief relief) {
        this(
                new SchedulerState(settings),
                SchedulerClients.only(client),
                JobLog.NONE,
                clock,
                alarm,
                relief);
    }

    /// @param state nothing has happened to it yet; taken over
    /// @param clock nanoseconds that never go back
    /// @param alarm is told the time at which [#nudge] is to be called at the latest
    public SchedulerShell(
            SchedulerState state,
            SchedulerClients clients,
            JobLog log,
            LongSupplier clock,
            LongConsumer alarm,
            Inbox.Relief relief) {
        this.state = state;
        this.clients = clients;
        this.log = log;
        this.departures = new Departures(log, new ToOthers());
        this.clock = clock;
        this.alarm = alarm;
        this.inbox = new Inbox<>(this::take, relief);
    }

    /// Tells a journal of all that happens from now on. One from which the state is to be made
    /// again comes before anything else.
    public void tell(Journal observer) {
        ask(_ -> {
            var more = new ArrayList<>(journals);
            more.add(observer);
            journals = List.copyOf(more);
            return true;
        });
    }

    /// Tells a journal nothing any more.
    public void forget(Journal observer) {
        ask(_ -> {
            journals = journals.stream().filter(each -> each != observer).toList();
            return true;
        });
    }

    /// Goes on for a scheduler that has ended. Comes before anything else.
    ///
    /// @param records what it wrote down
    /// @param workers those that may still be there; empty when that isn't known
    public void takeOver(List<LogRecord> records, List<Integer> workers) {
        ask(_ -> {
            for (LogRecord entry : records) on(new SchedulerEvent.Logged(entry));
            on(new SchedulerEvent.TookOver(workers));
            return true;
        });
    }

    /// Adds a worker, or begins another session with one that is there.
    public void join(int worker, int slots, long memoryBytes, WorkerLink link) {
        inbox.put(
                new Entry.Joined(
                        new SchedulerEvent.WorkerJoined(worker, slots, memoryBytes), link));
    }

    /// A worker has gone; does nothing when it has already.
    public void lost(int worker) {
        inbox.put(new Entry.Event(new SchedulerEvent.WorkerLost(worker)));
    }

    /// A worker is alive.
    public void heard(int worker) {
        inbox.put(new Entry.Event(new SchedulerEvent.WorkerHeard(worker)));
    }

    /// Workers that hold much are to give some of it to those that hold little.
    public void rebalance() {
        inbox.put(new Entry.Event(new SchedulerEvent.RebalanceAsked()));
    }

    /// Lets the client speak and the time be seen.
    public void nudge() {
        inbox.put(Entry.Nudge.NUDGE);
    }

    /// Leaves reports of a worker.
    ///
    /// @return true when the caller must call [#deliver] soon
    public boolean report(int worker, List<WorkerMessage> messages) {
        return inbox.push(new Entry.Reports(worker, messages));
    }

    /// Takes in what was left by [#report].
    public void deliver() {
        inbox.read();
    }

    /// Puts a question to the state, between two events. Waits for the answer, so it must not be
    /// called by [SchedulerClient]'s methods.
    public <T> T ask(Function<SchedulerState, T> question) {
        var answer = new CompletableFuture<T>();
        inbox.put(
                new Entry.Question(s -> {
                    try {
                        answer.complete(question.apply(s));
                    } catch (RuntimeException e) {
                        answer.completeExceptionally(e);
                    }
                }));
        return answer.join();
    }

    private void take(List<Entry> batch) {
        try {
            if (broken) answerOnly(batch);
            else takeAll(batch);
        } catch (RuntimeException | Error e) {
            broken = true;
            clients.broken(e);
            answerOnly(batch);
        }
        deliverAll();
    }

    private void takeAll(List<Entry> batch) {
        tick();
        departures.leave();
        clients.speak(ears);
        for (int i = 0; i < batch.size(); i++) {
            switch (batch.get(i)) {
                case Entry.Event(var event) -> on(event);
                case Entry.Joined(var event, var link) -> {
                    links.put(event.worker(), link);
                    on(event);
                }
                case Entry.Question(var asker) -> asker.accept(state);
                case Entry.Reports first -> i = takeReports(batch, i, first);
                case Entry.Nudge _ -> {}
            }
        }
        clients.speak(ears);
        departures.leave();
        alarm.accept(state.wakeNanos());
    }

    /// Makes one event of the reports that follow each other from one worker.
    ///
    /// @return the index of the last of them
    private int takeReports(List<Entry> batch, int from, Entry.Reports first) {
        int last = from;
        List<WorkerMessage> messages = first.messages();
        while (last + 1 < batch.size()
                && batch.get(last + 1) instanceof Entry.Reports(int worker, var more)
                && worker == first.worker()) {
            if (last == from) messages = new ArrayList<>(messages);
            messages.addAll(more);
            last++;
        }
        on(new SchedulerEvent.WorkerSaid(first.worker(), messages));
        return last;
    }

    /// Nobody may wait for ever for an answer of a broken scheduler.
    private void answerOnly(List<Entry> batch) {
        for (Entry entry : batch) {
            if (entry instanceof Entry.Question(var asker)) asker.accept(state);
        }
    }

    private void tick() {
        long now = clock.getAsLong();
        if (now <= tickedNanos) return;
        tickedNanos = now;
        on(new SchedulerEvent.Ticked(now));
    }

    private void on(SchedulerEvent event) {
        List<Journal> observers = journals;
        if (observers.isEmpty()) {
            state.on(event, commands);
            return;
        }
        var followed = new ArrayList<SchedulerCommand>();
        state.on(
                event,
                command -> {
                    followed.add(command);
                    obey(command);
                });
        for (Journal observer : observers) tell(observer, event, followed);
    }

    /// Who looks can't stop the scheduler: one that fails is told nothing any more.
    private void tell(Journal observer, SchedulerEvent event, List<SchedulerCommand> followed) {
        try {
            observer.note(event, followed);
        } catch (RuntimeException e) {
            LOG.error("a journal of the scheduler failed, and is told nothing any more", e);
            journals = journals.stream().filter(each -> each != observer).toList();
        }
    }

    private void obey(SchedulerCommand command) {
        switch (command) {
            case SchedulerCommand.Tell(int worker, var message) -> {
                WorkerLink link = links.get(worker);
                if (link == null) throw new IllegalStateException("no link to worker " + worker);
                departures.tell(worker, link, message);
            }
            case SchedulerCommand.Notify(long client, var notice) ->
                    departures.hear(client, notice);
            case SchedulerCommand.WriteDown(var entry, boolean ahead) ->
                    departures.wrote(log.write(entry), ahead);
            case SchedulerCommand.Dismiss(int worker) -> {
                WorkerLink link = links.remove(worker);
                if (link != null) link.dismiss();
            }
        }
    }

    private final class ToOthers implements Departures.Way {
        @Override
        public void tell(int worker, WorkerLink link, SchedulerMessage message) {
            if (links.get(worker) != link) return; // of a session that has ended
            if (link.tell(message)) undelivered.add(link);
        }

        @Override
        public void hear(long client, ClientNotice notice) {
            clients.hear(client, notice);
        }
    }

    private void deliverAll() {
        if (undelivered.isEmpty()) return;
        var ready = List.copyOf(undelivered);
        undelivered.clear();
        ready.forEach(WorkerLink::deliver);
    }
}
