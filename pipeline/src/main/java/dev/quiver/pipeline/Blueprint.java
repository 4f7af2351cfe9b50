package dev.quiver.pipeline;

import dev.quiver.dataframe.DataFrame;
import dev.quiver.dataframe.Fn;
import dev.quiver.dataframe.FrameReader;
import dev.quiver.dataframe.Gate;
import java.util.ArrayList;
import java.util.List;

/// What a pipeline was told, in the order in which it was.
///
/// @param ledger a directory as the user wrote it; empty leaves it to the pipeline
/// @param audit the file of the audit log as the user wrote it; empty puts it beside the ledger
/// @param steps all steps so far; a load gets the rows as they are behind the steps before it
/// @param after the pipelines that must have run before
/// @param increment what its runs leave out
record Blueprint(
        String name,
        Parameters parameters,
        String ledger,
        String audit,
        List<Fn<FrameReader, DataFrame>> extracts,
        List<Step> steps,
        List<Outlet> outlets,
        List<Report> reports,
        RetryPolicy retry,
        List<String> after,
        Increment increment) {
    Blueprint {
        extracts = List.copyOf(extracts);
        steps = List.copyOf(steps);
        outlets = List.copyOf(outlets);
        reports = List.copyOf(reports);
        after = List.copyOf(after);
    }

    /// What is done to rows on their way.
    sealed interface Step {
        /// A function of the user's.
        ///
        /// @param name such as `transform` or `branch late`
        record Change(String name, Fn<DataFrame, DataFrame> change) implements Step {}

        /// Rules that turn bad rows away.
        record Gated(Gate gate) implements Step {}
    }

    /// Where rows go.
    ///
    /// @param branch empty for the main way
    record Outlet(String branch, List<Step> steps, Load load) {
        Outlet {
            steps = List.copyOf(steps);
        }
    }

    /// What is told about what was loaded.
    sealed interface Report {
        /// The answer to a question of the user's.
        record Question(String name, Fn<DataFrame, DataFrame> question) implements Report {}

        /// How it differs from what the last run loaded.
        record Drift() implements Report {
            @Override
            public String name() {
                return "drift";
            }
        }

        String name();
    }

    Blueprint withName(String other) {
        return new Blueprint(
                other,
                parameters,
                ledger,
                audit,
                extracts,
                steps,
                outlets,
                reports,
                retry,
                after,
                increment);
    }

    Blueprint with(Parameters others) {
        return new Blueprint(
                name, others, ledger, audit, extracts, steps, outlets, reports, retry, after,
                increment);
    }

    Blueprint withLedger(String directory) {
        return new Blueprint(
                name,
                parameters,
                directory,
                audit,
                extracts,
                steps,
                outlets,
                reports,
                retry,
                after,
                increment);
    }

    Blueprint withAudit(String file) {
        return new Blueprint(
                name,
                parameters,
                ledger,
                file,
                extracts,
                steps,
                outlets,
                reports,
                retry,
                after,
                increment);
    }

    Blueprint withExtract(Fn<FrameReader, DataFrame> extract) {
        return new Blueprint(
                name,
                parameters,
                ledger,
                audit,
                more(extracts, extract),
                steps,
                outlets,
                reports,
                retry,
                after,
                increment);
    }

    Blueprint withStep(Step step) {
        return new Blueprint(
                name,
                parameters,
                ledger,
                audit,
                extracts,
                more(steps, step),
                outlets,
                reports,
                retry,
                after,
                increment);
    }

    Blueprint withOutlet(Outlet outlet) {
        return new Blueprint(
                name,
                parameters,
                ledger,
                audit,
                extracts,
                steps,
                more(outlets, outlet),
                reports,
                retry,
                after,
                increment);
    }

    Blueprint withReport(Report report) {
        return new Blueprint(
                name,
                parameters,
                ledger,
                audit,
                extracts,
                steps,
                outlets,
                more(reports, report),
                retry,
                after,
                increment);
    }

    Blueprint with(RetryPolicy policy) {
        return new Blueprint(
                name,
                parameters,
                ledger,
                audit,
                extracts,
                steps,
                outlets,
                reports,
                policy,
                after,
                increment);
    }

    Blueprint withAfter(String other) {
        return new Blueprint(
                name,
                parameters,
                ledger,
                audit,
                extracts,
                steps,
                outlets,
                reports,
                retry,
                more(after, other),
                increment);
    }

    Blueprint with(Increment other) {
        return new Blueprint(
                name,
                parameters,
                ledger,
                audit,
                extracts,
                steps,
                outlets,
                reports,
                retry,
                after,
                other);
    }

    private static <T> List<T> more(List<T> list, T one) {
        var more = new ArrayList<>(list);
        more.add(one);
        return more;
    }
}
