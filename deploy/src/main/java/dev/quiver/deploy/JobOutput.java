package dev.quiver.deploy;

import dev.quiver.cluster.control.DriverAnswer;
import dev.quiver.cluster.control.DriverQuestion;
import dev.quiver.cluster.control.DriverStatus;
import dev.quiver.cluster.control.PrintedLine;
import java.io.PrintStream;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What a job of a cluster prints, as it comes.
///
/// @param err where its standard error goes; null for nowhere
record JobOutput(
        SchedulerOption.Jobs jobs, String job, PrintStream out, @Nullable PrintStream err) {
    private static final Duration PAUSE = Duration.ofMillis(200);

    /// Copies what is there.
    ///
    /// @return how the job was when no more was there
    DriverStatus copy() {
        long next = 0;
        while (true) {
            DriverAnswer.Output part = part(next);
            if (part.lines().isEmpty()) return part.status();
            next = part.next();
        }
    }

    /// Copies what comes until the job has ended.
    DriverStatus follow() throws InterruptedException {
        long next = 0;
        while (true) {
            DriverAnswer.Output part = part(next);
            next = part.next();
            if (!part.lines().isEmpty()) continue;
            if (part.status().state().isEnd()) return part.status();
            Thread.sleep(PAUSE);
        }
    }

    private DriverAnswer.Output part(long next) {
        DriverAnswer.Output part =
                jobs.ask(new DriverQuestion.Output(job, next), DriverAnswer.Output.class);
        for (PrintedLine line : part.lines()) {
            if (!line.error()) out.println(line.text());
            else if (err != null) err.println(line.text());
        }
        out.flush();
        return part;
    }

    /// What a command exits with that waited for a job.
    static int exitStatus(DriverStatus ended) {
        return switch (ended.state()) {
            case DONE -> 0;
            case FAILED -> ended.exitStatus() > 0 ? ended.exitStatus() : 1;
            case CANCELLED, WAITING, RUNNING -> 1;
        };
    }
}
