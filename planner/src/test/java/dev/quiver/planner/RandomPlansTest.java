package dev.quiver.planner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quiver.dataframe.DataFrame;
import dev.quiver.dataframe.Frames;
import dev.quiver.dataframe.plan.LogicalPlan;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Random plans mean after the rules what they meant before, and all can be lowered.
class RandomPlansTest {
    private static final int PLANS = 4_000;

    private final long first =
            Optional.ofNullable(System.getProperty("seed"))
                    .filter(seed -> !seed.isEmpty())
                    .map(Long::parseLong)
                    .orElseGet(() -> new Random().nextLong(1L << 40));

    @Test
    void rules_change_no_result() {
        System.out.println("RandomPlansTest -Dseed=" + first);
        for (long seed = first; seed < first + PLANS; seed++) {
            var frames = new RandomFrames(seed);
            Optional<DataFrame> frame = frame(frames, seed);
            if (frame.isEmpty()) continue;
            check(frames, Frames.plan(frame.get()), seed);
        }
    }

    /// Empty when the random verbs clash in names, which is told at the call.
    private static Optional<DataFrame> frame(RandomFrames frames, long seed) {
        try {
            return Optional.of(frames.frame(1 + (int) (seed % 6)));
        } catch (QuiverException e) {
            assertThat(e.code()).isEqualTo(ErrorCode.COLUMN_DUPLICATE);
            return Optional.empty();
        }
    }

    private static void check(RandomFrames frames, LogicalPlan plan, long seed) {
        var engine = new ListEngine(frames.tables, frames.schemas);
        var optimized = Optimizer.optimize(plan, new Estimates(Fixtures.CATALOG));
        String about =
                "-Dseed=%d\n%s\n=>\n%s"
                        .formatted(seed, Fixtures.tree(plan), Fixtures.tree(optimized.plan()));

        assertThat(optimized.plan().schema().names()).as(about).isEqualTo(plan.schema().names());
        assertThat(engine.run(optimized.plan())).as(about).isEqualTo(engine.run(plan));
        var again = Optimizer.optimize(optimized.plan(), new Estimates(Fixtures.CATALOG));
        assertThat(again.fired()).as(about).isEmpty();
        StagePlan staged = new Planner(Fixtures.CATALOG).plan(plan, StageNumbers.from(100));
        assertThat(staged.schema().names()).as(about).isEqualTo(plan.schema().names());
    }
}
