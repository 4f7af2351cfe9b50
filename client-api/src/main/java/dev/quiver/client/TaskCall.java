package dev.quiver.client;

import java.util.ArrayList;
import java.util.List;

/// Code that is called with values of which some are there already.
///
/// @param code [dev.quiver.dataframe.Fn], [Fn2] or [Packed]
/// @param present each of the values as it is held, or [Open]
record TaskCall(Object code, List<Object> present) {
    TaskCall {
        present = List.copyOf(present);
    }

    /// Stands for a value that the task reads from where it is.
    enum Open {
        /// The task is given an object of its own.
        OWN,
        /// All tasks of a worker are given the same object.
        SHARED;

        static Open of(TaskInput input) {
            return input.isShared() ? SHARED : OWN;
        }
    }

    /// The values that are there, and those that were read, in their places.
    static List<Object> filled(List<Object> present, List<Object> read) {
        var all = new ArrayList<>();
        int next = 0;
        for (Object value : present) all.add(value instanceof Open ? read.get(next++) : value);
        return all;
    }
}
