package dev.quiver.pipeline.serve;

import dev.quiver.client.Session;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.NearestName;
import dev.quiver.error.QuiverException;
import dev.quiver.pipeline.Pipeline;
import dev.quiver.pipeline.alert.Alert;
import dev.quiver.pipeline.alert.AlertChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Pipelines that run by themselves, and who is told when they don't.
///
/// ```java
/// static Served pipelines() {
///     return Served.of(airlines, Schedule.cron("0 5 * * *"))
///             .and(flights.after("airlines"))
///             .and(orders, Schedule.onArrival("in/*.csv", Duration.ofSeconds(10)))
///             .alertBy(AlertChannel.webhook(URI.create("https://…")));
/// }
/// ```
///
/// `quiver serve FILE.java` serves what the method `pipelines` of the file's first class says; in a
/// program of your own it is `pipelines().start(q)`. Immutable: each call gives another one.
public final class Served {
    private static final Path STATE = Path.of(".quiver", "serve");
    private static final int AT_ONCE = 4;
    private static final Duration GRACE = Duration.ofSeconds(60);

    private final List<Entry> entries;
    private final List<AlertChannel> channels;
    private final int atOnce;
    private final Path state;
    private final Duration grace;

    private Served(
            List<Entry> entries,
            List<AlertChannel> channels,
            int atOnce,
            Path state,
            Duration grace) {
        this.entries = List.copyOf(entries);
        this.channels = List.copyOf(channels);
        this.atOnce = atOnce;
        this.state = state;
        this.grace = grace;
    }

    /// A pipeline and when it runs.
    record Entry(Pipeline pipeline, Schedule schedule, List<Alert> alerts) {
        Entry {
            alerts = List.copyOf(alerts);
        }

        String name() {
            return pipeline.name();
        }
    }

    /// A pipeline that runs by a schedule. When it also runs [Pipeline#after] others, a run waits
    /// for theirs to end, and is left out when one of them failed.
    ///
    /// @param alerts what is told about it; failures, unless something is said
    public static Served of(Pipeline pipeline, Schedule schedule, Alert... alerts) {
        var none = new Served(List.of(), List.of(), AT_ONCE, STATE, GRACE);
        return none.and(pipeline, schedule, alerts);
    }

    /// Another pipeline, by its own schedule.
    public Served and(Pipeline pipeline, Schedule schedule, Alert... alerts) {
        List<Alert> told = alerts.length == 0 ? List.of(Alert.onFailure()) : List.of(alerts);
        var more = new ArrayList<>(entries);
        more.add(new Entry(pipeline, schedule, told));
        return new Served(more, channels, atOnce, state, grace);
    }

    /// Another pipeline, which runs whenever all have ended well that it runs [Pipeline#after].
    public Served and(Pipeline pipeline, Alert... alerts) {
        if (pipeline.runsAfter().isEmpty())
            throw new QuiverException(
                    ErrorCode.PLAN_INVALID,
                    "pipeline '%s' would never run".formatted(pipeline.name()),
                    List.of("it has no schedule and runs after none"),
                    "give it a schedule, or say after(…) of it");
        return and(pipeline, Schedule.behind(), alerts);
    }

    /// These and others; what is said beside pipelines holds as it is said here.
    public Served and(Served others) {
        var more = new ArrayList<>(entries);
        more.addAll(others.entries);
        var told = new ArrayList<>(channels);
        told.addAll(others.channels);
        return new Served(more, told, atOnce, state, grace);
    }

    /// Where alerts go. Without, they are in the log alone.
    public Served alertBy(AlertChannel... more) {
        var all = new ArrayList<>(channels);
        all.addAll(List.of(more));
        return new Served(entries, all, atOnce, state, grace);
    }

    /// How many pipelines run at once; 4 unless told otherwise. They share the session's slots and
    /// memory. One pipeline never runs twice at once.
    public Served atOnce(int runs) {
        if (runs < 1)
            throw new QuiverException(
                    ErrorCode.ARGUMENT_INVALID,
                    "atOnce(%d)".formatted(runs),
                    List.of(),
                    "give a number of at least 1");
        return new Served(entries, channels, runs, state, grace);
    }

    /// The directory, of this machine, where it is written down what was due and is done;
    /// `.quiver/serve` unless told otherwise. One server has it for itself.
    public Served state(String directory) {
        return new Served(entries, channels, atOnce, Path.of(directory), grace);
    }

    /// How long runs may take to come behind a unit when the server stops; a minute unless told
    /// otherwise. After that the unit is given up, and the next server loads it.
    public Served grace(Duration atMost) {
        return new Served(entries, channels, atOnce, state, atMost);
    }

    /// Begins to serve, in threads of its own.
    ///
    /// @throws QuiverException when they wait for each other in a circle or for one that isn't
    ///   there, an alert waits for drift that nobody looks for, or another server uses the
    ///   directory
    public Server start(Session session) {
        return Server.start(this, session, Surroundings.real());
    }

    Server start(Session session, Surroundings surroundings) {
        return Server.start(this, session, surroundings);
    }

    /// The names of the pipelines.
    public List<String> names() {
        return entries.stream().map(Entry::name).toList();
    }

    List<AlertChannel> channels() {
        return channels;
    }

    int runsAtOnce() {
        return atOnce;
    }

    Path directory() {
        return state.toAbsolutePath().normalize();
    }

    Duration graceMax() {
        return grace;
    }

    /// By name, in the order in which they were said.
    Map<String, Entry> checked() {
        Map<String, Entry> byName = new LinkedHashMap<>();
        for (Entry entry : entries)
            if (byName.put(entry.name(), entry) != null)
                throw invalid(
                        "two pipelines are called '%s'".formatted(entry.name()),
                        "give each a name of its own");
        for (Entry entry : entries) {
            for (String before : entry.pipeline().runsAfter()) {
                if (byName.containsKey(before)) continue;
                throw invalid(
                        "pipeline '%s' runs after '%s', which isn't served"
                                .formatted(entry.name(), before),
                        NearestName.of(before, byName.keySet())
                                .map("did you mean '%s'?"::formatted)
                                .orElse("say and(…) of it too"));
            }
            checkNoCircle(entry, byName, new LinkedHashSet<>());
            if (entry.alerts().stream().anyMatch(Alert::needsDrift)
                    && !entry.pipeline().findsDrift())
                throw invalid(
                        "an alert on drift of pipeline '%s', which doesn't look for any"
                                .formatted(entry.name()),
                        "say drift() of the pipeline");
        }
        return byName;
    }

    private void checkNoCircle(Entry entry, Map<String, Entry> byName, Set<String> waiting) {
        if (!waiting.add(entry.name()))
            throw invalid(
                    "pipelines wait for each other: %s → %s"
                            .formatted(String.join(" → ", waiting), entry.name()),
                    "take one after(…) away");
        for (String before : entry.pipeline().runsAfter()) {
            Entry earlier = byName.get(before);
            if (earlier != null) checkNoCircle(earlier, byName, waiting);
        }
        waiting.remove(entry.name());
    }

    private QuiverException invalid(String what, String fix) {
        return new QuiverException(
                ErrorCode.PLAN_INVALID, what, List.of("has: " + String.join(", ", names())), fix);
    }
}
