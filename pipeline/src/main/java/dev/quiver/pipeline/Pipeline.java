package dev.quiver.pipeline;

import dev.quiver.client.Session;
import dev.quiver.dataframe.DataFrame;
import dev.quiver.dataframe.Fn;
import dev.quiver.dataframe.FrameReader;
import dev.quiver.dataframe.Gate;
import dev.quiver.error.Cancelled;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.error.Unavailable;
import dev.quiver.io.store.Stores;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A load that survives: rows are read from files, changed, and loaded unit by unit; what is done
/// is written down, so that a run that was interrupted, by whatever, goes on where it was.
///
/// ```java
/// Pipeline flights =
///         Pipeline.named("flights")
///                 .extract(read -> read.nulls("NA").csv("data/flights/*.csv"))
///                 .transform(df -> df.withColumn("late", col("arr_delay").gt(15)))
///                 .load(Load.parquet("out/flights/").overwrite());
/// PipelineRun run = flights.run(q);
/// ```
///
/// Rows stream: a transform looks at one row at a time, beside small tables that it joins with.
/// What is loaded becomes visible at the end, as a whole. A run that didn't end goes on by itself
/// when the pipeline runs again, with the files that it began with; after one that ended the next
/// is a new one. Immutable: each call gives another pipeline.
public final class Pipeline {
    private static final Logger LOG = LoggerFactory.getLogger(Pipeline.class);
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");
    private static final Path LEDGERS = Path.of(".quiver", "ledger");

    private final Blueprint blueprint;
    private final Surroundings surroundings;
    private final Listening listening;

    private Pipeline(Blueprint blueprint, Surroundings surroundings, Listening listening) {
        this.blueprint = blueprint;
        this.surroundings = surroundings;
        this.listening = listening;
    }

    /// A pipeline that does nothing yet.
    ///
    /// @param name letters, digits, dots, hyphens and underscores, and `${parameter}`; the ledger
    ///   is kept under it
    public static Pipeline named(String name) {
        return new Pipeline(
                new Blueprint(
                        name,
                        new Parameters(new TreeMap<>()),
                        "",
                        "",
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of(),
                        RetryPolicy.DEFAULT,
                        List.of(),
                        Increment.NONE),
                Surroundings.real(),
                Listening.installed());
    }

    private Pipeline with(Blueprint other) {
        return new Pipeline(other, surroundings, listening);
    }

    /// The same pipeline in other surroundings, for tests.
    Pipeline in(Surroundings others) {
        return new Pipeline(blueprint, others, listening);
    }

    /// The same pipeline, in which things go wrong as a test says, and without pauses between
    /// tries.
    public Pipeline troubled(Trouble trouble) {
        return new Pipeline(blueprint, surroundings.with(trouble), listening);
    }

    /// Gives a parameter its value, or another one. `${name}` stands for it in the pipeline's name
    /// and in the paths of extracts and loads.
    public Pipeline parameter(String name, String value) {
        return with(blueprint.with(blueprint.parameters().with(name, value)));
    }

    /// The value of a parameter.
    ///
    /// @throws QuiverException with the code `ARGUMENT_INVALID` when it has none
    public String parameter(String name) {
        return blueprint.parameters().value(name);
    }

    /// The directory where it is written down what is done, which may be in a store:
    /// `s3://BUCKET/NAME/`; `.quiver/ledger/NAME` unless told otherwise. Whoever runs the pipeline
    /// must reach the same one.
    public Pipeline ledger(String directory) {
        return with(blueprint.withLedger(directory));
    }

    /// The file in which it is written down who read and wrote what; `audit.jsonl` in the ledger's
    /// directory unless told otherwise. Several pipelines may share one. In a store it is a folder
    /// with a file for each line, `NAME-audit/` beside a ledger `NAME/`.
    ///
    /// A line is a JSON object. `read` is there before a process begins to read for a run: user,
    /// time, files and tables, and the columns that gates call personal. `loaded` is there, once
    /// for a run, before its rows appear: targets, rows, and the personal columns of each with
    /// `clear`, `masked` or `hashed`. `stopped` and `given up` end a run of which nothing appears.
    /// No line shows a value.
    public Pipeline audit(String file) {
        return with(blueprint.withAudit(file));
    }

    /// Reads files. Said again, the rows of all extracts are loaded, one after the other.
    public Pipeline extract(Fn<FrameReader, DataFrame> extract) {
        return with(blueprint.withExtract(extract));
    }

    /// Leaves out files that an earlier run loaded which ended: files of the same path, size and
    /// time of change. A file that changed is loaded again, as a whole.
    ///
    /// The first run makes the targets, later ones add parts to them, under names of their own; a
    /// run that finds nothing new ends well with no rows. It is the files whose rows are loaded
    /// that are left out, not those of small tables that these rows are joined with.
    public Pipeline onlyNew() {
        return with(blueprint.with(blueprint.increment().withOnlyNew()));
    }

    /// Leaves out rows whose value of a column isn't above the largest that the last run found
    /// which ended. Each extract has a mark of its own; it is kept in the ledger and moves when a
    /// run ends.
    ///
    /// A run loads the rows up to the largest value that is there when it begins, which it reads
    /// the column for once before. Later runs add to the targets, as with [#onlyNew].
    ///
    /// @param column of every extract: whole numbers, decimals, dates, timestamps or texts, without
    ///   nulls
    public Pipeline highWaterMark(String column) {
        return with(blueprint.with(blueprint.increment().withMark(column)));
    }

    /// Lets rows through that fulfil a gate's rules. What it turns away is counted, and kept where
    /// the gate has a quarantine, which becomes visible with the loads; a row that goes to several
    /// loads is kept once. `${name}` stands for a parameter in the quarantine's path.
    public Pipeline gate(Gate gate) {
        return with(blueprint.withStep(new Blueprint.Step.Gated(gate)));
    }

    /// Changes rows: filters, computed columns, joins with small tables.
    public Pipeline transform(Fn<DataFrame, DataFrame> transform) {
        return with(blueprint.withStep(new Blueprint.Step.Change("transform", transform)));
    }

    /// Loads the rows as they are behind the steps before. Said again, they are loaded to several
    /// places; all become visible together at the end.
    public Pipeline load(Load load) {
        return with(blueprint.withOutlet(new Blueprint.Outlet("", blueprint.steps(), load)));
    }

    /// Loads the rows changed in another way, beside the main one.
    public Pipeline branch(String name, Fn<DataFrame, DataFrame> transform, Load load) {
        var steps = new ArrayList<>(blueprint.steps());
        steps.add(new Blueprint.Step.Change("branch " + name, transform));
        return with(blueprint.withOutlet(new Blueprint.Outlet(name, steps, load)));
    }

    /// Asks something of what the first load has loaded; here rows may be grouped and sorted. The
    /// answer is in [PipelineRun#report].
    public Pipeline report(String name, Fn<DataFrame, DataFrame> question) {
        return with(blueprint.withReport(new Blueprint.Report.Question(name, question)));
    }

    /// Tells how what the first load loads differs from what the last run which ended had loaded:
    /// in rows, columns, types, nulls, ranges and values, a sentence each, as [Profile#driftSince]
    /// has them. They are in [PipelineRun#drift] and the log, and kept in the ledger; of columns
    /// that a gate calls personal no value is looked at.
    ///
    /// Each run looks once more at the rows that it loaded; of a table, at all rows. A run of new
    /// rows only that finds none is left out.
    public Pipeline drift() {
        return with(blueprint.withReport(new Blueprint.Report.Drift()));
    }

    /// Whether [#drift] was said.
    public boolean findsDrift() {
        return blueprint.reports().stream().anyMatch(Blueprint.Report.Drift.class::isInstance);
    }

    /// What [#drift] found in the last run that ended; empty when it found nothing.
    public List<String> lastDrift() {
        try (Ledger ledger = open()) {
            return DriftWatch.last(ledger);
        }
    }

    /// How often a step is tried that failed because of what may pass, such as a file system that
    /// doesn't answer; 3 times with a pause of a second before the second unless told otherwise.
    /// Each pause is twice as long as the one before, give or take a half. Data that is wrong isn't
    /// read again.
    public Pipeline retry(int tries, Duration firstPause) {
        return with(blueprint.with(new RetryPolicy(tries, firstPause)));
    }

    /// Runs behind another pipeline when both are of one [Pipelines].
    public Pipeline after(String pipeline) {
        return with(blueprint.withAfter(pipeline));
    }

    /// Lets somebody hear of its runs, beside those who hear of all: the history is one of these.
    public Pipeline observer(RunObserver observer) {
        return new Pipeline(blueprint, surroundings, listening.with(observer));
    }

    /// What starts its runs, for the history: `by hand` unless told otherwise.
    public Pipeline triggeredBy(String trigger) {
        return new Pipeline(blueprint, surroundings, listening.with(trigger));
    }

    /// Its name, with its parameters.
    public String name() {
        String name = blueprint.parameters().in(blueprint.name());
        if (NAME.matcher(name).matches()) return name;
        throw new QuiverException(
                ErrorCode.ARGUMENT_INVALID,
                "a pipeline called '%s'".formatted(name),
                List.of(),
                "use letters, digits, dots, hyphens and underscores");
    }

    Blueprint blueprint() {
        return blueprint.withName(name());
    }

    /// The directory of its ledger, which may be in a store; its history is there too.
    public Path ledgerDirectory() {
        return ledgerDirectory(blueprint.parameters().in(blueprint.ledger()), name());
    }

    /// @param said empty for the usual one
    static Path ledgerDirectory(String said, String name) {
        return said.isEmpty()
                ? LEDGERS.resolve(name).toAbsolutePath()
                : Stores.path(said).toAbsolutePath();
    }

    /// The number of the last run that ended; 0 when none did.
    public long lastRun() {
        try (Ledger ledger = open()) {
            return ledger.last().map(LedgerRecord.Finished::run).orElse(0L);
        }
    }

    /// Runs it to its end, from where it was.
    ///
    /// @throws QuiverException when a step failed and trying again didn't help, or when another
    ///   process is running the pipeline, or when something changed since a run began that didn't
    ///   end; what is done stays done
    public PipelineRun run(Session session) {
        try (Ledger ledger = openToRun()) {
            PipelineRun run =
                    new PipelineExecution(blueprint(), session, surroundings, ledger, listening)
                            .run();
            tell(run);
            return run;
        } catch (QuiverException e) {
            // What is wrong with the pipeline itself is told to who runs it; what happened to a run
            // is for those who look later, too.
            boolean isMistake =
                    e.code() == ErrorCode.PLAN_INVALID || e.code() == ErrorCode.TARGET_EXISTS;
            if (e instanceof Cancelled) LOG.info("{}", e.getMessage());
            else if (!isMistake) LOG.error("{}", e.getMessage());
            throw e;
        } finally {
            RunTelling.forget();
        }
    }

    private static void tell(PipelineRun run) {
        for (String drift : run.drift()) LOG.warn("{}: {}", run.id(), drift);
        RunTelling.count(run);
        LOG.info("'{}' is done: {}", run.id(), run.outcome());
    }

    /// Tries everything with the first rows of each extract: gates and transforms run, nothing is
    /// loaded, and nothing is written down.
    ///
    /// @param rowsMax of each extract
    /// @throws QuiverException as [#run] where a step fails
    public DryRun dryRun(Session session, long rowsMax) {
        var rehearsal = new Rehearsal(blueprint(), session, surroundings);
        return new Retries(name(), blueprint.retry(), surroundings)
                .run(Retries.Place.of("dry run"), () -> rehearsal.run(rowsMax));
    }

    /// What [#run] would do, for people: whether a run goes on, its loads, their units and steps.
    public String explain(Session session) {
        try (Ledger ledger = open()) {
            return new PipelineExecution(blueprint(), session, surroundings, ledger, listening)
                    .explain();
        }
    }

    /// Whether a run of it began that neither ended nor was given up.
    public boolean isUnfinished() {
        return unfinished().isPresent();
    }

    /// The run of it that began and neither ended nor was given up.
    public Optional<UnfinishedRun> unfinished() {
        try (Ledger ledger = open()) {
            return unfinished(ledger);
        }
    }

    private Optional<UnfinishedRun> unfinished(Ledger ledger) {
        return ledger.unfinished().map(run -> UnfinishedRun.of(name(), ledger.directory(), run));
    }

    /// The pipelines that it runs behind.
    public List<String> runsAfter() {
        return blueprint.after();
    }

    Ledger open() {
        return Ledger.open(
                surroundings.disk(), ledgerDirectory(), "pipeline '%s'".formatted(name()));
    }

    /// As [#open], tried again where that may help. A ledger that another process holds is refused
    /// at once: its run may take hours.
    private Ledger openToRun() {
        var retries = new Retries(name(), blueprint.retry(), surroundings);
        for (int tried = 1; ; tried++) {
            try {
                return open();
            } catch (Unavailable e) {
                throw e;
            } catch (QuiverException e) {
                retries.again(Retries.Place.of("start"), e, tried);
            }
        }
    }

    /// What gives up a run at the command line.
    ///
    /// @param blueprint with its name
    static String giveUpCommand(Blueprint blueprint) {
        Path directory =
                ledgerDirectory(blueprint.parameters().in(blueprint.ledger()), blueprint.name());
        String command = "quiver give-up " + blueprint.name();
        if (directory.equals(ledgerDirectory("", blueprint.name()))) return command;
        String place = directory.toString();
        boolean isPlain = place.matches("[A-Za-z0-9._/:=@%+,-]+");
        return command + " --ledger " + (isPlain ? place : "'%s'".formatted(place));
    }

    /// Gives up a run that didn't end: what it loaded isn't published, and the next run is a new
    /// one. Does nothing when there is none. At the command line it is `quiver give-up NAME`.
    ///
    /// @return whether there was one
    public boolean giveUp() {
        try (Ledger ledger = open()) {
            Optional<Ledger.Run> run = ledger.unfinished();
            if (run.isEmpty()) return false;
            String id = PipelineExecution.runId(name(), run.get().number());
            Blueprint known = Auditing.found(blueprint(), ledger);
            var stagings = new Stagings(known, run.get(), id);
            new Auditing(known, surroundings, ledgerDirectory()).givesUp(id, run.get());
            ledger.giveUp();
            // Only now: without its files a run couldn't go on.
            stagings.delete(surroundings.disk());
            tellGivenUp(UnfinishedRun.of(name(), ledger.directory(), run.get()));
            return true;
        }
    }

    private void tellGivenUp(UnfinishedRun run) {
        for (RunObserver observer : listening.observers()) {
            try {
                observer.givenUp(run);
            } catch (RuntimeException e) {
                LOG.warn("an observer of run '{}' threw", run.run(), e);
            }
        }
    }

    @Override
    public String toString() {
        return "Pipeline[%s]".formatted(blueprint.name());
    }
}
