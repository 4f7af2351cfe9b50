package dev.quiver.pipeline;

import java.util.Optional;

/// What a pipeline leaves out because earlier runs loaded it.
///
/// @param onlyNew whether files are left out
/// @param mark the column whose largest value so far rows must exceed
record Increment(boolean onlyNew, Optional<String> mark) {
    static final Increment NONE = new Increment(false, Optional.empty());

    Increment withOnlyNew() {
        return new Increment(true, mark);
    }

    Increment withMark(String column) {
        return new Increment(onlyNew, Optional.of(column));
    }

    /// Whether each run loads all there is.
    boolean isNone() {
        return equals(NONE);
    }
}
