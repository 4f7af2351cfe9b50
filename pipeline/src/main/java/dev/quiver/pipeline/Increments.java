package dev.quiver.pipeline;

import static dev.quiver.dataframe.Functions.col;
import static dev.quiver.dataframe.Functions.count;
import static dev.quiver.dataframe.Functions.lit;
import static dev.quiver.dataframe.Functions.max;

import dev.quiver.dataframe.DataFrame;
import dev.quiver.dataframe.Frames;
import dev.quiver.dataframe.QueryRunner;
import dev.quiver.dataframe.Row;
import dev.quiver.dataframe.Table;
import dev.quiver.dataframe.plan.LogicalPlan;
import dev.quiver.dataframe.plan.WriteOptions.Mode;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.operator.TableMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Takes what earlier runs loaded out of what the extracts read.
///
/// For a high-water mark a run has a window of values, from the largest that was loaded to the
/// largest that is there when it begins. The window is noted before the run starts, so a run that
/// goes on has the same one, whatever was added since.
final class Increments {
    private static final String NOTHING = "";

    private final Increment increment;
    private final Ledger ledger;
    private final boolean goesOn;
    private final List<FileVersion> files = new ArrayList<>();
    private final Map<String, String> windows = new TreeMap<>();

    /// @param ledger says what was loaded, and the windows of a run that goes on
    Increments(Increment increment, Ledger ledger) {
        this.increment = increment;
        this.ledger = ledger;
        this.goesOn = ledger.unfinished().isPresent();
    }

    private static QuiverException noFiles(int extract) {
        return new QuiverException(
                ErrorCode.PLAN_INVALID,
                "extract %d reads no files, and onlyNew() leaves out files".formatted(extract + 1),
                List.of(),
                "leave out rows of a table by highWaterMark(\"…\")");
    }

    /// What is new in an extract; empty when nothing is.
    ///
    /// @param extract its number
    Optional<DataFrame> in(int extract, DataFrame frame, QueryRunner runner) {
        LogicalPlan all = Frames.plan(frame);
        Optional<LogicalPlan> plan =
                increment.onlyNew()
                        ? ScannedFiles.only(all, file -> !ledger.isLoaded(file))
                        : Optional.of(all);
        if (plan.isEmpty()) return Optional.empty();
        List<FileVersion> read = ScannedFiles.of(plan.get());
        if (increment.onlyNew() && read.isEmpty() && increment.mark().isEmpty())
            throw noFiles(extract);
        files.addAll(read);
        DataFrame fresh = Frames.frame(plan.get(), runner);
        if (increment.mark().isEmpty()) return Optional.of(fresh);
        return window(extract, increment.mark().get(), fresh);
    }

    private Optional<DataFrame> window(int extract, String column, DataFrame frame) {
        frame.schema().indexOf(column, "the rows of extract %d".formatted(extract + 1));
        Optional<Object> from = ledger.note(markNote(extract, column)).map(MarkText::value);
        DataFrame above = from.map(mark -> frame.filter(col(column).gt(lit(mark)))).orElse(frame);
        String note = windowNote(extract, column);
        String upTo = goesOn ? ledger.note(note).orElse(NOTHING) : largest(column, frame, from);
        windows.put(note, upTo);
        if (upTo.equals(NOTHING)) return Optional.empty();
        return Optional.of(above.filter(col(column).le(lit(MarkText.value(upTo)))));
    }

    private static String largest(String column, DataFrame frame, Optional<Object> from) {
        DataFrame above =
                from.map(mark -> frame.filter(col(column).gt(lit(mark)).or(col(column).isNull())))
                        .orElse(frame);
        try (Table table =
                above.agg(max(column).as("largest"), count().as("all"), count(column).as("known"))
                        .collect()) {
            Row row = table.row(0);
            long unknown = row.getLong("all") - row.getLong("known");
            if (unknown > 0) throw unknown(column, unknown);
            return row.find("largest", Object.class)
                    .map(value -> MarkText.of(value, column))
                    .orElse(NOTHING);
        }
    }

    private static QuiverException unknown(String column, long rows) {
        return new QuiverException(
                ErrorCode.BAD_VALUE,
                "rows without a value in '%s': %d; it can't be told whether they were loaded"
                        .formatted(column, rows),
                List.of(),
                "leave them out in extract(…): filter(col(\"%s\").isNotNull())".formatted(column));
    }

    private static String markNote(int extract, String column) {
        return "mark %d %s".formatted(extract + 1, column);
    }

    private static String windowNote(int extract, String column) {
        return "window %d %s".formatted(extract + 1, column);
    }

    /// The load as this run does it: the first run of an incremental pipeline makes the target,
    /// later ones add to it.
    Load load(Load said) {
        if (increment.isNone() && seen(said).isEmpty()) return said;
        boolean replaces =
                switch (said) {
                    case FileLoad file -> file.mode() == Mode.OVERWRITE;
                    case MergeLoad _ -> false;
                    case TableLoad table -> table.mode() == TableMode.OVERWRITE;
                };
        if (replaces)
            throw new QuiverException(
                    ErrorCode.PLAN_INVALID,
                    "%s would replace all that earlier runs loaded by what is new".formatted(said),
                    List.of(),
                    "leave out overwrite(): runs of an incremental pipeline add to what is there");
        if (ledger.last().isEmpty()) return said;
        return switch (said) {
            case FileLoad file -> file.append();
            case MergeLoad merge -> merge;
            case TableLoad table -> table.mode() == TableMode.UPSERT ? table : table.append();
        };
    }

    /// The columns by which a load leaves out rows that it loaded before.
    static List<String> seen(Load load) {
        return switch (load) {
            case FileLoad file -> file.seen();
            case MergeLoad _ -> List.of();
            case TableLoad table -> table.seen();
        };
    }

    /// Checks that the keys are those that earlier runs noted.
    void check(LoadedBefore before) {
        before.check(ledger);
    }

    /// The files whose rows the run loads.
    List<FileVersion> files() {
        return files;
    }

    /// The windows of a new run, by their notes.
    Map<String, String> windows() {
        return windows;
    }

    /// Where the marks are once the run has ended.
    static Map<String, String> marks(Map<String, String> windows) {
        var marks = new TreeMap<String, String>();
        windows.forEach((note, upTo) -> {
            if (!upTo.equals(NOTHING)) marks.put(note.replaceFirst("window", "mark"), upTo);
        });
        return marks;
    }
}
