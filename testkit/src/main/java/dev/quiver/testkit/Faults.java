package dev.quiver.testkit;

import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.pipeline.Trouble;
import java.util.ArrayList;
import java.util.List;

/// Things that go wrong in a run, at a step and a unit that a test chooses.
///
/// ```java
/// test.run(orders, Faults.failing("load", 1, 2));       // fails twice, then it works
/// test.abort(orders, Faults.aborting("publish", 0));    // as if the process had been killed
/// test.run(orders);                                     // goes on where it was
/// ```
///
/// Steps are called as in [dev.quiver.pipeline.PipelineRun.StepRun]; the first word is enough.
/// Units are counted from 1; 0 is the step itself. For one run.
public final class Faults implements Trouble {
    private final List<Fault> faults;
    private final List<String> passed = new ArrayList<>();

    /// One thing that goes wrong.
    private static final class Fault {
        private final String step;
        private final int unit;
        private final boolean aborts;
        private int times;

        private Fault(String step, int unit, int times, boolean aborts) {
            this.step = step;
            this.unit = unit;
            this.times = times;
            this.aborts = aborts;
        }
    }

    /// Thrown where a run is aborted; nothing catches it before the test.
    static final class Abort extends Error {
        private static final long serialVersionUID = 1L;

        private Abort(String place) {
            super("aborted at " + place);
        }
    }

    private Faults(List<Fault> faults) {
        this.faults = faults;
    }

    /// The file system doesn't answer, some times; then it does.
    ///
    /// @param step how the step's name begins, such as `load`
    /// @param unit from 1; 0 for the step itself
    /// @param times at least 1
    public static Faults failing(String step, int unit, int times) {
        return new Faults(List.of(new Fault(step, unit, times, false)));
    }

    /// The run ends there at once, as if its process had been killed. Of a unit, its files are
    /// written and the ledger doesn't know.
    ///
    /// @param step how the step's name begins, such as `load`
    /// @param unit from 1; 0 for the step itself
    public static Faults aborting(String step, int unit) {
        return new Faults(List.of(new Fault(step, unit, 1, true)));
    }

    /// Both.
    public Faults and(Faults more) {
        var both = new ArrayList<>(faults);
        both.addAll(more.faults);
        return new Faults(both);
    }

    /// The places that the run came by, such as `load parquet out/flights/, unit 3`.
    public List<String> passed() {
        return List.copyOf(passed);
    }

    @Override
    public void before(String step, int unit) {
        String place = unit == 0 ? step : "%s, unit %d".formatted(step, unit);
        passed.add(place);
        for (Fault fault : faults) {
            if (fault.times == 0 || fault.unit != unit || !step.startsWith(fault.step)) continue;
            fault.times--;
            if (fault.aborts) throw new Abort(place);
            throw new QuiverException(
                    ErrorCode.IO_FAILED,
                    "the test lets %s fail".formatted(place),
                    List.of(),
                    "give the pipeline more tries, or expect the failure");
        }
    }
}
