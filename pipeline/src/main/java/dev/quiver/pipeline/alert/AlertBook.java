package dev.quiver.pipeline.alert;

import java.util.Set;

/// Which alerts are on, wherever that is kept.
public interface AlertBook {
    /// Those that are on: pipeline and name.
    Set<String> open();

    /// Writes down which are on.
    void keep(Set<String> open);
}
