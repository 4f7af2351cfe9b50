package dev.quiver.pipeline;

import dev.quiver.dataframe.DataFrame;
import dev.quiver.dataframe.Fn;
import dev.quiver.dataframe.FrameReader;
import dev.quiver.dataframe.Gate;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

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

        /// How many of the steps are on the main way: a branch has one of its own.
        private int mainSteps() {
            return branch.isEmpty() ? steps.size() : steps.size() - 1;
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

    /// Whether there are steps behind which no rows are loaded.
    boolean hasIdleSteps() {
        return outlets.stream().mapToInt(Outlet::mainSteps).max().orElse(0) < steps.size();
    }

    Blueprint withName(String other) {
        return changed(draft -> draft.name = other);
    }

    Blueprint with(Parameters others) {
        return changed(draft -> draft.parameters = others);
    }

    Blueprint withLedger(String directory) {
        return changed(draft -> draft.ledger = directory);
    }

    Blueprint withAudit(String file) {
        return changed(draft -> draft.audit = file);
    }

    Blueprint withExtract(Fn<FrameReader, DataFrame> extract) {
        return changed(draft -> draft.extracts = more(extracts, extract));
    }

    Blueprint withStep(Step step) {
        return changed(draft -> draft.steps = more(steps, step));
    }

    Blueprint withOutlet(Outlet outlet) {
        return changed(draft -> draft.outlets = more(outlets, outlet));
    }

    Blueprint withReport(Report report) {
        return changed(draft -> draft.reports = more(reports, report));
    }

    Blueprint with(RetryPolicy policy) {
        return changed(draft -> draft.retry = policy);
    }

    Blueprint withAfter(String other) {
        return changed(draft -> draft.after = more(after, other));
    }

    Blueprint with(Increment other) {
        return changed(draft -> draft.increment = other);
    }

    /// The same but for what is changed.
    private Blueprint changed(Consumer<Draft> change) {
        var draft = new Draft(this);
        change.accept(draft);
        return draft.made();
    }

    /// A blueprint in the making.
    private static final class Draft {
        private String name;
        private Parameters parameters;
        private String ledger;
        private String audit;
        private List<Fn<FrameReader, DataFrame>> extracts;
        private List<Step> steps;
        private List<Outlet> outlets;
        private List<Report> reports;
        private RetryPolicy retry;
        private List<String> after;
        private Increment increment;

        private Draft(Blueprint of) {
            this.name = of.name;
            this.parameters = of.parameters;
            this.ledger = of.ledger;
            this.audit = of.audit;
            this.extracts = of.extracts;
            this.steps = of.steps;
            this.outlets = of.outlets;
            this.reports = of.reports;
            this.retry = of.retry;
            this.after = of.after;
            this.increment = of.increment;
        }

        private Blueprint made() {
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
                    increment);
        }
    }

    private static <T> List<T> more(List<T> list, T one) {
        var more = new ArrayList<>(list);
        more.add(one);
        return more;
    }
}
