package dev.quiver.pipeline;

import dev.quiver.client.Session;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.NearestName;
import dev.quiver.error.QuiverException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// Pipelines that run one behind another, each when those have ended that it says it is
/// [Pipeline#after].
///
/// ```java
/// Pipelines nightly = Pipelines.of("nightly", airlines, flights.after("airlines"));
/// nightly.run(q);
/// ```
///
/// A run that didn't end goes on by itself: pipelines that ended in it don't run again.
public final class Pipelines {
    private final String name;
    private final String ledger;
    private final List<Pipeline> order;

    private Pipelines(String name, String ledger, List<Pipeline> order) {
        this.name = name;
        this.ledger = ledger;
        this.order = List.copyOf(order);
    }

    /// Pipelines under a name of their own.
    ///
    /// @throws QuiverException with the code `PLAN_INVALID` when they wait for each other in a
    ///   circle, for one that isn't there, or two have one name
    public static Pipelines of(String name, Pipeline... pipelines) {
        Map<String, Pipeline> byName = new LinkedHashMap<>();
        for (Pipeline pipeline : pipelines) {
            if (byName.put(pipeline.name(), pipeline) == null) continue;
            throw invalid(
                    "two pipelines are called '%s'".formatted(pipeline.name()),
                    Arrays.asList(pipelines),
                    "give each a name of its own");
        }
        if (byName.containsKey(name))
            throw invalid(
                    "'%s' is one of the pipelines".formatted(name),
                    Arrays.asList(pipelines),
                    "give them together another name");
        var order = new LinkedHashSet<Pipeline>();
        for (Pipeline pipeline : pipelines) add(pipeline, byName, order, new LinkedHashSet<>());
        return new Pipelines(name, "", List.copyOf(order));
    }

    private static void add(
            Pipeline pipeline,
            Map<String, Pipeline> byName,
            Set<Pipeline> order,
            Set<String> waiting) {
        if (order.contains(pipeline)) return;
        if (!waiting.add(pipeline.name()))
            throw invalid(
                    "pipelines wait for each other: %s → %s"
                            .formatted(String.join(" → ", waiting), pipeline.name()),
                    byName.values(),
                    "take one after(…) away");
        for (String before : pipeline.blueprint().after()) {
            Pipeline earlier = byName.get(before);
            if (earlier == null)
                throw invalid(
                        "pipeline '%s' runs after '%s', which isn't there"
                                .formatted(pipeline.name(), before),
                        byName.values(),
                        NearestName.of(before, byName.keySet())
                                .map("did you mean '%s'?"::formatted)
                                .orElse("name it in Pipelines.of(…) too"));
            add(earlier, byName, order, waiting);
        }
        waiting.remove(pipeline.name());
        order.add(pipeline);
    }

    private static QuiverException invalid(String what, Iterable<Pipeline> pipelines, String fix) {
        var names = new ArrayList<String>();
        for (Pipeline pipeline : pipelines) names.add(pipeline.name());
        return new QuiverException(
                ErrorCode.PLAN_INVALID, what, List.of("has: " + String.join(", ", names)), fix);
    }

    /// The directory where it is written down which run goes on; `.quiver/ledger/NAME` unless told
    /// otherwise.
    public Pipelines ledger(String directory) {
        return new Pipelines(name, directory, order);
    }

    /// The names of the pipelines, in the order in which they run.
    public List<String> names() {
        return order.stream().map(Pipeline::name).toList();
    }

    /// Runs all that didn't end yet. When one fails, those that wait for it don't run, and the
    /// others do.
    ///
    /// @return of those that ran in this process
    /// @throws QuiverException the first failure; others are suppressed in it
    public List<PipelineRun> run(Session session) {
        Path directory = Pipeline.ledgerDirectory(ledger, name);
        String owner = "the pipelines '%s'".formatted(name);
        try (Ledger opened = Ledger.open(Surroundings.real().disk(), directory, owner)) {
            RunKey key = key();
            Ledger.Run run = opened.unfinished().orElseGet(() -> opened.start(key));
            run.key().to(key).ifPresent(this::changed);
            Map<String, Long> ended = ended(run.key().began());
            var runs = new ArrayList<PipelineRun>();
            var failures = new ArrayList<QuiverException>();
            Set<String> missing = new HashSet<>();
            for (Pipeline pipeline : order) {
                if (pipeline.lastRun() > ended.getOrDefault(pipeline.name(), 0L)) continue;
                if (pipeline.blueprint().after().stream().anyMatch(missing::contains)) {
                    missing.add(pipeline.name());
                    continue;
                }
                try {
                    runs.add(pipeline.run(session));
                } catch (QuiverException e) {
                    failures.add(e);
                    missing.add(pipeline.name());
                }
            }
            if (failures.isEmpty()) {
                opened.finish();
                return runs;
            }
            QuiverException first = failures.getFirst();
            failures.stream().skip(1).forEach(first::addSuppressed);
            throw first;
        }
    }

    /// Which pipelines there are; when the run began is told by the last run of each that had ended
    /// before.
    private RunKey key() {
        var plan = new ArrayList<String>();
        var ended = new ArrayList<String>();
        for (Pipeline pipeline : order) {
            plan.add("%s after %s".formatted(pipeline.name(), pipeline.blueprint().after()));
            ended.add(pipeline.name() + "=" + pipeline.lastRun());
        }
        return new RunKey(
                new TreeMap<>(), String.join(" ", ended), plan, List.of(), List.of(), List.of());
    }

    private static Map<String, Long> ended(String began) {
        var ended = new TreeMap<String, Long>();
        for (String one : began.split(" ", -1)) {
            int equals = one.indexOf('=');
            ended.put(one.substring(0, equals), Long.valueOf(one.substring(equals + 1)));
        }
        return ended;
    }

    private void changed(RunKey.Difference difference) {
        throw new QuiverException(
                ErrorCode.PLAN_INVALID,
                "the pipelines '%s' have a run that didn't end, and %s changed since it began"
                        .formatted(name, difference.what()),
                List.of("was: " + difference.was(), "is:  " + difference.is()),
                "put it back as it was and run again, or give them another name");
    }
}
