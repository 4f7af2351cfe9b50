package dev.quiver.worker.user.ship;

import dev.quiver.dataframe.Call;

/// What cells call to run closures in another JVM.
public final class CellsDesk {
    static OtherJvm worker;

    private CellsDesk() {}

    /// Runs a closure there.
    public static Object run(Call<?> call) {
        return worker.run(call);
    }
}
