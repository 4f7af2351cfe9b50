package dev.quiver.pipeline;

import static dev.quiver.dataframe.Functions.col;
import static dev.quiver.dataframe.Functions.lit;

import dev.quiver.client.Session;
import dev.quiver.dataframe.DataFrame;
import dev.quiver.dataframe.Expr;
import dev.quiver.dataframe.FrameWriter;
import dev.quiver.dataframe.Functions;
import dev.quiver.dataframe.How;
import dev.quiver.dataframe.On;
import dev.quiver.dataframe.Written;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.schema.Field;
import dev.quiver.schema.Schema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/// Computes what a directory becomes by a merge, beside it: the files of folders in which something
/// changes, and which of those that are there stay.
///
/// Steps that are asked several times are written to files first, so memory bounds none of them.
final class Merging {
    private static final String PARQUET = ".parquet";

    private final Session session;
    private final Disk disk;
    private final MergeLoad load;
    private final Path target;
    private final Path staging;
    private final Path work;
    private final String runId;
    private List<String> columns = List.of();

    /// @param staging where the run keeps files of the target before they have their names
    Merging(Session session, Disk disk, MergeLoad load, Path target, Path staging, String runId) {
        this.session = session;
        this.disk = disk;
        this.load = load;
        this.target = target;
        this.staging = staging;
        this.work = staging.resolve("merging");
        this.runId = runId;
    }

    /// Merges what units have brought.
    ///
    /// @param incoming the files of the units, in their order
    /// @return the files of the target, and counts of rows; no files when nothing changes
    List<StagedFile> merge(List<StagedFile> incoming) {
        try {
            disk.delete(work);
            disk.createDirectories(work);
            List<StagedFile> merged = merged(incoming);
            disk.delete(work);
            return merged;
        } catch (IOException e) {
            throw new QuiverException(
                    ErrorCode.IO_FAILED,
                    "can't merge into '%s': %s".formatted(target, e),
                    List.of(),
                    "check the path, its permissions and the space on its disk",
                    e);
        }
    }

    private List<StagedFile> merged(List<StagedFile> incoming) throws IOException {
        long rows = incoming.stream().mapToLong(StagedFile::rows).sum();
        String[] files =
                incoming.stream()
                        .filter(StagedFile::isFile)
                        .map(StagedFile::temporary)
                        .toArray(String[]::new);
        if (rows == 0) return List.of();
        DataFrame latest = latest(session.read().parquet(files));
        List<Path> there = LocalDisk.files(target);
        List<Path> data = there.stream().filter(Merging::isData).toList();
        for (Path file : data) checkFolder(folder(file));
        DataFrame inserted = latest;
        DataFrame fresh = latest;
        long updated = 0;
        Set<String> folders = new TreeSet<>();
        DataFrame stays = latest.limit(0);
        if (!data.isEmpty()) {
            DataFrame before = before(data, latest.schema());
            DataFrame changed = kept("changed", changed(before, latest));
            updated = changed.count();
            inserted =
                    kept("inserted", latest.join(before, How.ANTI, keys(UnaryOperator.identity())));
            fresh = select(changed, MergeLoad::now).union(inserted);
            Set<String> from = folders("from", select(changed, MergeLoad::before));
            folders.addAll(from);
            folders.addAll(folders("to", fresh));
            List<Path> affected =
                    data.stream().filter(file -> folders.contains(folder(file))).toList();
            check(from, affected);
            if (!affected.isEmpty())
                stays =
                        before(affected, latest.schema())
                                .join(changed, How.ANTI, keys(MergeLoad::before));
        }
        long added = inserted.count();
        var result = new ArrayList<StagedFile>();
        result.add(count(StagedFile.Kind.INSERTED, added));
        result.add(count(StagedFile.Kind.UPDATED, updated));
        result.add(count(StagedFile.Kind.UNCHANGED, rows - added - updated));
        if (added + updated == 0) return result;
        result.addAll(written(stays.union(fresh)));
        for (Path file : there) {
            boolean isKept = !isData(file) || !folders.contains(folder(file));
            result.add(there(file, isKept ? StagedFile.Kind.STAYS : StagedFile.Kind.REPLACED));
        }
        return result;
    }

    /// The last row of each key.
    private DataFrame latest(DataFrame rows) throws IOException {
        columns = rows.schema().names();
        Expr unknown = lit(false);
        for (String key : load.keys()) unknown = unknown.or(col(key).isNull());
        long without = rows.filter(unknown).count();
        if (without > 0) throw withoutKeys(without);
        DataFrame ordered =
                load.order()
                        .map(order -> rows.sort(Functions.asc(order).nullsFirst()))
                        .orElse(rows);
        var last = new ArrayList<Expr>();
        for (String column : columns) {
            if (load.keys().contains(column)) continue;
            // The aggregate leaves out nulls, so whether the last is one is asked apart.
            last.add(Functions.last(column).as(column));
            last.add(Functions.last(col(column).isNull()).as(MergeLoad.before(column)));
        }
        String[] more = load.keys().subList(1, load.keys().size()).toArray(String[]::new);
        if (last.isEmpty()) return kept("latest", rows.distinct());
        DataFrame grouped =
                ordered.groupBy(load.keys().getFirst(), more)
                        .agg(last.getFirst(), last.subList(1, last.size()).toArray(Expr[]::new));
        var values = new ArrayList<Expr>();
        for (Field field : rows.schema().fields()) {
            String name = field.name();
            if (load.keys().contains(name)) values.add(col(name));
            else
                values.add(
                        Functions.when(col(MergeLoad.before(name)))
                                .then(Functions.nullOf(field.type()))
                                .otherwise(col(name))
                                .as(name));
        }
        return kept("latest", select(grouped, values));
    }

    private QuiverException withoutKeys(long rows) {
        return new MergeRefused(
                ErrorCode.BAD_VALUE,
                "rows without a value in %s: %d; it can't be told what they are to replace"
                        .formatted(String.join(" or ", load.keys()), rows),
                List.of("target: " + target),
                "leave them out by a filter, or keep them apart by a gate: notNull(…)");
    }

    /// The rows of files of the target, in the columns of those that come.
    private DataFrame before(List<Path> files, Schema wanted) {
        DataFrame there =
                session.read().parquet(files.stream().map(Path::toString).toArray(String[]::new));
        var differences = new ArrayList<String>();
        var values = new ArrayList<Expr>();
        for (Field field : wanted.fields()) {
            String name = field.name();
            if (!there.schema().has(name)) {
                differences.add("only what comes has %s %s".formatted(name, field.type()));
                continue;
            }
            Field old = there.schema().field(there.schema().indexOf(name, "the target"));
            boolean inFolder = load.folders().contains(name);
            if (!inFolder && !old.type().equals(field.type()))
                differences.add(
                        "%s is %s there, and %s in what comes"
                                .formatted(name, old.type(), field.type()));
            values.add(
                    old.type().equals(field.type())
                            ? col(name)
                            : col(name).cast(field.type()).as(name));
        }
        for (String name : there.schema().names())
            if (!wanted.has(name)) differences.add("only the target has " + name);
        if (!differences.isEmpty())
            throw new MergeRefused(
                    ErrorCode.TYPE_MISMATCH,
                    "what comes has other columns than '%s'".formatted(target),
                    differences,
                    "bring the rows into the target's columns in transform(…), or load into another"
                            + " directory");
        return select(there, values);
    }

    /// Rows that take the place of others: both versions, the new one as it is to be.
    private DataFrame changed(DataFrame before, DataFrame latest) {
        DataFrame was = select(before, renamed(MergeLoad::before));
        DataFrame now = select(latest, renamed(MergeLoad::now));
        On on = pairs(MergeLoad::before, MergeLoad::now);
        DataFrame both = was.join(now, How.INNER, on);
        if (load.order().isPresent()) {
            String order = load.order().get();
            Expr later = col(MergeLoad.now(order)).ge(col(MergeLoad.before(order)));
            both = both.filter(later.fillNull(false).or(col(MergeLoad.before(order)).isNull()));
        }
        var values = new ArrayList<Expr>();
        Expr same = lit(true);
        for (Field field : latest.schema().fields()) {
            String name = field.name();
            values.add(col(MergeLoad.before(name)));
            values.add(load.merged(name).cast(field.type()).as(MergeLoad.now(name)));
            Expr old = col(MergeLoad.before(name));
            Expr made = col(MergeLoad.now(name));
            Expr equal = made.eq(old).fillNull(false).or(made.isNull().and(old.isNull()));
            same = same.and(equal);
        }
        return select(both, values).filter(same.not());
    }

    private List<Expr> renamed(UnaryOperator<String> to) {
        var values = new ArrayList<Expr>();
        for (String name : columns) values.add(col(name).as(to.apply(name)));
        return values;
    }

    /// One of both versions under its own names.
    private DataFrame select(DataFrame both, UnaryOperator<String> version) {
        var values = new ArrayList<Expr>();
        for (String name : columns) values.add(col(version.apply(name)).as(name));
        return select(both, values);
    }

    private static DataFrame select(DataFrame frame, List<Expr> values) {
        return frame.select(
                values.getFirst(), values.subList(1, values.size()).toArray(Expr[]::new));
    }

    /// @param right what the keys are called there
    private On keys(UnaryOperator<String> right) {
        return pairs(UnaryOperator.identity(), right);
    }

    private On pairs(UnaryOperator<String> left, UnaryOperator<String> right) {
        String first = load.keys().getFirst();
        On on = On.pair(left.apply(first), right.apply(first));
        for (String key : load.keys().subList(1, load.keys().size()))
            on = on.and(left.apply(key), right.apply(key));
        return on;
    }

    private DataFrame kept(String name, DataFrame frame) {
        String file = work.resolve(name + PARQUET).toString();
        frame.write().overwrite().parquet(file);
        return session.read().parquet(file);
    }

    /// The names of the folders that rows belong to.
    private Set<String> folders(String name, DataFrame rows) throws IOException {
        if (load.folders().isEmpty()) return rows.count() == 0 ? Set.of() : Set.of("");
        var values = new ArrayList<Expr>();
        for (String folder : load.folders()) values.add(col(folder));
        values.add(lit(1).as("__one"));
        Path made = work.resolve(name);
        disk.delete(made);
        writer(select(rows, values).distinct()).parquet(made + "/");
        Set<String> folders = new TreeSet<>();
        for (Path file : LocalDisk.files(made)) folders.add(folder(made, file));
        return folders;
    }

    private FrameWriter writer(DataFrame frame) {
        List<String> folders = load.folders();
        FrameWriter writer = frame.write().compression(load.codec());
        if (folders.isEmpty()) return writer;
        return writer.partitionBy(
                folders.getFirst(), folders.subList(1, folders.size()).toArray(String[]::new));
    }

    private String folder(Path file) {
        return folder(target, file);
    }

    private static String folder(Path top, Path file) {
        return top.relativize(LocalDisk.parent(file)).toString();
    }

    private void checkFolder(String folder) {
        var names = new ArrayList<String>();
        if (!folder.isEmpty())
            for (String one : folder.split("/", -1)) names.add(one.replaceFirst("=.*", ""));
        if (names.equals(load.folders())) return;
        throw new MergeRefused(
                ErrorCode.PLAN_INVALID,
                "the target has files in '%s', and the load is partitioned by %s"
                        .formatted(folder, load.folders()),
                List.of("target: " + target),
                "say the partitionBy(…) that the target was written with");
    }

    /// Refuses folders that are called otherwise than Quiver calls them.
    private void check(Set<String> from, List<Path> affected) {
        Set<String> found = new TreeSet<>();
        for (Path file : affected) found.add(folder(file));
        for (String folder : from) {
            if (found.contains(folder)) continue;
            throw new MergeRefused(
                    ErrorCode.UNSUPPORTED,
                    "the target has rows of '%s' in another folder".formatted(folder),
                    List.of("target: " + target, "partitionBy: " + load.folders()),
                    "say the partitionBy(…) that the target was written with; or write the target"
                            + " anew by Quiver");
        }
    }

    private static boolean isData(Path file) {
        String name = String.valueOf(file.getFileName());
        return name.endsWith(PARQUET) && !name.startsWith(".") && !name.startsWith("_");
    }

    private StagedFile count(StagedFile.Kind kind, long rows) {
        return new StagedFile("", "", "", rows, 0, kind, 0);
    }

    /// @param kind what becomes of it
    private StagedFile there(Path file, StagedFile.Kind kind) {
        String name = target.relativize(file).toString();
        return new StagedFile(target.toString(), name, "", 0, 0, kind, 0);
    }

    /// Writes the rows of the folders that change, and brings them to the disk.
    private List<StagedFile> written(DataFrame rows) throws IOException {
        Path made = work.resolve("made");
        Written written = writer(rows).parquet(made + "/");
        var files = new ArrayList<StagedFile>();
        for (Path file : written.files()) {
            Path temporary = staging.resolve("merged-%05d%s".formatted(files.size(), PARQUET));
            Path name = made.relativize(file);
            String named = name.resolveSibling(runId + "-" + name.getFileName()).toString();
            long bytes = Files.size(file);
            disk.move(file, temporary);
            disk.force(temporary);
            files.add(
                    new StagedFile(
                            target.toString(),
                            named,
                            temporary.toString(),
                            0,
                            bytes,
                            StagedFile.Kind.MERGED,
                            0));
        }
        disk.forceDirectory(staging);
        return files;
    }
}
