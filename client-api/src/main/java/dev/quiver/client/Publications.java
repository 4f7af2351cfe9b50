package dev.quiver.client;

import dev.quiver.dataframe.Row;
import dev.quiver.dataframe.Table;
import dev.quiver.dataframe.Written;
import dev.quiver.dataframe.plan.LogicalPlan;
import dev.quiver.dataframe.plan.TableWrite;
import dev.quiver.dataframe.plan.WriteOptions;
import dev.quiver.io.store.Stores;
import dev.quiver.operator.CsvFormat;
import dev.quiver.operator.GateLimits;
import dev.quiver.operator.Target;
import dev.quiver.operator.WriteTarget;
import dev.quiver.planner.Quarantines;
import dev.quiver.worker.store.FileNote;
import java.nio.file.Path;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// A write and the quarantines of the gates before it: all appear, or none.
final class Publications {
    private final Output output;
    private final String run;
    private final Map<String, Publication> quarantines = new LinkedHashMap<>();
    private final Map<String, GateLimits> limits = new LinkedHashMap<>();

    private Publications(Output output, String run) {
        this.output = output;
        this.run = run;
    }

    /// @throws dev.quiver.error.QuiverException as [Publication]
    static Publications of(WriteOptions options, LogicalPlan plan) {
        return of(Publication.of(options), options.mode(), plan);
    }

    /// A write into a table and the quarantines of the gates before it.
    static Publications of(TableWrite options, LogicalPlan plan) {
        WriteOptions.Mode mode =
                switch (options.mode()) {
                    case CREATE -> WriteOptions.Mode.CREATE;
                    case OVERWRITE -> WriteOptions.Mode.OVERWRITE;
                    case APPEND, UPSERT -> WriteOptions.Mode.APPEND;
                };
        return of(new TableOutput(options, plan.schema()), mode, plan);
    }

    private static Publications of(Output output, WriteOptions.Mode mode, LogicalPlan plan) {
        String run =
                "%s-%s"
                        .formatted(
                                Clock.systemUTC().instant().truncatedTo(ChronoUnit.SECONDS),
                                UUID.randomUUID().toString().substring(0, 8));
        var all = new Publications(output, run);
        all.addGates(mode, plan);
        return all;
    }

    private void addGates(WriteOptions.Mode mode, LogicalPlan plan) {
        plan.inputs().forEach(input -> addGates(mode, input));
        if (!(plan instanceof LogicalPlan.Gate gate) || gate.quarantine().isEmpty()) return;
        LogicalPlan.Gate.Kept kept = gate.quarantine().get();
        quarantines.computeIfAbsent(kept.path(), path -> Publication.of(options(mode, path)));
        limits.merge(
                kept.path(),
                kept.limits(),
                (a, b) ->
                        new GateLimits(
                                Math.min(a.rowsMax(), b.rowsMax()),
                                Math.min(a.shareMax(), b.shareMax())));
    }

    private static WriteOptions options(WriteOptions.Mode mode, String path) {
        WriteTarget parts = Quarantines.target(path, "");
        return new WriteOptions(
                parts.format(),
                parts.path() + "/",
                mode,
                List.of(),
                "",
                CsvFormat.DEFAULT,
                Optional.empty());
    }

    Target target() {
        return output.target();
    }

    /// What the plan's gates are told.
    Quarantines quarantines() {
        return new Quarantines(
                run,
                path -> {
                    Publication parts = quarantines.get(path);
                    if (parts == null)
                        throw new IllegalStateException("no quarantine '%s'".formatted(path));
                    return parts.target();
                },
                Optional.empty());
    }

    /// Makes room for the tasks' files.
    void prepare() {
        output.prepare();
        quarantines.values().forEach(Publication::prepare);
    }

    /// Gives the files of a manifest their names: bad rows first, the output last.
    ///
    /// @throws dev.quiver.error.GateFailed when there are more bad rows than a gate lets pass;
    ///   nothing was published
    Written publish(Table manifest) {
        var notes = new ArrayList<FileNote>();
        for (Row row : manifest.rows()) notes.add(note(row));
        limits.forEach((path, most) -> check(quarantined(notes, path), most));
        List<FileNote> rows = notes.stream().filter(n -> n.kind().equals(FileNote.ROWS)).toList();
        quarantines.forEach((path, parts) -> parts.send(files(quarantined(notes, path))));
        output.send(rows);
        Written written = publish(notes, rows);
        quarantines.values().forEach(Publication::finish);
        output.finish();
        return written;
    }

    private Written publish(List<FileNote> notes, List<FileNote> rows) {
        try {
            quarantines.forEach((path, parts) -> parts.publish(files(quarantined(notes, path))));
            return output.publish(rows);
        } catch (RuntimeException e) {
            quarantines.values().forEach(Publication::undo);
            throw e;
        }
    }

    private static FileNote note(Row row) {
        return new FileNote(
                row.getString("path"),
                row.getString("temporary"),
                row.getLong("rows"),
                row.getLong("bytes"),
                row.getString("kind"),
                row.getLong("checked"));
    }

    /// Each note once: several tasks may have passed one on.
    private List<FileNote> quarantined(List<FileNote> notes, String path) {
        Publication parts = quarantines.get(path);
        if (parts == null) throw new IllegalStateException("no quarantine '%s'".formatted(path));
        Path directory = parts.path();
        var distinct = new LinkedHashMap<String, FileNote>();
        for (FileNote note : notes) {
            boolean here =
                    note.kind().equals(FileNote.QUARANTINE)
                            && directory.equals(Stores.path(note.path()).getParent());
            if (here) distinct.putIfAbsent(note.path(), note);
        }
        return List.copyOf(distinct.values());
    }

    private static List<FileNote> files(List<FileNote> notes) {
        return notes.stream().filter(note -> !note.temporary().isEmpty()).toList();
    }

    private static void check(List<FileNote> notes, GateLimits limits) {
        limits.check(
                notes.stream().mapToLong(FileNote::rows).sum(),
                notes.stream().mapToLong(FileNote::checked).sum());
    }

    /// Removes what the tasks made and nobody needs any more.
    void abandon() {
        output.abandon();
        quarantines.values().forEach(Publication::abandon);
    }
}
