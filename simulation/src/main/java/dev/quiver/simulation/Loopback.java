package dev.quiver.simulation;

import dev.quiver.protocol.ClientMessage;
import dev.quiver.protocol.ClientNotice;
import dev.quiver.protocol.WorkerMessage;
import dev.quiver.scheduler.state.SchedulerCommand;
import dev.quiver.scheduler.state.SchedulerEvent;
import dev.quiver.scheduler.state.SchedulerSettings;
import dev.quiver.scheduler.state.SchedulerState;
import dev.quiver.worker.state.WorkerCommand;
import dev.quiver.worker.state.WorkerEvent;
import dev.quiver.worker.state.WorkerSettings;
import dev.quiver.worker.state.WorkerState;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// A scheduler and workers that are joined without a network or threads, whose tasks take no time:
/// what is left is what the state machines cost.
public final class Loopback {
    /// What tasks do.
    public interface Body {
        /// Answers how the attempt ended: [WorkerEvent.Executed] or [WorkerEvent.Threw].
        WorkerEvent run(int worker, WorkerCommand.Execute task);
    }

    private final SchedulerState scheduler;
    private final List<WorkerState> workers = new ArrayList<>();
    private final List<ArrayDeque<WorkerEvent>> inboxes = new ArrayList<>();
    private final List<List<WorkerMessage>> reports = new ArrayList<>();
    private final Consumer<ClientNotice> client;
    private final Body body;
    private long now;

    public Loopback(
            SchedulerSettings settings,
            int workerCount,
            int slots,
            Body body,
            Consumer<ClientNotice> client) {
        this.scheduler = new SchedulerState(settings);
        this.client = client;
        this.body = body;
        for (int w = 0; w < workerCount; w++) {
            workers.add(new WorkerState(WorkerSettings.local(w, slots, 1L << 40)));
            inboxes.add(new ArrayDeque<>());
            reports.add(new ArrayList<>());
            toScheduler(new SchedulerEvent.WorkerJoined(w, slots, 1L << 40));
        }
    }

    /// A body that ends at once with an empty output.
    public static WorkerEvent empty(int worker, WorkerCommand.Execute task) {
        return new WorkerEvent.Executed(task.stage(), task.partition(), task.attempt(), 0, 8, 1000);
    }

    public SchedulerState scheduler() {
        return scheduler;
    }

    public WorkerState worker(int id) {
        return workers.get(id);
    }

    /// Tells the scheduler; nothing runs before [#run].
    public void say(ClientMessage message) {
        toScheduler(new SchedulerEvent.ClientSaid(message));
    }

    /// Lets time pass.
    public void tick(long nanos) {
        now += nanos;
        toScheduler(new SchedulerEvent.Ticked(now));
        for (int w = 0; w < workers.size(); w++) {
            inboxes.get(w).add(new WorkerEvent.Ticked(now));
        }
    }

    /// Runs until nobody has anything to do.
    public void run() {
        boolean moved = true;
        while (moved) {
            moved = false;
            for (int w = 0; w < workers.size(); w++) {
                moved |= drain(w);
            }
        }
    }

    private boolean drain(int w) {
        ArrayDeque<WorkerEvent> inbox = inboxes.get(w);
        List<WorkerMessage> said = reports.get(w);
        if (inbox.isEmpty()) {
            return false;
        }
        for (WorkerEvent event = inbox.poll(); event != null; event = inbox.poll()) {
            workers.get(w).on(event, command -> perform(w, command));
        }
        if (!said.isEmpty()) {
            toScheduler(new SchedulerEvent.WorkerSaid(w, said));
            said.clear();
        }
        return true;
    }

    private void perform(int w, WorkerCommand command) {
        switch (command) {
            case WorkerCommand.Report(WorkerMessage message) -> reports.get(w).add(message);
            case WorkerCommand.Execute task -> inboxes.get(w).add(body.run(w, task));
            case WorkerCommand.Fetch f ->
                    inboxes.get(w)
                            .add(
                                    new WorkerEvent.InputArrived(
                                            f.stage(), f.partition(), f.attempt(), f.slice()));
            case WorkerCommand.OpenStage _,
                    WorkerCommand.CloseStage _,
                    WorkerCommand.Resume _,
                    WorkerCommand.Interrupt _,
                    WorkerCommand.DropInput _,
                    WorkerCommand.DropOutput _,
                    WorkerCommand.KeepInput _,
                    WorkerCommand.Leave _ -> {}
        }
    }

    private void toScheduler(SchedulerEvent event) {
        scheduler.on(event, this::perform);
    }

    private void perform(SchedulerCommand command) {
        switch (command) {
            case SchedulerCommand.Tell(int worker, var message) ->
                    inboxes.get(worker).add(new WorkerEvent.SchedulerSaid(message));
            case SchedulerCommand.Notify(_, ClientNotice notice) -> client.accept(notice);
            case SchedulerCommand.Dismiss _, SchedulerCommand.WriteDown _ -> {}
        }
    }
}
