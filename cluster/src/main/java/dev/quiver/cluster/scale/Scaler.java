package dev.quiver.cluster.scale;

import java.util.List;

/// Where workers come from: processes of this machine, for example.
///
/// A worker that is to leave is told so by its scheduler. Its process then ends with status 0, and
/// no other one may take its place.
public interface Scaler {
    /// The names of all workers that it has started, by which their cluster knows them, and whose
    /// processes haven't ended for good.
    List<String> started();

    /// Has one more worker start, which joins when it does.
    void start();
}
