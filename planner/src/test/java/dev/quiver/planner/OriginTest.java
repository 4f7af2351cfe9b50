package dev.quiver.planner;

import static dev.quiver.dataframe.Functions.col;
import static dev.quiver.dataframe.Functions.count;
import static dev.quiver.dataframe.Functions.desc;
import static dev.quiver.dataframe.Functions.lit;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quiver.dataframe.DataFrame;
import dev.quiver.dataframe.Frames;
import dev.quiver.dataframe.How;
import dev.quiver.dataframe.plan.Origin;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Which line of a program each step of a query came from.
class OriginTest {
    private final Fixtures.Session session = new Fixtures.Session();
    private final Planner planner = new Planner(Fixtures.CATALOG);

    /// The number of the line that calls.
    private static int line() {
        return StackWalker.getInstance()
                .walk(frames -> frames.skip(1).findFirst().orElseThrow().getLineNumber());
    }

    private static String at(int line) {
        return "OriginTest.java:" + line;
    }

    /// What each step of each stage does first, and where it was asked for.
    private List<String> steps(DataFrame frame) {
        return planner.plan(Frames.plan(frame), StageNumbers.fromZero()).notes().stream()
                .flatMap(note -> note.steps().stream())
                .map(step -> step.label().split(" ")[0] + " " + step.origin().text())
                .toList();
    }

    @Test
    void each_step_knows_the_line_that_asked_for_it_in_all_stages() {
        DataFrame sales = Fixtures.sales(session);
        int from = line();
        DataFrame frame =
                sales.filter(col("amount").gt(1)) // 2 lines on
                        .groupBy("region") // the verb that makes a step is agg
                        .agg(count().as("sales")) // 4 lines on
                        .sort(desc("sales")); // 5 lines on

        List<String> steps = steps(frame);

        assertThat(steps).contains("filter " + at(from + 2));
        assertThat(steps).anyMatch(step -> step.startsWith("group") && step.endsWith(at(from + 4)));
        assertThat(steps).contains("sort " + at(from + 5));
        assertThat(steps.getLast()).startsWith("merge").endsWith(at(from + 5));
    }

    @Test
    void a_step_that_moved_keeps_its_line_and_two_that_became_one_name_both() {
        DataFrame sales = Fixtures.sales(session);
        int from = line();
        DataFrame frame =
                sales.withColumn("double", col("amount").multiply(2)) // 2 lines on
                        .withColumn("one", lit(1)) // 3 lines on
                        .filter(col("double").gt(1)) // moves below the columns
                        .filter(col("region").isNotNull());

        List<String> steps = steps(frame);

        assertThat(steps)
                .contains(
                        "filter %s, %d".formatted(at(from + 4), from + 5),
                        "select %s, %d".formatted(at(from + 2), from + 3));
    }

    @Test
    void what_rules_add_belongs_to_the_step_that_it_was_added_for() {
        DataFrame sales = Fixtures.sales(session);
        DataFrame shops = Fixtures.shops(session);
        int line = line() + 1;
        DataFrame joined = sales.join(shops, How.INNER, "region");

        List<String> steps = steps(joined.select("region", "amount"));

        assertThat(steps).anyMatch(step -> step.startsWith("inner") && step.endsWith(at(line)));
        assertThat(steps)
                .allMatch(step -> step.contains("OriginTest.java:") || step.equals("collect "));
    }

    @Test
    void plans_that_mean_the_same_are_equal_wherever_they_were_written() {
        DataFrame sales = Fixtures.sales(session);
        DataFrame here = sales.limit(3);
        DataFrame there = sales.limit(3);

        assertThat(Frames.plan(here)).isEqualTo(Frames.plan(there));
        assertThat(Frames.plan(here).origin().text())
                .isNotEqualTo(Frames.plan(there).origin().text());
        assertThat(Frames.plan(here).hashCode()).isEqualTo(Frames.plan(there).hashCode());
    }

    @Test
    void the_lines_of_many_steps_that_became_one_are_cut() {
        Origin many = Origin.UNKNOWN;
        many = many.and(Origin.here());
        many = many.and(Origin.here());
        int last = line() + 1;
        many = many.and(Origin.here());
        many = many.and(Origin.here());

        assertThat(many.text())
                .isEqualTo("%s, %d, %d and 1 more".formatted(at(last - 3), last - 2, last));
        assertThat(Origin.UNKNOWN.text()).isEmpty();
        assertThat(Origin.UNKNOWN.isKnown()).isFalse();
    }
}
