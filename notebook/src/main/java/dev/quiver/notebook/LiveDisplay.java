package dev.quiver.notebook;

import java.util.Map;

/// Something on a page that changes in place, also after the cell that showed it has ended. Safe
/// for use by several threads.
public interface LiveDisplay {
    /// Shows something else from now on.
    void update(Map<String, String> bundle);
}
