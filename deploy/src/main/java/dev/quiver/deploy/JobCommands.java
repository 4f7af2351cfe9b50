package dev.quiver.deploy;

import dev.quiver.cluster.control.DriverAnswer;
import dev.quiver.cluster.control.DriverQuestion;
import dev.quiver.cluster.control.DriverStatus;
import java.time.Instant;
import java.time.ZoneId;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/// Commands about the programs that were submitted to a cluster.
final class JobCommands {
    private JobCommands() {}

    /// What they have in common.
    abstract static class About implements Callable<Integer> {
        @ParentCommand
        @SuppressWarnings("NullAway.Init") // picocli sets it
        private QuiverCommand quiver;

        @Mixin private SchedulerOption scheduler = new SchedulerOption();

        @Override
        public final Integer call() throws InterruptedException {
            quiver.loadSettings();
            try (SchedulerOption.Jobs jobs = scheduler.jobs()) {
                return call(jobs);
            }
        }

        abstract int call(SchedulerOption.Jobs jobs) throws InterruptedException;
    }

    /// What those about one program have in common.
    abstract static class AboutOne extends About {
        @Parameters(paramLabel = "JOB", description = "Its name, as 'quiver submit' printed it.")
        @SuppressWarnings("NullAway.Init") // picocli sets it
        String job;
    }

    @Command(name = "list", description = "Show the programs that were submitted to a cluster.")
    static final class All extends About {
        @Override
        int call(SchedulerOption.Jobs jobs) {
            var all = jobs.ask(new DriverQuestion.All(), DriverAnswer.All.class).drivers();
            if (all.isEmpty()) System.out.println("no job was submitted; see 'quiver help submit'");
            else
                JobText.list(all, Instant.now(), ZoneId.systemDefault())
                        .forEach(System.out::println);
            return 0;
        }
    }

    @Command(name = "logs", description = "Show what a submitted program has printed.")
    static final class Logs extends AboutOne {
        @Option(
                names = {"-f", "--follow"},
                description = "Go on until it has ended.")
        private boolean follow;

        @Override
        int call(SchedulerOption.Jobs jobs) throws InterruptedException {
            var output = new JobOutput(jobs, job, System.out, System.err);
            DriverStatus status = follow ? output.follow() : output.copy();
            if (follow) System.err.println(JobText.end(status));
            return 0;
        }
    }

    @Command(
            name = "result",
            description =
                    "Wait until a submitted program has ended, show what it printed on standard"
                            + " output, and exit as it did.")
    static final class Result extends AboutOne {
        @Override
        int call(SchedulerOption.Jobs jobs) throws InterruptedException {
            DriverStatus ended = new JobOutput(jobs, job, System.out, null).follow();
            if (ended.state() != DriverStatus.State.DONE) System.err.println(JobText.end(ended));
            return JobOutput.exitStatus(ended);
        }
    }

    @Command(name = "cancel", description = "Stop a submitted program.")
    static final class Cancel extends AboutOne {
        @Override
        int call(SchedulerOption.Jobs jobs) {
            var _ = jobs.ask(new DriverQuestion.Cancel(job), DriverAnswer.Done.class);
            var output =
                    jobs.ask(
                            new DriverQuestion.Output(job, Long.MAX_VALUE),
                            DriverAnswer.Output.class);
            System.out.println(JobText.end(output.status()));
            return 0;
        }
    }
}
