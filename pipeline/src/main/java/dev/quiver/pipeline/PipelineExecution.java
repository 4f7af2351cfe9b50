package dev.quiver.pipeline;

import dev.quiver.client.Session;
import dev.quiver.client.UnitLoads;
import dev.quiver.dataframe.DataFrame;
import dev.quiver.dataframe.Table;
import dev.quiver.dataframe.plan.LogicalPlan;
import dev.quiver.dataframe.plan.WriteOptions.Mode;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.GateFailed;
import dev.quiver.error.QuiverException;
import dev.quiver.io.jdbc.TablePublication;
import dev.quiver.io.store.Stores;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One run of a pipeline in one process: from where the ledger says that it is to its end.
final class PipelineExecution {
    private final Blueprint blueprint;
    private final Session session;
    private final UnitLoads units;
    private final Surroundings surroundings;
    private final Ledger ledger;
    private final Retries retries;
    private final Listening listening;
    private final Auditing audit;
    private final long began;
    private @Nullable RunTelling telling;
    private Increments increments;

    /// @param ledger stays open for the run
    PipelineExecution(
            Blueprint blueprint,
            Session session,
            Surroundings surroundings,
            Ledger ledger,
            Listening listening) {
        this.blueprint = blueprint;
        this.session = session;
        this.units = UnitLoads.of(session);
        this.surroundings = surroundings;
        this.ledger = ledger;
        this.listening = listening;
        this.retries = new Retries(blueprint.name(), blueprint.retry(), surroundings);
        this.audit = new Auditing(blueprint, surroundings, ledger.directory());
        this.increments = new Increments(blueprint.increment(), ledger);
        this.began = surroundings.nanos().getAsLong();
    }

    static String runId(String name, long run) {
        return name + "-" + run;
    }

    /// Runs to the end, and tells the observers.
    PipelineRun run() {
        Optional<Ledger.Run> before = ledger.unfinished();
        String id =
                runId(blueprint.name(), before.map(Ledger.Run::number).orElse(ledger.nextRun()));
        var start =
                new RunStart(
                        id,
                        blueprint.name(),
                        ledger.directory(),
                        listening.trigger(),
                        blueprint.parameters().values(),
                        surroundings.clock().instant(),
                        before.isPresent());
        Listening all = SchedulerNews.to(units).map(listening::with).orElse(listening);
        var told = new RunTelling(start, all.observers(), surroundings, units, retries);
        telling = told;
        try {
            before.ifPresent(told::at);
            told.began();
            PipelineRun run = run(before, id);
            told.done();
            return run;
        } catch (RuntimeException e) {
            told.failed(e);
            throw e;
        }
    }

    private RunTelling telling() {
        if (telling == null) throw new IllegalStateException("no run");
        return telling;
    }

    private PipelineRun run(Optional<Ledger.Run> before, String id) {
        Prepared prepared = timed("extract", () -> prepare(before, id));
        Ledger.Run run = before.orElseGet(() -> begin(prepared, id));
        int resumed = before.map(Ledger.Run::doneCount).orElse(0);
        if (before.isPresent()) check(run, prepared);
        telling().at(run);
        try {
            load(prepared, run, id);
        } catch (QuiverException e) {
            if (!(e instanceof GateFailed || e.getCause() instanceof MergeRefused)) throw e;
            stop(prepared, run, id, e);
            throw e;
        }
        if (run.phase() == Ledger.Phase.PUBLISHING) {
            retried("audit", () -> audit.loads(id, prepared, run));
            timed(
                    "publish",
                    () -> {
                        publish(prepared, run, id);
                        return true;
                    });
            retried("publish", ledger::published);
        }
        var reports = new ArrayList<PipelineRun.ReportRun>();
        Optional<DriftWatch.Found> drift = Optional.empty();
        boolean isThere = run.counts().loaded() > 0 || isLoaded();
        for (Blueprint.Report report : blueprint.reports()) {
            switch (report) {
                case Blueprint.Report.Question question -> {
                    if (isThere) reports.add(answer(question));
                }
                case Blueprint.Report.Drift() -> drift = drift(prepared, run);
            }
        }
        Map<String, String> found = drift.map(DriftWatch.Found::notes).orElse(Map.of());
        retried("clear", () -> clear(prepared, id));
        retried("clear", () -> finish(prepared, found));
        List<String> drifted = drift.map(DriftWatch.Found::drift).orElse(List.of());
        telling().drifted(drifted);
        return result(run, prepared.units(), resumed, reports, drifted);
    }

    private PipelineRun result(
            Ledger.Run run,
            int unitCount,
            int resumed,
            List<PipelineRun.ReportRun> reports,
            List<String> drift) {
        RowCounts rows = run.counts();
        return new PipelineRun(
                runId(blueprint.name(), run.number()),
                rows.loaded(),
                rows.quarantined(),
                rows.dropped(),
                rows.merged(),
                unitCount,
                resumed,
                Duration.ofNanos(surroundings.nanos().getAsLong() - began),
                telling().steps(),
                reports,
                drift);
    }

    /// @param more notes
    private void finish(Prepared prepared, Map<String, String> more) {
        Map<String, String> windows = increments.windows();
        Map<String, String> notes = Increments.marks(windows);
        notes.putAll(more);
        Set<String> gone = new HashSet<>(windows.keySet());
        for (Prepared.LoadPlan load : prepared.loads()) {
            boolean loaded = load.units() > 0;
            load.seen().ifPresent(s -> notes.putAll(s.notes(surroundings.disk(), ledger, loaded)));
            // What was loaded without a look at its keys isn't among them.
            if (loaded && load.seen().isEmpty())
                gone.add(LoadedBefore.columnsNote(load.keysFile()));
        }
        ledger.finish(increments.files(), notes, gone);
    }

    /// Ends the run: nothing was published, and trying again would find the same rows.
    private void stop(Prepared prepared, Ledger.Run run, String id, QuiverException why) {
        retried("audit", () -> audit.stops(id, run, why.code()));
        ledger.giveUp();
        clear(prepared, id);
    }

    /// What [#run] would do.
    String explain() {
        Optional<Ledger.Run> before = ledger.unfinished();
        String id =
                runId(blueprint.name(), before.map(Ledger.Run::number).orElse(ledger.nextRun()));
        Prepared prepared = retries.run(Retries.Place.of("extract"), () -> prepare(before, id));
        var text = new StringBuilder("run ").append(id);
        before.ifPresent(run ->
                text.append(
                        " goes on: %d of %d units are done"
                                .formatted(run.doneCount(), prepared.units())));
        text.append("\nledger: ").append(ledger.directory()).append('\n');
        blueprint
                .parameters()
                .values()
                .forEach((name, value) -> text.append("%s = %s%n".formatted(name, value)));
        for (Prepared.LoadPlan load : prepared.loads()) {
            text.append("%s: %d units%n".formatted(load.name(), load.units()));
            load.merge().ifPresent(merge -> text.append("  merge %s%n".formatted(merge.how())));
            for (Bins.Bin bin : load.bins())
                if (bin.keeps()) text.append("  quarantine: %s%n".formatted(bin.target()));
            for (UnitLoads.Streamed source : load.sources()) steps(source.load().plan(), 1, text);
        }
        for (Blueprint.Report report : blueprint.reports())
            text.append("report %s%n".formatted(report.name()));
        return text.toString();
    }

    private static void steps(LogicalPlan plan, int depth, StringBuilder text) {
        text.append("  ".repeat(depth)).append(plan.label()).append('\n');
        for (LogicalPlan input : plan.inputs()) steps(input, depth + 1, text);
    }

    private Prepared prepare(Optional<Ledger.Run> before, String id) throws Exception {
        List<RunKey.Read> known = before.map(run -> run.key().reads()).orElse(List.of());
        Instant moment =
                before.map(run -> Instant.parse(run.key().began()))
                        .orElseGet(() -> surroundings.clock().instant());
        increments = new Increments(blueprint.increment(), ledger);
        return new Preparation(blueprint, units, id, moment, known, Optional.of(increments))
                .prepare();
    }

    private Ledger.Run begin(Prepared prepared, String id) {
        Preparation.checkFree(surroundings.disk(), prepared.loads());
        return retries.run(
                Retries.Place.of("start"),
                () -> {
                    clear(prepared, id);
                    increments.windows().forEach(ledger::note);
                    audit.note(ledger);
                    return ledger.start(prepared.key());
                });
    }

    private void load(Prepared prepared, Ledger.Run run, String id) {
        if (run.phase() != Ledger.Phase.LOADING) return;
        retried("audit", () -> audit.reads(id, prepared, run));
        for (Prepared.LoadPlan load : prepared.loads()) load(load, run, id);
        retried("publish", ledger::publishing);
    }

    private void check(Ledger.Run run, Prepared prepared) {
        Optional<RunKey.Difference> difference = run.key().to(prepared.key());
        if (difference.isEmpty()) return;
        RunKey.Difference found = difference.get();
        throw new QuiverException(
                found.isInput() ? ErrorCode.FILE_CHANGED : ErrorCode.PLAN_INVALID,
                "pipeline '%s' has a run that didn't end, and %s changed since it began"
                        .formatted(blueprint.name(), found.what()),
                List.of(
                        "was: " + found.was(),
                        "is:  " + found.is(),
                        "done: %d of %d units"
                                .formatted(run.doneCount(), run.key().units().size())),
                "put it back as it was and run again; or give that run up, and what it loaded is"
                        + " loaded anew: %s, or giveUp() in code"
                                .formatted(Pipeline.giveUpCommand(blueprint)));
    }

    private void load(Prepared.LoadPlan load, Ledger.Run run, String id) {
        telling().step(load.name());
        retried(
                load.name(),
                () -> {
                    List<StagedFile> kept =
                            run.files().values().stream().flatMap(List::stream).toList();
                    for (Path staging : load.stagings(id))
                        Publishing.sweep(surroundings.disk(), staging, kept);
                    load.table().ifPresent(TablePublication::prepare);
                });
        try (var loading =
                new Loading(
                        load,
                        ledger,
                        run,
                        id,
                        units,
                        retries,
                        surroundings,
                        ledger.directory(),
                        telling())) {
            loading.load();
            loading.checkLimits();
        }
        if (load.merges()) merge(load, run, id);
        List<StagedFile> files = files(load, run);
        long bytes = 0;
        for (StagedFile file : files)
            if (file.kind().isLoaded() || file.kind() == StagedFile.Kind.MERGED)
                bytes += file.bytes();
        telling().stepDone(load.units(), RowCounts.of(files), bytes);
    }

    private void merge(Prepared.LoadPlan load, Ledger.Run run, String id) {
        int unit = load.first() + load.streamed();
        if (run.isDone(unit)) return;
        Path target = load.destination().directory().orElseThrow();
        List<StagedFile> incoming =
                files(load, run).stream()
                        .filter(file -> file.kind() == StagedFile.Kind.INCOMING)
                        .toList();
        var merging =
                new Merging(
                        session,
                        surroundings.disk(),
                        load.merge().orElseThrow(),
                        target,
                        Prepared.LoadPlan.staging(target, id),
                        id);
        retried(load.name(), () -> ledger.unitDone(unit, merging.merge(incoming)));
        telling().unitDone(run);
    }

    /// The files of a load's units that are done.
    static List<StagedFile> files(Prepared.LoadPlan load, Ledger.Run run) {
        var files = new ArrayList<StagedFile>();
        for (int unit = load.first(); unit < load.first() + load.units(); unit++)
            files.addAll(run.files().getOrDefault(unit, List.of()));
        return files;
    }

    private void publish(Prepared prepared, Ledger.Run run, String id) {
        for (Prepared.LoadPlan load : prepared.loads()) {
            // Bad rows come first: who sees the others finds these.
            for (Path target : load.targets().reversed()) {
                List<StagedFile> files =
                        files(load, run).stream()
                                .filter(file -> file.isFile())
                                .filter(file -> file.target().equals(target.toString()))
                                .toList();
                boolean merges = load.merges() && target.equals(load.targets().getFirst());
                // Without files a merge changes nothing.
                if (merges && files.isEmpty()) continue;
                Mode mode = merges ? Mode.OVERWRITE : load.destination().mode();
                Path staging = Prepared.LoadPlan.staging(target, id);
                Disk disk = surroundings.disk();
                String giveUp = Pipeline.giveUpCommand(blueprint);
                if (Stores.isRemote(target))
                    new StorePublishing(disk, mode, target, staging, files, giveUp).publish();
                else
                    new Publishing(
                                    disk,
                                    mode,
                                    target,
                                    staging,
                                    files,
                                    merges ? Optional.of(there(load, run)) : Optional.empty())
                            .publish();
            }
            long rows =
                    files(load, run).stream()
                            .filter(file -> file.kind() == StagedFile.Kind.ROWS)
                            .mapToLong(StagedFile::rows)
                            .sum();
            load.table().ifPresent(table -> table.publish(rows));
        }
    }

    /// The files that a merge has found.
    private static Publishing.There there(Prepared.LoadPlan load, Ledger.Run run) {
        var staying = new ArrayList<String>();
        Set<String> replaced = new HashSet<>();
        for (StagedFile file : files(load, run)) {
            if (file.kind() == StagedFile.Kind.STAYS) staying.add(file.name());
            if (file.kind() == StagedFile.Kind.REPLACED) replaced.add(file.name());
        }
        return new Publishing.There(staying, replaced);
    }

    private PipelineRun.ReportRun answer(Blueprint.Report.Question report) {
        return timed(
                "report " + report.name(),
                () -> {
                    Table table = report.question().apply(loaded()).collect();
                    return new PipelineRun.ReportRun(report.name(), table);
                });
    }

    private Optional<DriftWatch.Found> drift(Prepared prepared, Ledger.Run run) {
        Prepared.LoadPlan load = prepared.loads().getFirst();
        long rows = RowCounts.of(files(load, run)).loaded();
        boolean isIncremental =
                !blueprint.increment().isNone()
                        || load.seen().isPresent()
                        || load.merge().isPresent();
        if (rows == 0 && isIncremental) return Optional.empty();
        if (rows == 0) return Optional.of(DriftWatch.nothing(ledger));
        Set<String> personal = Auditing.personal(blueprint.outlets().getFirst().steps()).keySet();
        return Optional.of(
                timed("drift", () -> DriftWatch.look(loaded(load, run), personal, ledger)));
    }

    /// The rows that the run loaded; of a table or a merge, all that is there.
    private DataFrame loaded(Prepared.LoadPlan load, Ledger.Run run) {
        if (!(blueprint.outlets().getFirst().load() instanceof FileLoad file)) return loaded();
        String[] paths =
                files(load, run).stream()
                        .filter(staged -> staged.kind() == StagedFile.Kind.ROWS && staged.isFile())
                        .map(staged -> Stores.path(staged.target()).resolve(staged.name()))
                        .map(Path::toString)
                        .toArray(String[]::new);
        return file.isParquet() ? session.read().parquet(paths) : session.read().csv(paths);
    }

    private boolean isLoaded() {
        Parameters parameters = blueprint.parameters();
        return switch (blueprint.outlets().getFirst().load()) {
            case FileLoad file -> surroundings.disk().exists(file.target(parameters));
            case MergeLoad merge -> surroundings.disk().exists(merge.target(parameters));
            case TableLoad table -> table.isThere(parameters);
        };
    }

    /// The rows of the first load.
    private DataFrame loaded() {
        Parameters parameters = blueprint.parameters();
        return switch (blueprint.outlets().getFirst().load()) {
            case FileLoad file -> {
                String directory = file.target(parameters) + "/";
                yield file.isParquet()
                        ? session.read().parquet(directory)
                        : session.read().csv(directory);
            }
            case MergeLoad merge -> session.read().parquet(merge.target(parameters) + "/");
            case TableLoad table -> table.read(session.read(), parameters);
        };
    }

    /// Deletes what this run and earlier ones left beside targets and ledger.
    private void clear(Prepared prepared, String id) {
        Disk disk = surroundings.disk();
        try {
            for (Path file : disk.list(ledger.directory(), Loading.KEYS_PREFIX)) disk.delete(file);
            for (Path room : prepared.rooms()) disk.delete(room);
            for (Prepared.LoadPlan load : prepared.loads())
                for (Path staging : load.stagings(id)) clear(staging);
            for (Prepared.LoadPlan load : prepared.loads())
                load.table().ifPresent(TablePublication::clear);
        } catch (IOException e) {
            throw notCleared(e);
        }
    }

    static QuiverException notCleared(IOException cause) {
        return new QuiverException(
                ErrorCode.IO_FAILED,
                "can't clear up: " + cause,
                List.of(),
                "check the permissions beside the targets and the ledger",
                cause);
    }

    /// Deletes a staging directory and those of runs that were given up.
    private void clear(Path staging) throws IOException {
        String name = String.valueOf(staging.getFileName());
        String stem = name.substring(0, name.lastIndexOf('-') + 1);
        Disk disk = surroundings.disk();
        for (Path path : disk.list(LocalDisk.parent(staging), stem))
            if (String.valueOf(path.getFileName()).substring(stem.length()).matches("\\d+"))
                disk.delete(path);
    }

    private void retried(String step, Runnable work) {
        retries.run(
                Retries.Place.of(step),
                () -> {
                    work.run();
                    return true;
                });
    }

    private <T> T timed(String step, java.util.concurrent.Callable<T> work) {
        telling().step(step);
        T result = retries.run(Retries.Place.of(step), work);
        telling().stepDone(0, RowCounts.NONE, 0);
        return result;
    }
}
