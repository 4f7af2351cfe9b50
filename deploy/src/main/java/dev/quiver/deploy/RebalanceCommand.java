package dev.quiver.deploy;

import dev.quiver.cluster.control.Answer;
import dev.quiver.cluster.control.Question;
import dev.quiver.cluster.node.SchedulerDoors;
import dev.quiver.columnar.memory.ByteSize;
import dev.quiver.scheduler.state.RebalancingStatus;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

/// `quiver rebalance`: spreads what is kept evenly over the workers, and waits until that is done.
@Command(
        name = "rebalance",
        description =
                "Spread what workers keep evenly over all of them: frames, published rows and"
                        + " results.")
final class RebalanceCommand implements Callable<Integer> {
    private static final Duration PAUSE = Duration.ofMillis(200);

    /// A scheduler that goes over to another one is waited for.
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private QuiverCommand quiver;

    @Mixin private SchedulerOption scheduler = new SchedulerOption();

    @Override
    public Integer call() throws InterruptedException {
        quiver.loadSettings();
        try (SchedulerDoors doors = scheduler.doors()) {
            RebalancingStatus all = ask(doors, new Question.Rebalance(), Duration.ZERO);
            System.out.printf("%d outputs of %s move%n", all.outputs(), text(all));
            RebalancingStatus left = all;
            while (left.outputs() > 0) {
                Thread.sleep(PAUSE);
                RebalancingStatus now = ask(doors, new Question.Rebalancing(), PATIENCE);
                if (now.outputs() > 0 && !now.equals(left))
                    System.err.printf("%d outputs of %s left%n", now.outputs(), text(now));
                left = now;
            }
            return 0;
        }
    }

    private static RebalancingStatus ask(
            SchedulerDoors doors, Question question, Duration patience) {
        return doors.ask(question, Answer.Rebalancing.class, patience).left();
    }

    private static String text(RebalancingStatus status) {
        return ByteSize.text(status.bytes());
    }
}
