package dev.quiver.deploy;

import dev.quiver.cluster.control.Answer;
import dev.quiver.cluster.control.DriverAnswer;
import dev.quiver.cluster.control.DriverQuestion;
import dev.quiver.cluster.control.DriverStatus;
import dev.quiver.cluster.control.Question;
import dev.quiver.cluster.node.SchedulerDoors;
import dev.quiver.columnar.memory.ByteSize;
import dev.quiver.scheduler.state.RetirementStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/// `quiver retire`: has workers leave and waits until they have.
@Command(
        name = "retire",
        description =
                "Have workers leave a cluster: they end what they run and give what they hold to"
                        + " others first.")
final class RetireCommand implements Callable<Integer> {
    private static final Duration PAUSE = Duration.ofMillis(200);

    /// A scheduler that goes over to another one is waited for.
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private QuiverCommand quiver;

    @Mixin private SchedulerOption scheduler = new SchedulerOption();

    @Parameters(
            paramLabel = "WORKER",
            arity = "1..*",
            description = "Its number or name, as 'quiver status' shows them.")
    @SuppressWarnings("NullAway.Init")
    private List<String> workers;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            defaultValue = "5m",
            description =
                    "It leaves after that in any case; what is lost then runs again on others"
                            + " (default: ${DEFAULT-VALUE}).")
    @SuppressWarnings("NullAway.Init")
    private String timeout;

    @Option(
            names = "--force",
            description = "Also the last ones, when nobody is left for what waits.")
    private boolean force;

    @Override
    public Integer call() throws InterruptedException {
        quiver.loadSettings();
        Duration limit = TimeSpan.parse("--timeout", timeout);
        if (limit.toMillis() > Question.Retire.LIMIT_MILLIS_MAX)
            throw Complaints.usage("--timeout " + timeout, List.of(), "give at most 24h");
        try (SchedulerDoors doors = scheduler.doors()) {
            List<Integer> leaving =
                    doors.ask(
                                    new Question.Retire(workers, limit.toMillis(), force),
                                    Answer.Retiring.class,
                                    Duration.ZERO)
                            .workers();
            return await(doors, new ArrayList<>(leaving));
        }
    }

    /// Says how far they are, until all have left.
    ///
    /// @return the exit status: 1 when something was lost
    private static int await(SchedulerDoors doors, List<Integer> leaving)
            throws InterruptedException {
        int status = 0;
        String told = "";
        while (true) {
            Answer.Members members =
                    doors.ask(new Question.Members(), Answer.Members.class, PATIENCE);
            for (Integer worker : List.copyOf(leaving)) {
                if (members.workers().stream().anyMatch(m -> m.address().worker() == worker))
                    continue;
                leaving.remove(worker);
                String end = end(members, worker);
                boolean whole = end.equals(Answer.Departed.RETIRED);
                System.err.printf("worker %d: %s%n", worker, end);
                if (!whole) status = 1;
            }
            if (leaving.isEmpty()) return status;
            String progress = progress(doors, members, leaving);
            if (!progress.equals(told)) System.err.println(progress);
            told = progress;
            Thread.sleep(PAUSE);
        }
    }

    private static String end(Answer.Members members, int worker) {
        return members.departed().stream()
                .filter(departed -> departed.worker() == worker)
                .map(Answer.Departed::why)
                .findFirst()
                .orElse("lost: its process ended before it was done");
    }

    private static String progress(
            SchedulerDoors doors, Answer.Members members, List<Integer> leaving) {
        int tasks = 0;
        long outputs = 0;
        long bytes = 0;
        for (RetirementStatus each : members.retirements()) {
            if (!leaving.contains(each.worker())) continue;
            tasks += each.tasks();
            outputs += each.outputs();
            bytes += each.bytes();
        }
        long programs = programs(doors, leaving);
        return "%d workers to leave: %d tasks, %d outputs of %s%s left"
                .formatted(
                        leaving.size(),
                        tasks,
                        outputs,
                        ByteSize.text(bytes),
                        programs == 0 ? "" : ", %d programs".formatted(programs));
    }

    private static long programs(SchedulerDoors doors, List<Integer> leaving) {
        DriverAnswer answer =
                doors.ask(
                                new Question.Drivers(new DriverQuestion.All()),
                                Answer.Drivers.class,
                                PATIENCE)
                        .answer();
        if (!(answer instanceof DriverAnswer.All(var all))) return 0;
        return all.stream()
                .filter(driver -> driver.state() == DriverStatus.State.RUNNING)
                .filter(driver -> leaving.contains(driver.worker()))
                .count();
    }
}
