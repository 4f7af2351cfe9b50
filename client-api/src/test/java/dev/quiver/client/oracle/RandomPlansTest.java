package dev.quiver.client.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quiver.client.Options;
import dev.quiver.client.Quiver;
import dev.quiver.client.Session;
import dev.quiver.dataframe.DataFrame;
import dev.quiver.dataframe.Table;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Random queries several operators deep answer as DuckDB does.
final class RandomPlansTest {
    private static final int FRAMES = 40 * Integer.getInteger("seeds.factor", 1);
    private static final int PLANS_PER_FRAME = 40;
    private static final int DIFFERENCES_MAX = 5;
    private static final long SEED = Long.getLong("seed", 31L);

    @TempDir private Path folder;

    @Test
    void random_plans_answer_as_duckdb_does() throws SQLException {
        System.out.println("RandomPlansTest seed=" + SEED);
        var differences = new ArrayList<String>();

        try (Session session = Quiver.local(Options.defaults().slots(2).quiet());
                Connection duckdb = Answers.open()) {
            for (int i = 0; i < FRAMES && differences.size() < DIFFERENCES_MAX; i++) {
                var random = new Random(SEED * 7919 + i);
                Condition condition = Condition.values()[i % Condition.values().length];
                DataFrame t =
                        RandomFrame.make(duckdb, folder, "t", condition, random).read(session);
                DataFrame u =
                        RandomFrame.make(duckdb, folder, "u", Condition.NULLS, random)
                                .read(session);
                for (int j = 0; j < PLANS_PER_FRAME; j++) {
                    long seed = random.nextLong();
                    var plan = new RandomPlan(new Random(seed), t, u);
                    differences.addAll(compare(duckdb, plan, condition + " frame " + i));
                }
            }
        }

        assertThat(differences).isEmpty();
    }

    private static List<String> compare(Connection duckdb, RandomPlan plan, String frame)
            throws SQLException {
        List<String> expected = Answers.duckdb(duckdb, plan.sql()).stream().sorted().toList();
        List<String> actual;
        try (Table table = plan.frame().collect()) {
            actual = Answers.quiver(table).stream().sorted().toList();
        } catch (RuntimeException e) {
            return List.of("%s, %s: %s".formatted(frame, plan, e));
        }
        if (expected.equals(actual)) return List.of();
        return List.of(
                "%s, %s%nsql: %s%n%s"
                        .formatted(
                                frame,
                                plan,
                                plan.sql(),
                                OperatorMatrixTest.firstDifference(expected, actual)));
    }
}
