package dev.quiver.dashboard;

import dev.quiver.dashboard.JobView.StageView;
import dev.quiver.protocol.JobDescription.Step;
import dev.quiver.scheduler.server.Watched;
import java.util.ArrayList;
import java.util.List;

/// What a person could do about what was measured, in sentences.
final class Advice {
    private static final long WORTH_NANOS = 1_000_000_000L;
    private static final long MICROS_PER_MILLI = 1000;
    private static final int MANY_PARTITIONS = 64;
    private static final int PERCENT = 100;
    private static final int MOST_PERCENT = 60;
    private static final int OFF_TIMES = 100;
    private static final long OFF_ROWS = 1_000_000;
    private static final int LABEL_MAX = 60;

    private final List<String> sentences = new ArrayList<>();

    private Advice() {}

    /// About one query; empty when nothing stands out.
    static List<String> of(JobView job) {
        var advice = new Advice();
        for (StageView stage : job.stages()) {
            advice.skew(stage);
            advice.smallPartitions(stage);
            advice.estimates(stage);
        }
        advice.parsing(job);
        return advice.sentences;
    }

    /// About a session or a cluster.
    static List<String> of(List<Watched.WorkerUsage> workers) {
        var advice = new Advice();
        for (Watched.WorkerUsage worker : workers)
            if (worker.spilledBytes() > 0)
                advice.say(
                        "%s holds %s in spill files: with so much more memory it would hold nothing there."
                                .formatted(worker.name(), Markup.bytes(worker.spilledBytes())));
        return advice.sentences;
    }

    private void say(String sentence) {
        sentences.add(sentence);
    }

    private void skew(StageView stage) {
        if (!stage.spread().isSkewed()) return;
        Spread.Range micros = stage.spread().micros();
        Spread.Range rows = stage.spread().rows();
        say(
                ("In stage %d one of %s partitions took %s, the one in the middle %s, and others"
                                + " waited for it. %s")
                        .formatted(
                                stage.id(),
                                Markup.count(stage.spread().partitions()),
                                Markup.duration(micros.max()),
                                Markup.duration(micros.median()),
                                rows.max() > 2 * rows.median()
                                        ? "It had %s rows, the one in the middle %s: look for a key that most rows share."
                                                .formatted(
                                                        Markup.count(rows.max()),
                                                        Markup.count(rows.median()))
                                        : "It had about as many rows as the others: look at what"
                                                + " else the machine did."));
    }

    private void smallPartitions(StageView stage) {
        Spread spread = stage.spread();
        if (spread.partitions() < MANY_PARTITIONS || spread.micros().median() >= MICROS_PER_MILLI)
            return;
        if (!stage.steps().reads().isEmpty()) return; // how many there are is the planner's choice
        say(
                "Stage %d reads %s small partitions, of %s in the middle: fewer and larger files would cost less."
                        .formatted(
                                stage.id(),
                                Markup.count(spread.partitions()),
                                Markup.duration(spread.micros().median())));
    }

    private void estimates(StageView stage) {
        if (!stage.isMeasured()) return;
        List<Step> steps = stage.steps().steps();
        for (int i = 0; i < steps.size(); i++) {
            long expected = Math.max(1, steps.get(i).rows());
            long actual = stage.rows(i);
            if (actual < OFF_ROWS || actual / expected < OFF_TIMES) continue;
            say(
                    "'%s' gave %s rows where %s were expected: what comes behind it was planned for less."
                            .formatted(
                                    Markup.cut(steps.get(i).label(), LABEL_MAX),
                                    Markup.count(actual),
                                    Markup.count(expected)));
            return;
        }
    }

    private void parsing(JobView job) {
        long all = job.nanos();
        if (all < WORTH_NANOS) return;
        for (StageView stage : job.stages()) {
            String label = stage.steps().steps().getFirst().label();
            long share = PERCENT * stage.nanos(0) / all;
            boolean isText =
                    label.contains(".csv") || label.contains(".json") || label.contains(".xml");
            if (share < MOST_PERCENT || !isText) continue;
            say(
                    "%d %% of the time went into '%s': read more than once, the file is faster as Parquet ('quiver convert')."
                            .formatted(share, Markup.cut(label, LABEL_MAX)));
        }
    }
}
