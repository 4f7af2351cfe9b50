package dev.quiver.simulation;

import dev.quiver.protocol.ClientMessage;
import dev.quiver.protocol.ClientNotice;
import dev.quiver.scheduler.state.SchedulerEvent;
import java.util.ArrayDeque;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// A client's connection to whichever scheduler is there: keeps what wasn't accepted and says it
/// again.
final class ClientLine {
    static final long CLIENT = 1;

    private record Said(long sequence, ClientMessage message) {}

    private final Simulation world;
    private final ArrayDeque<Said> unaccepted = new ArrayDeque<>();
    private final TreeSet<Integer> stages = new TreeSet<>();
    private @Nullable SimulatedScheduler scheduler;
    private boolean answered;
    private long sequence;

    ClientLine(Simulation world) {
        this.world = world;
    }

    /// Goes over to a scheduler of a later epoch.
    void attach(SimulatedScheduler next) {
        SimulatedScheduler before = scheduler;
        if (before != null && before.epoch >= next.epoch) {
            return;
        }
        scheduler = next;
        answered = false;
        next.clientSaid(new SchedulerEvent.ClientAttached(CLIENT, List.copyOf(stages)));
        if (world.random.nextBoolean()) {
            answered = true; // it needn't wait for what was accepted
            sayAgain(next);
        }
    }

    void say(ClientMessage message) {
        var said = new Said(++sequence, message);
        unaccepted.add(said);
        world.said();
        SimulatedScheduler there = scheduler;
        if (answered && there != null) {
            there.clientSaid(new SchedulerEvent.ClientSaid(CLIENT, said.sequence, message));
        }
    }

    /// Answers whether the notice is for the user.
    boolean hears(int epoch, ClientNotice notice) {
        SimulatedScheduler there = scheduler;
        if (there == null || there.epoch != epoch) {
            return false;
        }
        if (notice instanceof ClientNotice.StageForgotten(int stage)) {
            stages.remove(stage);
        }
        if (!(notice instanceof ClientNotice.Accepted(long last))) {
            return true;
        }
        while (!unaccepted.isEmpty() && unaccepted.element().sequence <= last) {
            noteStages(unaccepted.remove().message);
        }
        if (!answered) {
            answered = true;
            world.timeline.after(1, () -> sayAgain(there));
        }
        return false;
    }

    private void noteStages(ClientMessage message) {
        switch (message) {
            case ClientMessage.GraphSubmitted m ->
                    m.graph().stages().forEach(s -> stages.add(s.id()));
            case ClientMessage.StagesAppended m ->
                    m.graph().stages().forEach(s -> stages.add(s.id()));
            case ClientMessage.TasksAppended _,
                    ClientMessage.JobDescribed _,
                    ClientMessage.StageSealed _,
                    ClientMessage.StageSatisfied _,
                    ClientMessage.TasksCancelled _,
                    ClientMessage.JobCancelled _,
                    ClientMessage.TasksReleased _,
                    ClientMessage.JobPublished _,
                    ClientMessage.NameWithdrawn _,
                    ClientMessage.ShareWanted _,
                    ClientMessage.SpeculationWanted _,
                    ClientMessage.Asked _,
                    ClientMessage.AnswersTaken _,
                    ClientMessage.RequestWithdrawn _,
                    ClientMessage.RequestAbandoned _,
                    ClientMessage.JobReleased _ -> {}
        }
    }

    private void sayAgain(SimulatedScheduler there) {
        for (Said said : List.copyOf(unaccepted)) {
            there.clientSaid(new SchedulerEvent.ClientSaid(CLIENT, said.sequence, said.message));
        }
    }

    boolean isQuiet() {
        return answered && unaccepted.isEmpty() && scheduler == world.scheduler();
    }
}
