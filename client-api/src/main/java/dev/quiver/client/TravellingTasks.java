package dev.quiver.client;

import dev.quiver.operator.Bytes;
import dev.quiver.operator.Closures;

/// Tasks of user code that can be run in another process. Not for users.
public interface TravellingTasks extends Closures.Source {
    /// The code of a task, which [TaskCode#closure] makes callable there.
    Bytes encoded(int partition);
}
