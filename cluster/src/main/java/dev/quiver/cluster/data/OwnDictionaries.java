package dev.quiver.cluster.data;

import dev.quiver.columnar.Dictionary;
import org.jspecify.annotations.Nullable;

/// The dictionaries that this process's own outputs have.
public interface OwnDictionaries {
    /// Of a process without outputs.
    OwnDictionaries NONE = (_, _) -> null;

    /// The one of a column of a stage's outputs, to which words may be added; null when none is
    /// known.
    ///
    /// @param column counted over all columns, also inner ones, each before those in it
    @Nullable Dictionary find(int stage, int column);
}
