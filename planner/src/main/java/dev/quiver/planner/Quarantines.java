package dev.quiver.planner;

import dev.quiver.operator.CsvFormat;
import dev.quiver.operator.WriteTarget;
import java.util.Optional;
import java.util.function.Function;

/// How the gates of a plan that is written keep the rows that they turn away.
///
/// @param run id of the run, which every bad row carries
/// @param targets the directory for a gate's path, as the user wrote it
/// @param seen under which the worker holds the keys of the load, for rules that look for
///   duplicates; when it is empty, such a rule makes its gate one task that reads all partitions in
///   turn
public record Quarantines(
        String run, Function<String, WriteTarget> targets, Optional<String> seen) {
    /// For plans without such gates.
    public static final Quarantines NONE =
            new Quarantines(
                    "",
                    path -> {
                        throw new IllegalStateException("no quarantine for '%s'".formatted(path));
                    },
                    Optional.empty());

    /// For plans that are only looked at.
    static final Quarantines EXPLAINED =
            new Quarantines("", path -> target(path, ""), Optional.empty());

    /// The directory of parts that a gate's path means.
    ///
    /// @param path as the user wrote it, or absolute
    /// @param staging the directory for files that aren't published yet
    public static WriteTarget target(String path, String staging) {
        String name = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
        boolean csv = name.endsWith(".csv");
        return new WriteTarget(
                csv ? WriteTarget.Format.CSV : WriteTarget.Format.PARQUET,
                name,
                staging,
                true,
                java.util.List.of(),
                csv ? "none" : "snappy",
                CsvFormat.DEFAULT);
    }
}
