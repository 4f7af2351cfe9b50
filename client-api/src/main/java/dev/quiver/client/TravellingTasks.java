package dev.quiver.client;

import dev.quiver.operator.Bytes;
import dev.quiver.operator.Closures;
import java.util.function.ToIntFunction;

/// Tasks of user code that can be run in another process. Not for users.
public interface TravellingTasks extends Closures.Source {
    /// The code of a task, which [TaskCode#closure] makes callable there.
    ///
    /// @param shared gives functions that several tasks call the numbers by which those refer to
    ///   them
    Bytes encoded(int partition, ToIntFunction<Packed> shared);
}
