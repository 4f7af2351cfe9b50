package dev.quiver.deploy;

import dev.quiver.cluster.journal.Replay;
import dev.quiver.graph.Stage;
import dev.quiver.graph.TaskGraph;
import dev.quiver.graph.TaskKey;
import dev.quiver.protocol.ClientMessage;
import dev.quiver.protocol.LogRecord;
import dev.quiver.protocol.WorkerMessage;
import dev.quiver.scheduler.state.SchedulerCommand;
import dev.quiver.scheduler.state.SchedulerEvent;
import dev.quiver.scheduler.state.StageStatus;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/// Makes a scheduler's decisions again, from its journal.
@Command(
        name = "replay",
        description =
                "Make a scheduler's decisions again from its journal (quiver scheduler --journal),"
                        + " and see whether they are the same.")
final class ReplayCommand implements Callable<Integer> {
    private static final int STAGES_SHOWN_MAX = 40;

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private QuiverCommand quiver;

    @Parameters(paramLabel = "JOURNAL", description = "A file that a scheduler has written.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path journal;

    @Option(
            names = "--until",
            paramLabel = "N",
            description = "Stop after so many events, to see how things were then.")
    private @Nullable Long until;

    @Option(
            names = "--story",
            paramLabel = "TASK",
            description = "Tell what had happened to a task, such as 12/3, by then.")
    private @Nullable String task;

    /// What was seen on the way.
    private static final class Tally {
        private final Map<String, Long> counts = new LinkedHashMap<>();
        private final Set<Integer> stages = new TreeSet<>();
        private Optional<Replay.Step> other = Optional.empty();

        private void see(Replay.Step step) {
            if (!step.same() && other.isEmpty()) other = Optional.of(step);
            switch (step.event()) {
                case SchedulerEvent.ClientSaid(_, _, var message) -> see(message);
                case SchedulerEvent.Logged(LogRecord.Said(_, _, var message)) -> see(message);
                case SchedulerEvent.WorkerSaid(_, var messages) -> messages.forEach(this::see);
                case SchedulerEvent.WorkerJoined _ -> count("workers joined", 1);
                case SchedulerEvent.WorkerLost _ -> count("workers gone", 1);
                case SchedulerEvent.ClientAttached _ -> count("clients came", 1);
                case SchedulerEvent.ClientLost _ -> count("clients left", 1);
                default -> {}
            }
            for (SchedulerCommand command : step.commands())
                if (command instanceof SchedulerCommand.Dismiss) count("workers given up", 1);
        }

        private void see(ClientMessage message) {
            switch (message) {
                case ClientMessage.GraphSubmitted(_, var graph, _) -> see(graph);
                case ClientMessage.StagesAppended(_, var graph) -> see(graph);
                case ClientMessage.TasksAppended(_, int tasks, _) -> count("tasks", tasks);
                default -> {}
            }
        }

        private void see(TaskGraph graph) {
            for (Stage stage : graph.stages()) {
                stages.add(stage.id());
                count("stages", 1);
                if (!stage.growing()) count("tasks", stage.partitions());
            }
        }

        private void see(WorkerMessage message) {
            switch (message) {
                case WorkerMessage.Finished _ -> count("executions", 1);
                case WorkerMessage.Failed _ -> count("failures", 1);
                case WorkerMessage.InputMissing _ -> count("inputs missing", 1);
                default -> {}
            }
        }

        private void count(String what, long more) {
            counts.merge(what, more, Long::sum);
        }
    }

    @Override
    public Integer call() {
        quiver.loadSettings();
        Optional<TaskKey> asked = Optional.ofNullable(task).map(TaskCommands::key);
        var tally = new Tally();
        try (Replay replay = Replay.open(journal)) {
            long last = until == null ? Long.MAX_VALUE : until;
            while (replay.count() < last) {
                Optional<Replay.Step> step = replay.next();
                if (step.isEmpty()) break;
                tally.see(step.get());
            }
            print(replay, tally, System.out);
            asked.ifPresent(key -> replay.state().story(key).forEach(System.out::println));
        }
        return tally.other.isEmpty() ? 0 : 1;
    }

    private static void print(Replay replay, Tally tally, PrintStream out) {
        var begun = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);
        out.printf(
                Locale.ROOT,
                "a scheduler of Quiver %s, from %s on: %,d events%n",
                replay.version(),
                begun.format(replay.begin().atZone(ZoneId.systemDefault())),
                replay.count());
        tally.counts.forEach(
                (what, count) -> out.printf(Locale.ROOT, "%-16s %,12d%n", what, count));
        List<StageStatus> there =
                tally.stages.stream().flatMap(s -> replay.state().status(s).stream()).toList();
        if (!there.isEmpty())
            out.printf(
                    "%-24s %9s %9s %9s %9s %9s%n",
                    "stage", "tasks", "waiting", "given", "done", "failed");
        there.stream().limit(STAGES_SHOWN_MAX).forEach(stage -> print(stage, out));
        if (there.size() > STAGES_SHOWN_MAX)
            out.printf("… and %d stages more%n", there.size() - STAGES_SHOWN_MAX);
        out.println(
                tally.other
                        .map(step ->
                                ("event %d (%s) had other consequences when it was written; please"
                                                + " report this with the journal")
                                        .formatted(
                                                step.number(),
                                                step.event().getClass().getSimpleName()))
                        .orElse("each event had the same consequences as when it was written"));
    }

    private static void print(StageStatus stage, PrintStream out) {
        String name = "%d %s".formatted(stage.stage(), stage.name());
        out.printf(
                "%-24s %9d %9d %9d %9d %9d%n",
                RunText.cut(name, 24),
                stage.total(),
                stage.waiting() + stage.ready(),
                stage.assigned(),
                stage.finished() + stage.dropped(),
                stage.failed());
    }
}
