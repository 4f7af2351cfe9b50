package dev.quiver.dashboard;

import dev.quiver.protocol.ClientMessage;
import dev.quiver.protocol.Inbox;
import dev.quiver.protocol.SchedulerMessage;
import dev.quiver.protocol.WorkerMessage;
import dev.quiver.scheduler.server.SchedulerShell;
import dev.quiver.scheduler.server.WorkerLink;
import dev.quiver.scheduler.state.SchedulerSettings;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/// A scheduler whose client and worker a test plays.
record PlayedCluster(Queue<ClientMessage> saying, SchedulerShell scheduler) {
    PlayedCluster() {
        this(new ConcurrentLinkedQueue<>());
    }

    private PlayedCluster(Queue<ClientMessage> saying) {
        this(
                saying,
                new SchedulerShell(
                        SchedulerSettings.LOCAL,
                        new SayingClient(saying),
                        System::nanoTime,
                        _ -> {},
                        Inbox.Relief.NONE));
    }

    void say(ClientMessage message) {
        saying.add(message);
        scheduler.nudge();
    }

    void work(WorkerMessage... messages) {
        if (scheduler.report(0, List.of(messages))) scheduler.deliver();
        scheduler.ask(_ -> true);
    }

    /// Worker 0 is there.
    void join() {
        scheduler.join(
                0,
                2,
                1 << 20,
                new WorkerLink() {
                    @Override
                    public boolean tell(SchedulerMessage message) {
                        return false;
                    }

                    @Override
                    public void deliver() {}

                    @Override
                    public void dismiss() {}
                });
    }
}
