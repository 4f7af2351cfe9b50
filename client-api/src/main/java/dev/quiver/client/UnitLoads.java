package dev.quiver.client;

import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.columnar.memory.Owner;
import dev.quiver.dataframe.ChunkSize;
import dev.quiver.dataframe.QueryRunner;
import dev.quiver.dataframe.Row;
import dev.quiver.dataframe.plan.LogicalPlan;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.operator.ChunkLimits;
import dev.quiver.operator.Source;
import dev.quiver.operator.TableTarget;
import dev.quiver.operator.Target;
import dev.quiver.planner.Quarantines;
import dev.quiver.planner.StagePlan;
import dev.quiver.planner.UnitPlan;
import dev.quiver.scheduler.server.PipelineNews;
import dev.quiver.worker.store.SeenKeys;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;

/// Writes frames unit by unit: what the module `pipeline` loads with. Not for users.
///
/// A frame that streams, from files through steps that look at one row after another, is one stage;
/// each of its partitions is a unit, which is written on its own and told to a listener as soon as
/// its files are complete under their temporary names. Which rows a unit has follows from the files
/// alone, so units that are done can be left out in another process.
public final class UnitLoads {
    private final OpenSession session;
    private final SessionQueries queries;

    private UnitLoads(OpenSession session) {
        this.session = session;
        this.queries = session.queries();
    }

    /// The units of frames of a session.
    public static UnitLoads of(Session session) {
        if (session instanceof OpenSession open) return new UnitLoads(open);
        throw new QuiverException(
                ErrorCode.ARGUMENT_INVALID,
                "a Session of class %s".formatted(session.getClass().getName()),
                List.of(),
                "use a session that Quiver made");
    }

    /// What runs the session's plans.
    public QueryRunner runner() {
        return queries;
    }

    /// Whether a scheduler in another process is to be told of pipelines, for those who look at it.
    public boolean isToldOfPipelines() {
        return queries.backend().isRemote();
    }

    /// Tells the scheduler of a pipeline. May wait for a second.
    ///
    /// @throws QuiverException when it doesn't get there
    public void tell(PipelineNews news) {
        queries.backend().tell(news);
    }

    /// What is to be written.
    ///
    /// @param plan with the inputs as they were when it was made
    /// @param quarantines where gates keep bad rows; when it names keys of the load, which
    ///   [#holdKeys] holds, the units run one after the other
    public record Load(LogicalPlan plan, Target target, Quarantines quarantines) {}

    /// How large files are that a user gave a size.
    ///
    /// @throws QuiverException ARGUMENT_INVALID when it isn't one
    public static ChunkLimits limits(ChunkSize size) {
        return ChunkSizes.limits(size);
    }

    /// A load that streams into files.
    ///
    /// @param units what people call each unit
    /// @param keys the names of the sets of keys that rules for unique rows ask
    public record Streamed(Load load, List<String> units, List<String> keys) {
        public Streamed {
            units = List.copyOf(units);
            keys = List.copyOf(keys);
        }
    }

    /// Hears about units as they are done, one after the other, in the caller's thread. A listener
    /// that throws ends the run.
    public interface Listener {
        /// @param manifest a row for each file of the unit: `path`, `temporary`, `rows`, `bytes`
        ///   and maybe more
        void done(int unit, List<Row> manifest);

        /// How many rows units have read that were run together; those of tasks that failed too.
        default void read(long rows) {}
    }

    /// A listener that also hears how many rows were read.
    public static Listener counted(Listener listener, LongConsumer read) {
        return new Listener() {
            @Override
            public void done(int unit, List<Row> manifest) {
                listener.done(unit, manifest);
            }

            @Override
            public void read(long rows) {
                read.accept(rows);
            }
        };
    }

    /// A unit that failed, or number -1 when it was something that all units read.
    public static final class UnitFailed extends Exception {
        private static final long serialVersionUID = 1L;

        private final int unit;
        private final QuiverException failure;

        UnitFailed(int unit, QuiverException failure) {
            super(failure);
            this.unit = unit;
            this.failure = failure;
        }

        public int unit() {
            return unit;
        }

        public QuiverException failure() {
            return failure;
        }
    }

    /// Plans a load.
    ///
    /// @throws QuiverException with the code `PLAN_INVALID` when its rows don't stream
    public Streamed plan(Load load) {
        StagePlan staged = queries.plannedWrite(load, true);
        Source source = UnitPlan.source(staged);
        List<String> names =
                IntStream.range(0, staged.partitions()).mapToObj(source::partitionName).toList();
        return new Streamed(load, names, UnitPlan.keys(staged));
    }

    /// Memory for something of a load's, until it is closed.
    ///
    /// @param what it is for, for people
    public MemoryAccount memory(String what) {
        return queries.pool().account(new Owner("pipeline", what, -1));
    }

    /// The most memory that the session counted since [#resetPeak].
    public long peakBytes() {
        return queries.pool().peakBytes();
    }

    public void resetPeak() {
        queries.pool().resetPeak();
    }

    /// Lets the rules of a load ask a set of keys, until it is released.
    public void holdKeys(String name, SeenKeys keys) {
        queries.store().holdSeenKeys(name, keys);
    }

    public void releaseKeys(String name) {
        queries.store().releaseSeenKeys(name);
    }

    /// Writes units; those that are done before another fails have been told.
    ///
    /// @param units ascending, at least one
    /// @param first what unit 0 is called in the names of its files
    /// @throws UnitFailed when one can't be written; no task of the run goes on behind it
    public void run(Streamed streamed, List<Integer> units, int first, Listener listener)
            throws UnitFailed {
        if (streamed.keys().isEmpty()) {
            runTogether(streamed, units, first, listener);
            return;
        }
        for (int unit : units) runTogether(streamed, List.of(unit), first, listener);
    }

    /// Whether units need what only this process has: a load's keys, or a database without a
    /// server.
    private static boolean isBoundHere(Streamed streamed) {
        boolean target =
                streamed.load().target() instanceof TableTarget table
                        && table.database().isOfOneProcess();
        return target || !streamed.keys().isEmpty() || readsOwnDatabase(streamed.load().plan());
    }

    private static boolean readsOwnDatabase(LogicalPlan plan) {
        if (plan instanceof LogicalPlan.ScanTable scan)
            return scan.input().database().isOfOneProcess();
        return plan.inputs().stream().anyMatch(UnitLoads::readsOwnDatabase);
    }

    private void runTogether(Streamed streamed, List<Integer> units, int first, Listener listener)
            throws UnitFailed {
        SessionQueries where = isBoundHere(streamed) ? session.here() : queries;
        StagePlan staged = where.plannedWrite(streamed.load(), false);
        if (staged.partitions() != streamed.units().size())
            throw new QuiverException(
                    ErrorCode.FILE_CHANGED,
                    "the input has %d partitions, and had %d when the run was planned"
                            .formatted(staged.partitions(), streamed.units().size()),
                    List.of(),
                    "don't change files while they are read");
        where.runUnits(UnitPlan.only(staged, units, first), units, listener);
    }
}
