package dev.quiver.deploy;

import dev.quiver.cluster.control.Answer;
import dev.quiver.cluster.control.Question;
import dev.quiver.cluster.control.SchedulerAddress;
import dev.quiver.columnar.memory.ByteSize;
import dev.quiver.graph.TaskKey;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/// Commands about a task of a cluster.
final class TaskCommands {
    private static final Pattern KEY = Pattern.compile("(\\d{1,9})/(\\d{1,9})");
    private static final String NOW = "now: ";

    private TaskCommands() {}

    /// The task that a person names.
    static TaskKey key(String task) {
        Matcher matcher = KEY.matcher(task);
        if (!matcher.matches())
            throw Complaints.usage(
                    "'%s' is no task".formatted(task),
                    List.of(),
                    "give its stage and partition, such as 12/3");
        return new TaskKey(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
    }

    /// What they have in common.
    abstract static class About implements Callable<Integer> {
        @ParentCommand
        @SuppressWarnings("NullAway.Init") // picocli sets it
        private QuiverCommand quiver;

        @Mixin private SchedulerOption scheduler = new SchedulerOption();

        @Parameters(
                paramLabel = "TASK",
                description = "Its stage and partition, such as 12/3, as stories and errors say.")
        @SuppressWarnings("NullAway.Init") // picocli sets it
        private String task;

        @Override
        public final Integer call() {
            quiver.loadSettings();
            TaskKey key = key(task);
            List<SchedulerAddress> cluster = scheduler.addresses();
            lines(cluster, key).forEach(System.out::println);
            return 0;
        }

        abstract List<String> lines(List<SchedulerAddress> cluster, TaskKey key);

        static List<String> story(List<SchedulerAddress> cluster, TaskKey key) {
            return SchedulerOption.ask(cluster, new Question.Story(key), Answer.Story.class)
                    .lines();
        }
    }

    @Command(name = "story", description = "Show what happened to a task of a cluster.")
    static final class Story extends About {
        @Override
        List<String> lines(List<SchedulerAddress> cluster, TaskKey key) {
            return story(cluster, key);
        }
    }

    @Command(name = "why", description = "Say why a task of a cluster is as it is, in a sentence.")
    static final class Why extends About {
        @Override
        List<String> lines(List<SchedulerAddress> cluster, TaskKey key) {
            String last = story(cluster, key).getLast();
            return List.of(last.startsWith(NOW) ? last.substring(NOW.length()) : last);
        }
    }

    @Command(name = "who-has", description = "Show which worker holds the output of a task.")
    static final class WhoHas extends About {
        @Override
        List<String> lines(List<SchedulerAddress> cluster, TaskKey key) {
            return SchedulerOption.ask(cluster, new Question.Output(key), Answer.Output.class)
                    .output()
                    .map(output ->
                            List.of(
                                    "worker %d holds it%s: %,d rows, %s, made by attempt %d"
                                            .formatted(
                                                    output.worker(),
                                                    output.replica()
                                                            .map(
                                                                    ", and so does worker %d"
                                                                            ::formatted)
                                                            .orElse(""),
                                                    output.rows(),
                                                    ByteSize.text(output.bytes()),
                                                    output.attempt())))
                    .orElseGet(() -> List.of("no worker holds it; see 'quiver why " + key + "'"));
        }
    }
}
