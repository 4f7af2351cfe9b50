package dev.quiver.deploy;

import dev.quiver.pipeline.history.History;
import dev.quiver.pipeline.history.RunRecord;
import java.io.PrintStream;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
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

    @Mixin private LedgerOption ledgers = new LedgerOption();

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
        List<RunRecord> all = History.of(ledgers.places());
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
                    "no runs yet: listed are those of pipelines that ran in this directory;\n"
                            + "say --ledger DIR for others");
    }

    private List<RunRecord> chosen(List<RunRecord> all, @Nullable String name) {
        Stream<RunRecord> runs = all.stream();
        if (name != null) {
            if (all.stream().noneMatch(run -> run.pipeline().equals(name)))
                throw LedgerOption.unknown(name, all);
            runs = runs.filter(run -> run.pipeline().equals(name));
        }
        if (failed)
            runs =
                    runs.filter(run ->
                            run.state() == RunRecord.State.FAILED
                                    || run.state() == RunRecord.State.KILLED);
        return runs.limit(limit).toList();
    }
}
