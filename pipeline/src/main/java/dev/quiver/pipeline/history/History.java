package dev.quiver.pipeline.history;

import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.io.store.Stores;
import dev.quiver.pipeline.PipelineRun;
import dev.quiver.pipeline.PipelineRun.StepRun;
import dev.quiver.pipeline.RowCounts;
import dev.quiver.pipeline.RunEnd;
import dev.quiver.pipeline.history.RunRecord.Attempt;
import dev.quiver.pipeline.history.RunRecord.Notice;
import dev.quiver.pipeline.history.RunRecord.State;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The runs of pipelines, as they were written down beside the ledgers.
///
/// ```java
/// for (RunRecord run : History.of("out/ledger/"))
///     System.out.println(run.run() + " " + run.state() + " " + run.last().rowsLoaded());
/// ```
public final class History {
    /// The name of the file beside a ledger's log.
    static final String FILE = "runs.jsonl";

    private final List<Open> runs = new ArrayList<>();

    private History() {}

    /// The runs of a pipeline, the newest first.
    ///
    /// @param ledger the directory that [dev.quiver.pipeline.Pipeline#ledger] names
    public static List<RunRecord> of(String ledger) {
        return of(List.of(Stores.path(ledger).toAbsolutePath()));
    }

    /// The runs of several ledgers, the newest first.
    public static List<RunRecord> of(Collection<Path> ledgers) {
        var runs = new ArrayList<RunRecord>();
        for (Path ledger : ledgers) runs.addAll(read(ledger));
        runs.sort(Comparator.comparing((RunRecord run) -> run.last().began()).reversed());
        return runs;
    }

    static JsonLog log(Path ledger) {
        return JsonLog.of(ledger.resolve(FILE));
    }

    private static List<RunRecord> read(Path ledger) {
        var history = new History();
        try {
            for (Map<String, Object> line : log(ledger).read()) history.hear(new Line(line));
        } catch (IOException e) {
            throw new QuiverException(
                    ErrorCode.IO_FAILED,
                    "can't read the history beside the ledger '%s': %s".formatted(ledger, e),
                    List.of(),
                    "check its permissions",
                    e);
        }
        return history.runs.stream().map(run -> run.record(ledger)).toList().reversed();
    }

    /// A run of which more may follow.
    private static final class Open {
        private final String id;
        private final String pipeline;
        private final Map<Line, @Nullable Line> attempts = new LinkedHashMap<>();
        private final List<Notice> alerts = new ArrayList<>();
        private Optional<Instant> givenUp = Optional.empty();
        private boolean isDone;

        private Open(String id, String pipeline) {
            this.id = id;
            this.pipeline = pipeline;
        }

        private RunRecord record(Path ledger) {
            var made = new ArrayList<Attempt>();
            int left = attempts.size();
            for (Map.Entry<Line, @Nullable Line> attempt : attempts.entrySet())
                made.add(attempt(attempt.getKey(), attempt.getValue(), --left == 0));
            return new RunRecord(id, pipeline, ledger, made, givenUp, alerts);
        }
    }

    private void hear(Line line) {
        String id = line.text("run");
        // What is about no run follows the last one.
        Open run = id.isEmpty() && !runs.isEmpty() ? runs.getLast() : last(id);
        switch (line.text("event")) {
            case "began" -> {
                if (run == null || run.isDone) {
                    run = new Open(id, line.text("pipeline"));
                    runs.add(run);
                }
                run.attempts.put(line, null);
            }
            case "ended" -> {
                if (run == null) return; // its beginning was let go
                String moment = line.text("began");
                run.attempts.replaceAll(
                        (began, ended) -> began.text("at").equals(moment) ? line : ended);
                run.isDone = line.text("state").equals(State.DONE.name());
            }
            case "givenUp" -> {
                if (run != null) run.givenUp = Optional.of(line.instant("at"));
            }
            case "alert" -> {
                if (run != null) run.alerts.add(notice(line));
            }
            default -> {} // said by a later version, which changed nothing that is known
        }
    }

    private @Nullable Open last(String id) {
        for (Open run : runs.reversed()) if (run.id.equals(id)) return run;
        return null;
    }

    private static Notice notice(Line line) {
        return new Notice(
                line.instant("at"),
                line.text("rule"),
                line.text("channel"),
                line.find("failure").map(Object::toString));
    }

    private static Attempt attempt(Line began, @Nullable Line ended, boolean isLast) {
        var maker =
                new Maker(began.text("host"), began.number("process"), began.text("processBegan"));
        State unended = isLast && maker.isAlive() ? State.RUNNING : State.KILLED;
        Line end = ended == null ? new Line(Map.of()) : ended;
        return new Attempt(
                began.instant("at"),
                end.find("at").map(at -> Instant.parse(at.toString())),
                end.find("state").map(state -> State.valueOf(state.toString())).orElse(unended),
                began.text("trigger"),
                began.parameters(),
                maker.host(),
                maker.process(),
                end.rows(),
                end.texts("drift"),
                (int) end.number("units"),
                (int) end.number("unitsDone"),
                end.objects("steps").stream().map(History::step).toList(),
                end.objects("failure").stream().findFirst().map(History::failure));
    }

    private static StepRun step(Line line) {
        return new StepRun(
                line.text("step"),
                (int) line.number("units"),
                line.number("rowsRead"),
                line.number("rows"),
                line.number("bytes"),
                line.number("quarantined"),
                line.number("dropped"),
                line.merged(),
                (int) line.number("retries"),
                line.number("peakBytes"),
                Duration.ofNanos(line.number("nanos")));
    }

    private static RunEnd.Failure failure(Line line) {
        ErrorCode code = ErrorCode.INTERNAL;
        for (ErrorCode known : ErrorCode.values())
            if (known.name().equals(line.text("code"))) code = known;
        return new RunEnd.Failure(code, line.text("what"), line.texts("where"), line.text("fix"));
    }

    /// What was said at once.
    private record Line(Map<String, Object> object) {
        Optional<Object> find(String name) {
            return Optional.ofNullable(object.get(name));
        }

        String text(String name) {
            return find(name).map(Object::toString).orElse("");
        }

        long number(String name) {
            return object.get(name) instanceof Number number ? number.longValue() : 0;
        }

        /// Figures that an earlier version didn't know are 0.
        RowCounts rows() {
            return new RowCounts(
                    number("rows"), number("quarantined"), number("dropped"), merged());
        }

        PipelineRun.Merged merged() {
            return new PipelineRun.Merged(
                    number("inserted"), number("updated"), number("unchanged"));
        }

        Instant instant(String name) {
            return find(name).map(at -> Instant.parse(at.toString())).orElse(Instant.EPOCH);
        }

        List<String> texts(String name) {
            if (!(object.get(name) instanceof List<?> list)) return List.of();
            return list.stream().map(Object::toString).toList();
        }

        /// The objects of a list, or the one that is there.
        List<Line> objects(String name) {
            Object value = object.get(name);
            List<?> all = value instanceof List<?> list ? list : List.of();
            if (value instanceof Map<?, ?>) all = List.of(value);
            var lines = new ArrayList<Line>();
            for (Object one : all)
                if (one instanceof Map<?, ?> map) {
                    Map<String, Object> inner = new LinkedHashMap<>();
                    map.forEach((key, inside) -> inner.put(key.toString(), inside));
                    lines.add(new Line(inner));
                }
            return lines;
        }

        SortedMap<String, String> parameters() {
            SortedMap<String, String> parameters = new TreeMap<>();
            for (Line given : objects("parameters"))
                given.object().forEach((name, value) -> parameters.put(name, value.toString()));
            return parameters;
        }
    }
}
