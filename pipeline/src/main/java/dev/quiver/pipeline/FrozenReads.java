package dev.quiver.pipeline;

import dev.quiver.dataframe.FrameReader;
import dev.quiver.dataframe.Frames;
import dev.quiver.dataframe.QueryRunner;
import dev.quiver.dataframe.plan.LogicalPlan;
import dev.quiver.dataframe.plan.SourceFiles;
import dev.quiver.dataframe.plan.TableInput;
import dev.quiver.dataframe.plan.TableRead;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The readers that extracts get. They put parameters into paths and note which files each path
/// meant; in a run that goes on, a path means the files that it meant when the run began.
final class FrozenReads {
    private final Blueprint blueprint;
    private final Parameters parameters;
    private final Map<List<String>, List<String>> known = new LinkedHashMap<>();
    private final Map<List<String>, List<String>> used = new LinkedHashMap<>();

    /// @param known what was found when the run began; empty for a new run
    FrozenReads(Blueprint blueprint, List<RunKey.Read> known) {
        this.blueprint = blueprint;
        this.parameters = blueprint.parameters();
        for (RunKey.Read read : known) this.known.put(read.paths(), read.files());
    }

    /// What was read so far.
    List<RunKey.Read> reads() {
        var reads = new ArrayList<RunKey.Read>();
        used.forEach((paths, files) -> reads.add(new RunKey.Read(paths, files)));
        return reads;
    }

    /// A reader of a session's. Both of its parts are seen through proxies, so that formats which
    /// sessions learn later are read in the same way.
    FrameReader reader(QueryRunner session) {
        SourceFiles files =
                proxy(
                        SourceFiles.class,
                        (method, arguments) -> read(session.files(), method, arguments));
        QueryRunner runner =
                proxy(
                        QueryRunner.class,
                        (method, arguments) ->
                                method.getName().equals("files")
                                        ? files
                                        : call(session, method, arguments));
        return Frames.reader(runner);
    }

    private interface Answer {
        @Nullable Object to(java.lang.reflect.Method method, @Nullable Object[] arguments)
                throws Throwable;
    }

    private static <T> T proxy(Class<T> type, Answer answer) {
        return type.cast(
                Proxy.newProxyInstance(
                        type.getClassLoader(),
                        new Class<?>[] {type},
                        (_, method, arguments) ->
                                answer.to(
                                        method,
                                        Objects.requireNonNullElseGet(
                                                arguments, () -> new Object[0]))));
    }

    private static @Nullable Object call(
            Object target, java.lang.reflect.Method method, @Nullable Object[] arguments)
            throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getTargetException();
        }
    }

    private @Nullable Object read(
            SourceFiles files, java.lang.reflect.Method method, @Nullable Object[] arguments)
            throws Throwable {
        if (arguments.length == 1 && arguments[0] instanceof TableRead table)
            return read(files, table);
        var changed = arguments.clone();
        List<String> paths = List.of();
        for (int i = 0; i < changed.length; i++) {
            if (!(changed[i] instanceof List<?> said)) continue;
            paths = said.stream().map(path -> parameters.in(String.valueOf(path))).toList();
            changed[i] = known.getOrDefault(paths, paths);
        }
        @Nullable Object scan;
        try {
            scan = call(files, method, changed);
        } catch (QuiverException e) {
            if (known.containsKey(paths) && e.code() == ErrorCode.FILE_NOT_FOUND) throw gone(e);
            throw e;
        }
        if (scan instanceof LogicalPlan plan)
            used.put(paths, PlanText.of(plan).files().stream().map(FileVersion::path).toList());
        return scan;
    }

    /// A table is cut as it was when the run began, whatever was added to it since, so that each
    /// row that was there is in the same unit.
    private LogicalPlan read(SourceFiles files, TableRead said) {
        var table =
                new TableRead(
                        said.database(),
                        parameters.in(said.text()),
                        said.isQuery(),
                        said.parameters(),
                        said.partitionColumn(),
                        said.partitions(),
                        said.types());
        var name = new ArrayList<String>();
        name.add(table.database().toString());
        name.add(table.text());
        for (Object parameter : table.parameters()) name.add(parameter.toString());
        name.add("%s %d".formatted(table.partitionColumn(), table.partitions()));
        LogicalPlan.ScanTable scan = files.table(table);
        TableInput found = scan.input();
        List<String> conditions = known.getOrDefault(name, found.conditions());
        used.put(name, conditions);
        var input =
                new TableInput(
                        found.database(), found.query(), found.schema(), conditions, found.rows());
        return new LogicalPlan.ScanTable(input, scan.schema(), scan.origin());
    }

    private QuiverException gone(QuiverException missing) {
        return new QuiverException(
                ErrorCode.FILE_CHANGED,
                "an input of the unfinished run is gone: " + missing.what(),
                missing.where(),
                "put it back, so that the run can go on; or give the run up: %s, or giveUp() in code"
                        .formatted(Pipeline.giveUpCommand(blueprint)),
                missing);
    }
}
