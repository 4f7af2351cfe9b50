package dev.quiver.cluster.node;

import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.io.store.Stores;
import dev.quiver.operator.FileRange;
import dev.quiver.operator.Pipeline;
import dev.quiver.operator.RowGroups;
import dev.quiver.operator.Sink;
import dev.quiver.operator.Source;
import dev.quiver.operator.WriteTarget;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Proves, before a worker's first task of a stage, that it sees the files that the client sees:
/// those that are read by size and time of the last change, the target by the staging directory
/// that the client has made there. Files of stores are the same for all.
final class SharedFiles {
    private static final String WAYS_OUT =
            "put the files in a folder that all machines share under the same name, or in an object"
                    + " store (s3://…), or hand the program's own rows over with q.of(…)";

    private final String who;

    /// @param worker its number
    /// @param name for people
    SharedFiles(int worker, String name) {
        this.who = "worker %d '%s'".formatted(worker, name);
    }

    /// What a file looks like.
    private record Look(long size, long modifiedNanos) {
        @Override
        public String toString() {
            Instant changed =
                    Instant.ofEpochSecond(
                            modifiedNanos / TimeUnit.SECONDS.toNanos(1),
                            modifiedNanos % TimeUnit.SECONDS.toNanos(1));
            return "%,d bytes, last changed %s".formatted(size, changed);
        }
    }

    /// @throws QuiverException FILE_NOT_FOUND or FILE_CHANGED, which names the worker
    void check(Pipeline pipeline) {
        read(pipeline.source()).forEach(this::check);
        switch (pipeline.sink()) {
            case Sink.Write(var target, _) -> check(target);
            case Sink.JoinFiles(var target, _) -> check(target);
            case Sink.Collect _,
                    Sink.Exchange _,
                    Sink.Aggregate _,
                    Sink.BuildTable _,
                    Sink.SortRun _,
                    Sink.MergeSorted _,
                    Sink.TopRows _,
                    Sink.WriteTable _ -> {}
        }
    }

    /// The files that a stage reads, as the client saw them.
    private static Map<String, Look> read(Source source) {
        var files = new LinkedHashMap<String, Look>();
        switch (source) {
            case Source.ScanCsv scan -> scan.ranges().forEach(range -> add(files, range));
            case Source.ScanFiles scan -> scan.ranges().forEach(range -> add(files, range));
            case Source.ScanParquet scan -> {
                for (RowGroups groups : scan.groups())
                    files.put(groups.path(), new Look(groups.size(), groups.modifiedNanos()));
            }
            case Source.Some(var whole, _, _) -> files.putAll(read(whole));
            case Source.InTurn(var whole, _) -> files.putAll(read(whole));
            case Source.ScanTable _, Source.Held _, Source.Input _ -> {}
        }
        return files;
    }

    private static void add(Map<String, Look> files, FileRange range) {
        files.put(range.path(), new Look(range.size(), range.modifiedNanos()));
    }

    private void check(String path, Look client) {
        if (Stores.isRemote(path)) return;
        Look here = look(Path.of(path));
        if (client.equals(here)) return;
        throw new QuiverException(
                here == null ? ErrorCode.FILE_NOT_FOUND : ErrorCode.FILE_CHANGED,
                here == null
                        ? "%s doesn't see '%s', which the program reads".formatted(who, path)
                        : "%s sees another '%s' than the program".formatted(who, path),
                List.of(
                        "program: " + client,
                        "worker: " + (here == null ? "nothing is there" : here),
                        "machine: " + machine()),
                WAYS_OUT);
    }

    /// Null when it isn't there or may not be looked at.
    private static @Nullable Look look(Path path) {
        try {
            long modifiedNanos = Files.getLastModifiedTime(path).to(TimeUnit.NANOSECONDS);
            return new Look(Files.size(path), modifiedNanos);
        } catch (IOException e) {
            return null;
        }
    }

    private void check(WriteTarget target) {
        Path staging = Path.of(target.staging());
        if (Files.isDirectory(staging)) return;
        throw new QuiverException(
                ErrorCode.FILE_NOT_FOUND,
                "%s doesn't see where the program writes '%s'".formatted(who, target.path()),
                List.of("the program has made: " + staging, "machine: " + machine()),
                WAYS_OUT);
    }

    private static String machine() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "without a name";
        }
    }
}
