package dev.quiver.pipeline;

import static dev.quiver.dataframe.Functions.count;

import dev.quiver.client.Session;
import dev.quiver.client.UnitLoads;
import dev.quiver.dataframe.DataFrame;
import dev.quiver.dataframe.Frames;
import dev.quiver.dataframe.Row;
import dev.quiver.dataframe.Table;
import dev.quiver.dataframe.plan.LogicalPlan;
import dev.quiver.operator.GateLimits;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A run with the first rows only, into a directory that is deleted afterwards.
final class Rehearsal {
    private static final int ROWS_SHOWN = 10;

    private final Blueprint blueprint;
    private final Session session;
    private final Surroundings surroundings;
    private final UnitLoads units;
    private final Instant began;

    Rehearsal(Blueprint blueprint, Session session, Surroundings surroundings) {
        this.blueprint = blueprint;
        this.session = session;
        this.surroundings = surroundings;
        this.units = UnitLoads.of(session);
        this.began = surroundings.clock().instant();
    }

    /// @throws Exception what a function of the user's throws
    DryRun run(long rowsMax) throws Exception {
        var preparation =
                new Preparation(blueprint, units, "dry-run", began, List.of(), Optional.empty());
        Prepared prepared = preparation.prepare();
        List<DataFrame> sources = preparation.sources();
        Path directory = Files.createTempDirectory("quiver-dry-run");
        try {
            var trials = new ArrayList<DryRun.Trial>();
            for (int i = 0; i < prepared.loads().size(); i++)
                trials.add(
                        trial(
                                prepared.loads().get(i).name(),
                                blueprint.outlets().get(i),
                                sources,
                                rowsMax,
                                directory.resolve("load" + i)));
            return new DryRun(rowsMax, trials);
        } finally {
            surroundings.disk().delete(directory);
        }
    }

    private DryRun.Trial trial(
            String name,
            Blueprint.Outlet outlet,
            List<DataFrame> sources,
            long rowsMax,
            Path directory)
            throws Exception {
        Path bad = directory.resolve("bad");
        Path good = directory.resolve("good");
        long rows = 0;
        for (DataFrame source : sources) {
            DataFrame frame = Preparation.through(outlet.steps(), source.limit(rowsMax), began);
            LogicalPlan plan = redirected(Frames.plan(frame), bad.toString());
            DataFrame aside = Frames.frame(plan, units.runner());
            rows += aside.write().append().parquet(good + "/").rows();
        }
        List<DryRun.RuleCount> turnedAway = Files.exists(bad) ? rules(bad) : List.of();
        return new DryRun.Trial(name, rows, turnedAway, read(good).limit(ROWS_SHOWN).collect());
    }

    private List<DryRun.RuleCount> rules(Path bad) {
        var rules = new ArrayList<DryRun.RuleCount>();
        try (Table counts = read(bad).groupBy("rule").agg(count()).sort("rule").collect()) {
            for (Row row : counts.rows())
                rules.add(new DryRun.RuleCount(row.getString("rule"), row.getLong("count")));
        }
        return rules;
    }

    private DataFrame read(Path directory) {
        return session.read().parquet(directory + "/");
    }

    /// The plan with its quarantines elsewhere and without limits; the same one when it has none.
    private static LogicalPlan redirected(LogicalPlan plan, String bad) {
        var inputs = new ArrayList<LogicalPlan>();
        boolean changed = false;
        for (LogicalPlan input : plan.inputs()) {
            LogicalPlan other = redirected(input, bad);
            changed |= !other.equals(input);
            inputs.add(other);
        }
        LogicalPlan same = changed ? plan.withInputs(inputs) : plan;
        if (!(same instanceof LogicalPlan.Gate gate) || gate.quarantine().isEmpty()) return same;
        return new LogicalPlan.Gate(
                gate.input(),
                gate.references(),
                gate.rules(),
                Optional.of(new LogicalPlan.Gate.Kept(bad, GateLimits.NONE)),
                gate.rejects(),
                gate.hidden(),
                gate.origin());
    }
}
