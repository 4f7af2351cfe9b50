package dev.quiver.deploy;

import dev.quiver.cluster.control.DriverAnswer;
import dev.quiver.cluster.control.DriverPlan;
import dev.quiver.cluster.control.DriverQuestion;
import dev.quiver.cluster.control.DriverStatus;
import dev.quiver.operator.Bytes;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/// `quiver submit`.
@Command(
        name = "submit",
        description =
                "Have a cluster run a program: on one of its workers, whether or not this machine"
                        + " stays. In the program, Quiver.connect() finds the cluster.")
final class SubmitCommand implements Callable<Integer> {
    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private QuiverCommand quiver;

    @Mixin private SchedulerOption scheduler = new SchedulerOption();

    @Option(
            names = "--restarts",
            paramLabel = "N",
            defaultValue = "0",
            description =
                    "How often it is started again when it fails or its worker is lost (default:"
                            + " ${DEFAULT-VALUE}).")
    private int restarts;

    @Option(
            names = "--wait",
            description = "Show what it prints until it has ended, and exit as it does.")
    private boolean wait;

    @Parameters(
            index = "0",
            paramLabel = "FILE.java|JAR",
            description = "The program; Quiver is on its class path.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path file;

    @Parameters(index = "1..*", paramLabel = "ARG", description = "What its main gets.")
    private @Nullable List<String> arguments;

    @Override
    public Integer call() throws InterruptedException {
        quiver.loadSettings();
        if (restarts < 0)
            throw Complaints.usage("--restarts " + restarts, List.of(), "give at least 0");
        Bytes program = Bytes.of(Program.of(file).jar());
        var plan =
                new DriverPlan(
                        String.valueOf(file.getFileName()),
                        Path.of("").toAbsolutePath().toString(),
                        arguments == null ? List.of() : arguments,
                        restarts);
        try (SchedulerOption.Jobs jobs = scheduler.jobs()) {
            String job =
                    jobs.ask(new DriverQuestion.Submit(plan, program), DriverAnswer.Submitted.class)
                            .driver();
            if (!wait) {
                System.out.printf("%s was submitted to quiver://%s%n", job, jobs.place());
                System.out.printf("see it: quiver logs -f %s%n", job);
                return 0;
            }
            System.err.printf("%s was submitted to quiver://%s%n", job, jobs.place());
            DriverStatus ended = new JobOutput(jobs, job, System.out, System.err).follow();
            System.err.println(JobText.end(ended));
            return JobOutput.exitStatus(ended);
        }
    }
}
