package dev.quiver.planner;

import dev.quiver.planner.Flow.StageOutput;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// What exchanges of a plan found that have finished, and for which others the plan waits.
final class Exchanges {
    private final boolean measured;
    private final Map<Integer, long[][]> rows;
    private final SortedSet<Integer> awaited = new TreeSet<>();

    private Exchanges(boolean measured, Map<Integer, long[][]> rows) {
        this.measured = measured;
        this.rows = new TreeMap<>(rows);
    }

    /// Of a plan that waits for none.
    static Exchanges unmeasured() {
        return new Exchanges(false, Map.of());
    }

    /// @param rows of each slice of each partition of the exchanges that have finished, by stage
    static Exchanges measured(Map<Integer, long[][]> rows) {
        return new Exchanges(true, rows);
    }

    /// Those whose readers aren't decided: that one or another hasn't finished.
    SortedSet<Integer> awaited() {
        return awaited;
    }

    /// Who reads the buckets of two exchanges, where that is decided by what they found: empty when
    /// they are expected to be small, there is only one, or they haven't both finished.
    Optional<BucketReaders> readers(StageOutput probe, StageOutput build, int buckets) {
        long bytes = probe.estimate().bytes() + build.estimate().bytes();
        if (!measured || buckets == 1 || bytes < Sizes.MEASURED_EXCHANGE_BYTES)
            return Optional.empty();
        long[][] probed = rows.get(probe.stage());
        long[][] built = rows.get(build.stage());
        if (probed == null || built == null) {
            // the readers of both are decided together
            awaited.add(probe.stage());
            awaited.add(build.stage());
            return Optional.empty();
        }
        return Optional.of(BucketReaders.of(side(probe, probed), side(build, built)));
    }

    /// Who reads the buckets of an exchange whose rows are grouped, where that is decided by what
    /// it found: empty when it is expected to be small, there is only one, or it hasn't finished.
    Optional<BucketRuns> runs(StageOutput exchange, int buckets) {
        if (!measured
                || buckets == 1
                || exchange.estimate().bytes() < Sizes.MEASURED_EXCHANGE_BYTES)
            return Optional.empty();
        long[][] found = rows.get(exchange.stage());
        if (found != null) return Optional.of(BucketRuns.of(side(exchange, found).bytes()));
        awaited.add(exchange.stage());
        return Optional.empty();
    }

    private static BucketReaders.Side side(StageOutput exchange, long[][] rows) {
        return new BucketReaders.Side(rows, Widths.ofRow(exchange.schema()));
    }
}
