package dev.quiver.pipeline;

import dev.quiver.dataframe.Expr;
import dev.quiver.dataframe.Functions;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.io.store.Stores;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.StringJoiner;
import java.util.TreeMap;

/// A load that merges rows into a directory of Parquet files by keys: a row whose key is there
/// takes the other's place, one whose key isn't is added.
///
/// ```java
/// pipeline.load(Load.merge("out/orders/").on("id").latestBy("updated_at").partitionBy("month"));
/// ```
///
/// The directory is made when there is none. Only folders in which something changes are written
/// anew; all of it becomes visible at once. Immutable: each call gives another load.
public final class MergeLoad implements Load {
    private static final String BEFORE = "__was_";
    private static final String NOW = "__now_";

    private final FileLoad files;
    private final List<String> keys;
    private final Optional<String> order;
    private final SortedMap<String, Rule> rules;

    private MergeLoad(
            FileLoad files,
            List<String> keys,
            Optional<String> order,
            SortedMap<String, Rule> rules) {
        this.files = files;
        this.keys = List.copyOf(keys);
        this.order = order;
        this.rules = rules;
    }

    static MergeLoad into(String directory) {
        return new MergeLoad(
                FileLoad.parquet(directory), List.of(), Optional.empty(), new TreeMap<>());
    }

    /// A row of a key, as it is there or as it comes.
    public interface Version {
        /// Its value in a column.
        Expr col(String name);
    }

    /// What becomes of a column when a row's key is there.
    public interface Rule {
        /// @param before the row that is there
        /// @param now the row that comes
        Expr of(Version before, Version now);
    }

    /// The columns that tell rows apart; they have no nulls.
    public MergeLoad on(String key, String... more) {
        var names = new ArrayList<String>();
        names.add(key);
        names.addAll(List.of(more));
        return new MergeLoad(files, names, order, rules);
    }

    /// Of rows with the same key the one stays whose value in this column is the largest, wherever
    /// it comes from; of equal ones that which came last. A null is smaller than all. Unless this
    /// is said, the row that came last stays.
    public MergeLoad latestBy(String column) {
        return new MergeLoad(files, keys, Optional.of(column), rules);
    }

    /// Computes a column from both rows when a row takes the place of another, such as a sum:
    ///
    /// ```java
    /// merge.set("amount", (before, now) -> before.col("amount").plus(now.col("amount")))
    /// ```
    ///
    /// Rows that come in one run with the same key are one by then: the latest.
    ///
    /// @param column not one of the keys
    public MergeLoad set(String column, Rule rule) {
        var more = new TreeMap<>(rules);
        more.put(column, rule);
        return new MergeLoad(files, keys, order, more);
    }

    /// Has a folder `name=value` for each value of the columns, as the directory must have it. A
    /// row whose value in them changes moves to another folder.
    public MergeLoad partitionBy(String first, String... more) {
        return new MergeLoad(files.partitionBy(first, more), keys, order, rules);
    }

    /// `snappy` (as it is unless told otherwise), `zstd` or `none`.
    public MergeLoad compression(String name) {
        return new MergeLoad(files.compression(name), keys, order, rules);
    }

    List<String> keys() {
        if (!keys.isEmpty()) return keys;
        throw new QuiverException(
                ErrorCode.ARGUMENT_INVALID,
                "%s has no keys".formatted(this),
                List.of(),
                "say what tells rows apart: Load.merge(\"…\").on(\"id\")");
    }

    Optional<String> order() {
        return order;
    }

    List<String> folders() {
        return files.folders();
    }

    String codec() {
        return files.codec();
    }

    Path target(Parameters parameters) {
        return files.target(parameters);
    }

    /// The directory, which is on this machine.
    Path localTarget(Parameters parameters) {
        Path path = target(parameters);
        if (!Stores.isRemote(path)) return path;
        throw new QuiverException(
                ErrorCode.UNSUPPORTED,
                "a merge into a store: '%s'".formatted(path),
                List.of(),
                "merge into a directory of this machine; or load() into the store and merge by a"
                        + " query of what was loaded");
    }

    /// The load of what comes, before it is merged.
    FileLoad incoming() {
        return files.withoutFolders();
    }

    /// The columns that must be there.
    List<String> columnsNeeded() {
        var needed = new ArrayList<>(keys());
        order.ifPresent(needed::add);
        needed.addAll(folders());
        needed.addAll(rules.keySet());
        for (String key : keys)
            if (rules.containsKey(key))
                throw new QuiverException(
                        ErrorCode.ARGUMENT_INVALID,
                        "set(\"%s\", …) of a key".formatted(key),
                        List.of("keys: " + keys),
                        "keys stay as they are: set other columns");
        return needed;
    }

    /// What a column is called in rows that have both versions.
    static String before(String column) {
        return BEFORE + column;
    }

    static String now(String column) {
        return NOW + column;
    }

    /// A column's value when a row takes the place of another, where both versions are columns.
    Expr merged(String column) {
        Rule rule = rules.get(column);
        if (rule == null)
            return Functions.col(keys.contains(column) ? before(column) : now(column));
        return rule.of(name -> Functions.col(before(name)), name -> Functions.col(now(name)));
    }

    /// What people call it, such as `merge out/orders/`.
    @Override
    public String toString() {
        return files.toString().replaceFirst("^parquet", "merge");
    }

    /// Everything about it, as a line.
    String text(Path target) {
        return "merge into %s %s".formatted(files.text(target), how());
    }

    /// Such as `on [id], latest by day, set []`.
    String how() {
        var set = new StringJoiner(", ", "[", "]");
        for (String column : rules.keySet()) set.add(column + "=" + merged(column));
        return "on %s, latest by %s, set %s".formatted(keys, order.orElse("arrival"), set);
    }
}
