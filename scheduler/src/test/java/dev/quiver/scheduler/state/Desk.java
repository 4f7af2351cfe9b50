package dev.quiver.scheduler.state;

import dev.quiver.graph.Dependency;
import dev.quiver.graph.Edges;
import dev.quiver.graph.Stage;
import dev.quiver.graph.TaskGraph;
import dev.quiver.graph.TaskKey;
import dev.quiver.operator.Closures;
import dev.quiver.operator.Program;
import dev.quiver.protocol.ClientMessage;
import dev.quiver.protocol.ClientNotice;
import dev.quiver.protocol.Failure;
import dev.quiver.protocol.SchedulerMessage;
import dev.quiver.protocol.SchedulerMessage.TasksAssigned;
import dev.quiver.protocol.WorkerMessage;
import java.util.ArrayList;
import java.util.List;

/// A scheduler on a test's desk: takes events, keeps the commands.
final class Desk {
    static final Program PROGRAM = new Closures(p -> inputs -> List.of());
    static final long MEMORY = 1000;

    final SchedulerState state;
    final List<SchedulerCommand> commands = new ArrayList<>();
    private long now;

    Desk(SchedulerSettings settings) {
        this(settings, 0);
    }

    Desk(SchedulerSettings settings, int epoch) {
        state = new SchedulerState(settings, epoch);
    }

    static Desk local() {
        return new Desk(SchedulerSettings.LOCAL);
    }

    static Stage.Builder stage(int id) {
        return Stage.builder(id, "s" + id, PROGRAM);
    }

    static Stage wanted(int id, int partitions, Dependency... inputs) {
        var builder = stage(id).partitions(partitions).wanted();
        for (Dependency input : inputs) {
            builder.input(input);
        }
        return builder.build();
    }

    /// Takes in the event and answers the commands that came of it.
    List<SchedulerCommand> on(SchedulerEvent event) {
        int before = commands.size();
        state.on(event, commands::add);
        state.checkInvariants();
        return List.copyOf(commands.subList(before, commands.size()));
    }

    List<SchedulerCommand> say(ClientMessage message) {
        return on(new SchedulerEvent.ClientSaid(message));
    }

    List<SchedulerCommand> submit(Stage... stages) {
        return say(new ClientMessage.GraphSubmitted(1, TaskGraph.of(stages), false));
    }

    void join(int worker, int slots) {
        on(new SchedulerEvent.WorkerJoined(worker, slots, MEMORY));
    }

    List<SchedulerCommand> report(int worker, WorkerMessage... messages) {
        return on(new SchedulerEvent.WorkerSaid(worker, List.of(messages)));
    }

    List<SchedulerCommand> finish(int worker, int stage, int partition, int attempt) {
        return report(
                worker, new WorkerMessage.Finished(stage, partition, attempt, 10, 100, 1_000_000));
    }

    List<SchedulerCommand> fail(int worker, int stage, int p, int attempt, Failure.Kind kind) {
        return report(
                worker, new WorkerMessage.Failed(stage, p, attempt, new Failure(kind, "boom")));
    }

    List<SchedulerCommand> tick(long nanos) {
        now += nanos;
        return on(new SchedulerEvent.Ticked(now));
    }

    List<SchedulerCommand> append(int stage, int count, Edges edges) {
        return say(new ClientMessage.TasksAppended(stage, count, edges));
    }

    String why(int stage, int partition) {
        return state.why(new TaskKey(stage, partition));
    }

    /// `worker: stage/from-to#attempt` for each assignment among the commands.
    static List<String> assigned(List<SchedulerCommand> commands) {
        var found = new ArrayList<String>();
        for (SchedulerCommand command : commands) {
            if (command instanceof SchedulerCommand.Tell(int worker, TasksAssigned m)) {
                found.add(
                        "%d: %d/%d-%d#%d"
                                .formatted(worker, m.stage(), m.from(), m.to(), m.attempt()));
            }
        }
        return found;
    }

    static List<SchedulerMessage> told(List<SchedulerCommand> commands, int worker) {
        var found = new ArrayList<SchedulerMessage>();
        for (SchedulerCommand command : commands) {
            if (command instanceof SchedulerCommand.Tell(int to, var m) && to == worker) {
                found.add(m);
            }
        }
        return found;
    }

    static List<ClientNotice> notices(List<SchedulerCommand> commands) {
        var found = new ArrayList<ClientNotice>();
        for (SchedulerCommand command : commands) {
            if (command instanceof SchedulerCommand.Notify(_, ClientNotice notice)) {
                found.add(notice);
            }
        }
        return found;
    }
}
