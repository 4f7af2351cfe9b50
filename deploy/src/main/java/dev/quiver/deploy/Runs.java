package dev.quiver.deploy;

import dev.quiver.error.ErrorCode;
import dev.quiver.error.NearestName;
import dev.quiver.error.QuiverException;
import dev.quiver.io.store.Stores;
import dev.quiver.pipeline.history.History;
import dev.quiver.pipeline.history.LedgerPlaces;
import dev.quiver.pipeline.history.RunRecord;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// What `quiver runs` was asked for.
final class Runs {
    enum Kind {
        TABLE,
        JSONL
    }

    @Option(names = "--failed", description = "Only runs that failed or were killed.")
    private boolean failed;

    @Option(
            names = {"-n", "--limit"},
            paramLabel = "N",
            defaultValue = "20",
            description = "How many, the newest first (default: ${DEFAULT-VALUE}).")
    private int limit;

    @Option(
            names = "--ledger",
            paramLabel = "DIR",
            description =
                    "A ledger, or a directory of ledgers (default: those of this directory's"
                            + " pipelines).")
    private List<String> ledgers = new ArrayList<>();

    @Option(
            names = "--format",
            paramLabel = "table|jsonl",
            description = "How to write it (default: table).")
    private Kind kind = Kind.TABLE;

    /// Writes a list of runs, or one run.
    ///
    /// @param name of a pipeline or a run; null for all
    void write(@Nullable String name, PrintStream out) {
        if (limit < 1)
            throw Complaints.usage(
                    "--limit is " + limit,
                    List.of("in: quiver runs"),
                    "give a number of at least 1");
        List<RunRecord> all = History.of(places());
        Instant now = Instant.now();
        if (name != null) {
            for (RunRecord run : all) {
                if (!run.run().equals(name)) continue;
                if (kind == Kind.JSONL) out.println(RunJson.line(run));
                else RunText.details(run, now, ZoneId.systemDefault(), out);
                return;
            }
        }
        List<RunRecord> shown = chosen(all, name);
        if (kind == Kind.JSONL) {
            for (RunRecord run : shown) out.println(RunJson.line(run));
            return;
        }
        RunText.list(shown, now, ZoneId.systemDefault(), out);
        if (shown.isEmpty() && failed && !all.isEmpty()) out.println("no run failed");
        else if (all.isEmpty())
            out.println(
                    "no runs yet: pipelines that ran in this directory are listed here; say"
                            + " --ledger DIR for others");
    }

    private List<RunRecord> chosen(List<RunRecord> all, @Nullable String name) {
        Stream<RunRecord> runs = all.stream();
        if (name != null) {
            if (all.stream().noneMatch(run -> run.pipeline().equals(name)))
                throw unknown(name, all);
            runs = runs.filter(run -> run.pipeline().equals(name));
        }
        if (failed)
            runs =
                    runs.filter(run ->
                            run.state() == RunRecord.State.FAILED
                                    || run.state() == RunRecord.State.KILLED);
        return runs.limit(limit).toList();
    }

    private static QuiverException unknown(String name, List<RunRecord> all) {
        var names = new ArrayList<String>();
        for (RunRecord run : all) if (!names.contains(run.pipeline())) names.add(run.pipeline());
        List<String> where =
                List.of("has: " + (names.isEmpty() ? "no runs" : String.join(", ", names)));
        all.forEach(run -> names.add(run.run()));
        return new QuiverException(
                ErrorCode.ARGUMENT_INVALID,
                "no pipeline or run '%s' in the history".formatted(name),
                where,
                NearestName.of(name, names)
                        .map("did you mean '%s'?"::formatted)
                        .orElse("'quiver runs' lists them; say --ledger DIR for those elsewhere"));
    }

    private List<Path> places() {
        try {
            if (ledgers.isEmpty()) return new LedgerPlaces(Path.of("")).all();
            var places = new ArrayList<Path>();
            for (String ledger : ledgers) {
                Path directory = Stores.path(ledger).toAbsolutePath();
                List<Path> found = LedgerPlaces.below(directory);
                if (found.isEmpty())
                    throw new QuiverException(
                            ErrorCode.FILE_NOT_FOUND,
                            "no history in '%s'".formatted(ledger),
                            List.of("looked in: " + directory),
                            "name what the pipeline says with ledger(…), or the directory above");
                places.addAll(found);
            }
            return places;
        } catch (IOException e) {
            throw new QuiverException(
                    ErrorCode.IO_FAILED,
                    "can't look for ledgers: " + Objects.requireNonNullElse(e.getMessage(), "" + e),
                    List.of(),
                    "check the permissions of .quiver",
                    e);
        }
    }
}
