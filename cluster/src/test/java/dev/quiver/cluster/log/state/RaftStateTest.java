package dev.quiver.cluster.log.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Members agree whatever happens to them and their network.
final class RaftStateTest {
    private static final String SEED = System.getProperty("seed", "").strip();
    private static final int SEEDS = 400 * Integer.getInteger("seeds.factor", 1);
    private static final int SEEDS_MAX = 4_000;

    @Test
    void members_agree_through_crashes_splits_and_lost_messages() {
        long first = SEED.isEmpty() ? 1 : Long.parseLong(SEED);
        long count = SEED.isEmpty() ? SEEDS : 1;
        long committed = 0;
        long leaders = 0;

        for (long seed = first; seed < first + count; seed++) {
            var members = new SimulatedMembers(seed, PlantedBug.NONE);
            try {
                members.run();
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("run again with -Dseed=" + seed, e);
            }
            committed += members.committedCount();
            leaders += members.leaderCount();
        }

        assertThat(committed).isGreaterThan(100 * count);
        assertThat(leaders).isGreaterThan(count);
    }

    @ParameterizedTest
    @EnumSource(names = "NONE", mode = EnumSource.Mode.EXCLUDE)
    void a_planted_bug_is_found(PlantedBug bug) {
        for (long seed = 1; seed <= SEEDS_MAX; seed++) {
            var members = new SimulatedMembers(seed, bug);
            try {
                members.run();
            } catch (RuntimeException | AssertionError _) {
                System.out.println("%s was found by seed %d".formatted(bug, seed));
                return;
            }
        }

        fail("%d seeds didn't find that a member %s", SEEDS_MAX, bug);
    }
}
