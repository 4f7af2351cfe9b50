package dev.quiver.deploy;

import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.pipeline.Pipeline;
import dev.quiver.pipeline.UnfinishedRun;
import dev.quiver.pipeline.history.History;
import dev.quiver.pipeline.history.RunRecord;
import java.io.PrintStream;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// What `quiver give-up` was asked for.
final class GivingUp {
    @Mixin private LedgerOption ledgers = new LedgerOption();

    @Option(names = "--force", description = "Even when rows of the run may be visible already.")
    private boolean force;

    /// Gives up the run that a pipeline didn't end.
    ///
    /// @param name of a pipeline or a run
    void run(String name, PrintStream out) {
        List<RunRecord> all = History.of(ledgers.places());
        List<RunRecord> meant =
                all.stream()
                        .filter(run -> run.run().equals(name) || run.pipeline().equals(name))
                        .toList();
        if (meant.isEmpty()) throw LedgerOption.unknown(name, all);
        RunRecord last = meant.getFirst();
        checkOne(name, meant);
        Pipeline pipeline = Pipeline.named(last.pipeline()).ledger(last.ledger().toString());
        Optional<UnfinishedRun> found = pipeline.unfinished();
        boolean isAnother =
                !name.equals(last.pipeline())
                        && !found.map(UnfinishedRun::run).equals(Optional.of(name));
        if (found.isEmpty() || isAnother) {
            out.println(
                    "nothing to give up: run '%s' is %s"
                            .formatted(last.run(), RunJson.state(last.state())));
            return;
        }
        UnfinishedRun run = found.get();
        if (run.isPublishing() && !force) throw visible(run);
        var _ = pipeline.giveUp();
        out.println(
                "gave up run '%s', which had loaded %d of %d units; the next run begins anew"
                        .formatted(run.run(), run.unitsDone(), run.units()));
    }

    private static void checkOne(String name, List<RunRecord> meant) {
        List<String> places =
                meant.stream().map(run -> "ledger: " + run.ledger()).distinct().toList();
        if (places.size() == 1) return;
        throw new QuiverException(
                ErrorCode.ARGUMENT_INVALID,
                "'%s' ran with %d ledgers".formatted(name, places.size()),
                places,
                "say which by --ledger DIR");
    }

    private static QuiverException visible(UnfinishedRun run) {
        return new QuiverException(
                ErrorCode.ARGUMENT_INVALID,
                "run '%s' was publishing: rows of it may be visible already".formatted(run.run()),
                List.of("ledger: " + run.ledger()),
                "run the pipeline again, which publishes the rest; or say --force, and look whether"
                        + " its targets have rows twice after the next run");
    }
}
