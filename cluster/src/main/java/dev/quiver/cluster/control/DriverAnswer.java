package dev.quiver.cluster.control;

import dev.quiver.operator.Bytes;
import java.util.List;

/// What a scheduler answers to a [DriverQuestion].
public sealed interface DriverAnswer {
    record Submitted(String driver) implements DriverAnswer {}

    record All(List<DriverStatus> drivers) implements DriverAnswer {
        public All {
            drivers = List.copyOf(drivers);
        }
    }

    /// @param next where what follows begins
    /// @param status of the driver when the lines were read: nothing comes behind them when that is
    ///   an end
    record Output(List<PrintedLine> lines, long next, DriverStatus status) implements DriverAnswer {
        public Output {
            lines = List.copyOf(lines);
        }
    }

    record Program(Bytes jar) implements DriverAnswer {}

    record Done() implements DriverAnswer {}
}
