package dev.quiver.pipeline;

import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import java.util.List;

/// Rows can't be merged into what is there. Trying again would find the same, so the run that
/// brought them is given up.
final class MergeRefused extends QuiverException {
    private static final long serialVersionUID = 1L;

    MergeRefused(ErrorCode code, String what, List<String> where, String fix) {
        super(code, what, where, fix);
    }
}
