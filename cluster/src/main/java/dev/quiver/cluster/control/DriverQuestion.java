package dev.quiver.cluster.control;

import dev.quiver.operator.Bytes;
import java.util.List;

/// What is asked and told about submitted programs; each is answered by one [DriverAnswer].
public sealed interface DriverQuestion {
    /// @param program a jar that names its main class
    record Submit(DriverPlan plan, Bytes program) implements DriverQuestion {}

    /// All that the cluster knows of, in the order they came.
    record All() implements DriverQuestion {}

    /// What a program has printed.
    ///
    /// @param from where to begin, as the last answer said; 0 at first
    record Output(String driver, long from) implements DriverQuestion {}

    record Cancel(String driver) implements DriverQuestion {}

    /// A worker needs the program's jar.
    record Program(String driver) implements DriverQuestion {}

    /// A worker tells a scheduler that may be another one what runs there.
    ///
    /// @param owner the name of who submitted it
    /// @param submittedMillis since 1970
    /// @param program the jar
    record Runs(
            int worker,
            String driver,
            int attempt,
            DriverPlan plan,
            String owner,
            long submittedMillis,
            Bytes program)
            implements DriverQuestion {}

    /// A worker tells what its driver prints. Refused when the attempt isn't the one that counts.
    record Printed(String driver, int attempt, List<PrintedLine> lines) implements DriverQuestion {
        public Printed {
            lines = List.copyOf(lines);
        }
    }

    /// A worker tells that its driver has ended.
    ///
    /// @param exitStatus -1 when it couldn't be started
    /// @param why in words; empty when it ended by itself
    record Ended(String driver, int attempt, int exitStatus, String why)
            implements DriverQuestion {}
}
