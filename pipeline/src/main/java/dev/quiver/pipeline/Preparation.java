package dev.quiver.pipeline;

import dev.quiver.client.UnitLoads;
import dev.quiver.dataframe.DataFrame;
import dev.quiver.dataframe.Fn;
import dev.quiver.dataframe.FrameReader;
import dev.quiver.dataframe.Frames;
import dev.quiver.dataframe.plan.LogicalPlan;
import dev.quiver.dataframe.plan.WriteOptions.Mode;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.io.jdbc.TablePublication;
import dev.quiver.io.store.Stores;
import dev.quiver.operator.Target;
import dev.quiver.operator.WriteTarget;
import dev.quiver.planner.Quarantines;
import dev.quiver.schema.Schema;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Plans a run: asks the extracts for their frames, takes them through the steps, and cuts each
/// load in units.
final class Preparation {
    private final Blueprint blueprint;
    private final UnitLoads units;
    private final String runId;
    private final Instant began;
    private final FrozenReads reads;
    private final Bins bins;
    private final Optional<Increments> increments;

    /// Where tasks write on this machine what goes to a store, by target.
    private final Map<Path, Path> rooms = new HashMap<>();

    /// @param began when the run began
    /// @param known which files were found then; empty for a new run
    /// @param increments what earlier runs loaded; empty where that doesn't matter
    Preparation(
            Blueprint blueprint,
            UnitLoads units,
            String runId,
            Instant began,
            List<RunKey.Read> known,
            Optional<Increments> increments) {
        this.blueprint = blueprint;
        this.units = units;
        this.runId = runId;
        this.began = began;
        this.increments = increments;
        this.bins = new Bins(blueprint.parameters());
        this.reads = new FrozenReads(blueprint, known);
    }

    /// @throws Exception what a function of the user's throws
    Prepared prepare() throws Exception {
        check();
        List<DataFrame> sources = sources();
        var plan = new ArrayList<String>();
        var inputs = new ArrayList<FileVersion>();
        var names = new ArrayList<String>();
        var loads = new ArrayList<Prepared.LoadPlan>();
        for (Blueprint.Outlet outlet : blueprint.outlets()) {
            Load said = increments.map(i -> i.load(outlet.load())).orElse(outlet.load());
            plan.add("%s, rows to %s".formatted(name(outlet), text(said)));
            var frames = new ArrayList<LogicalPlan>();
            Optional<LoadedBefore> seen = Optional.empty();
            String keysFile = LoadedBefore.file(shortName(said));
            for (DataFrame source : sources) {
                DataFrame frame = frame(outlet, source);
                seen = LoadedBefore.of(said, keysFile, frame.schema());
                frames.add(seen.map(s -> s.unseen(frame)).orElseGet(() -> Frames.plan(frame)));
            }
            for (LogicalPlan frame : frames) {
                PlanText.Text text = PlanText.of(frame);
                plan.addAll(text.lines());
                text.files().stream().filter(f -> !inputs.contains(f)).forEach(inputs::add);
            }
            Prepared.LoadPlan load =
                    load(name(outlet), said, frames, keysFile, seen, loads.size(), names.size());
            names.addAll(load.unitNames());
            loads.add(load);
        }
        checkTargets(loads);
        checkKeys(loads);
        var key =
                new RunKey(
                        blueprint.parameters().values(),
                        began.toString(),
                        plan,
                        reads.reads(),
                        inputs,
                        names);
        return new Prepared(key, loads, List.copyOf(rooms.values()));
    }

    private DataFrame frame(Blueprint.Outlet outlet, DataFrame source) throws Exception {
        DataFrame frame = through(outlet.steps(), source, began);
        for (String needed : columnsNeeded(outlet.load()))
            frame.schema().indexOf(needed, "the rows of " + name(outlet));
        return frame;
    }

    /// A name for a load that stays when others are said before or behind it, and wherever the
    /// whole is moved to: what its target is called.
    private String shortName(Load load) {
        Parameters parameters = blueprint.parameters();
        String name =
                switch (load) {
                    case FileLoad file -> String.valueOf(file.target(parameters).getFileName());
                    case MergeLoad merge -> String.valueOf(merge.target(parameters).getFileName());
                    case TableLoad table -> "table-" + table.table(parameters);
                };
        return name.replaceAll("[^A-Za-z0-9._-]", "_");
    }

    /// Refuses loads that would have one set of keys.
    private static void checkKeys(List<Prepared.LoadPlan> loads) {
        Map<String, Prepared.LoadPlan> byFile = new HashMap<>();
        for (Prepared.LoadPlan load : loads) {
            Prepared.LoadPlan other = byFile.putIfAbsent(load.keysFile(), load);
            if (other == null || load.seen().isEmpty() && other.seen().isEmpty()) continue;
            throw new QuiverException(
                    ErrorCode.PLAN_INVALID,
                    "dropSeen(…) of a load whose target is called as that of another",
                    List.of("one: " + other.name(), "other: " + load.name()),
                    "call the targets otherwise: keys are kept under their last names");
        }
    }

    private Prepared.LoadPlan load(
            String name,
            Load load,
            List<LogicalPlan> frames,
            String keysFile,
            Optional<LoadedBefore> seen,
            int number,
            int first) {
        seen.ifPresent(before -> increments.ifPresent(i -> i.check(before)));
        List<Bins.Bin> kept = frames.isEmpty() ? List.of() : bins.of(frames.getFirst());
        var quarantines =
                new Quarantines(runId, this::quarantine, Optional.of(runId + "/" + number));
        Optional<Schema> schema = frames.stream().findFirst().map(LogicalPlan::schema);
        Destination destination = destination(load, schema, number);
        var streams = new ArrayList<UnitLoads.Streamed>();
        for (LogicalPlan frame : frames)
            streams.add(
                    units.plan(new UnitLoads.Load(frame, target(load, destination), quarantines)));
        Optional<MergeLoad> merge =
                load instanceof MergeLoad merged ? Optional.of(merged) : Optional.empty();
        return new Prepared.LoadPlan(
                name, destination, first, streams, kept, keysFile, seen, merge);
    }

    private Destination destination(Load load, Optional<Schema> schema, int number) {
        Parameters parameters = blueprint.parameters();
        return switch (load) {
            case FileLoad file -> new Destination.Directory(file.target(parameters), file.mode());
            case MergeLoad merge -> new Destination.Merged(merge.localTarget(parameters));
            case TableLoad table -> {
                String owner = blueprint.name() + "/" + number;
                String run = runId + " " + began;
                yield Destination.InTable.of(
                        table,
                        table.place(parameters),
                        schema.map(rows -> table.publication(parameters, rows, owner, run)));
            }
        };
    }

    /// What the tasks write to.
    private Target target(Load load, Destination destination) {
        return switch (load) {
            case FileLoad file -> {
                Path path = file.target(blueprint.parameters());
                yield file.writeTarget(path, room(path));
            }
            case MergeLoad merge -> {
                Path path = merge.target(blueprint.parameters());
                Path staging = Prepared.LoadPlan.staging(path, runId);
                yield merge.incoming().writeTarget(path, staging);
            }
            case TableLoad _ -> destination.publication().orElseThrow().target();
        };
    }

    /// Where tasks make the files of a target.
    private Path room(Path target) {
        if (!Stores.isRemote(target)) return Prepared.LoadPlan.staging(target, runId);
        return rooms.computeIfAbsent(target, _ -> Stores.newFolder());
    }

    private String text(Load load) {
        return switch (load) {
            case FileLoad file -> file.text(file.target(blueprint.parameters()));
            case MergeLoad merge -> merge.text(merge.target(blueprint.parameters()));
            case TableLoad table -> table.text(blueprint.parameters());
        };
    }

    private static List<String> columnsNeeded(Load load) {
        return switch (load) {
            case FileLoad file -> file.folders();
            case MergeLoad merge -> merge.columnsNeeded();
            case TableLoad table -> table.keys();
        };
    }

    private WriteTarget quarantine(String path) {
        Path target = bins.target(path);
        // The format is told by the path as it was written.
        WriteTarget named = Quarantines.target(blueprint.parameters().in(path), "");
        return new WriteTarget(
                named.format(),
                target.toString(),
                room(target).toString(),
                true,
                named.partitionBy(),
                named.codec(),
                named.csv());
    }

    /// The frames of the extracts.
    List<DataFrame> sources() throws Exception {
        var sources = new ArrayList<DataFrame>();
        for (Fn<FrameReader, DataFrame> extract : blueprint.extracts())
            sources.add(ofSession(extract.apply(reads.reader(units.runner()))));
        return increments.isEmpty() ? sources : fresh(increments.get(), sources);
    }

    private List<DataFrame> fresh(Increments increments, List<DataFrame> sources) {
        var fresh = new ArrayList<DataFrame>();
        for (int i = 0; i < sources.size(); i++)
            increments.in(i, sources.get(i), units.runner()).ifPresent(fresh::add);
        return fresh;
    }

    /// The frame as the session's own reader would have made it, which the session's other frames
    /// can be joined with.
    private DataFrame ofSession(DataFrame frame) {
        return Frames.frame(Frames.plan(frame), units.runner());
    }

    /// @param began the moment that rules about freshness look back from
    static DataFrame through(List<Blueprint.Step> steps, DataFrame source, Instant began)
            throws Exception {
        DataFrame frame = source;
        for (Blueprint.Step step : steps)
            frame =
                    switch (step) {
                        case Blueprint.Step.Change(_, var change) -> change.apply(frame);
                        case Blueprint.Step.Gated(var gate) -> frame.gate(gate.asOf(began));
                    };
        return frame;
    }

    static String name(Blueprint.Outlet outlet) {
        String branch = outlet.branch().isEmpty() ? "" : "branch %s: ".formatted(outlet.branch());
        return branch + "load " + outlet.load();
    }

    private void check() {
        if (blueprint.extracts().isEmpty())
            throw incomplete("reads nothing", "say extract(read -> read.csv(\"…\"))");
        if (blueprint.outlets().isEmpty())
            throw incomplete("loads nothing", "say load(Load.parquet(\"…\"))");
        if (blueprint.hasIdleSteps())
            throw incomplete(
                    "has steps behind its last load, which change nothing",
                    "say transform(…) and gate(…) before the load(…) of their rows");
    }

    private QuiverException incomplete(String what, String fix) {
        return new QuiverException(
                ErrorCode.PLAN_INVALID,
                "pipeline '%s' %s".formatted(blueprint.name(), what),
                List.of(),
                fix);
    }

    private static void checkTargets(List<Prepared.LoadPlan> loads) {
        Set<String> seen = new HashSet<>();
        for (Prepared.LoadPlan load : loads) {
            var places = new ArrayList<String>();
            for (Path target : load.targets()) places.add(target.toString());
            if (load.table().isPresent()) places.add(load.destination().toString());
            for (String place : places) {
                if (seen.add(place)) continue;
                throw new QuiverException(
                        ErrorCode.PLAN_INVALID,
                        "two loads into '%s'".formatted(place),
                        List.of(),
                        "give each load and each quarantine a place of its own");
            }
        }
    }

    /// Refuses targets that are there and are neither to be replaced nor added to.
    ///
    /// @throws QuiverException with the code `TARGET_EXISTS`
    static void checkFree(Disk disk, List<Prepared.LoadPlan> loads) {
        for (Prepared.LoadPlan load : loads) {
            load.table().ifPresent(TablePublication::checkFree);
            if (load.destination().mode() != Mode.CREATE) continue;
            for (Path target : load.targets()) {
                if (!disk.exists(target)) continue;
                throw new QuiverException(
                        ErrorCode.TARGET_EXISTS,
                        "'%s' is there already".formatted(target),
                        List.of("no run waits to go on, so this is a new one"),
                        "load somewhere else, or say overwrite() or append() of the load");
            }
        }
    }
}
