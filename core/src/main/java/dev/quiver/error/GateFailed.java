package dev.quiver.error;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A row that a gate turned away where nothing keeps bad rows, or more bad rows than a gate lets
/// pass.
public final class GateFailed extends QuiverException {
    private static final long serialVersionUID = 1L;

    public GateFailed(String what, List<String> where, String fix) {
        this(what, where, fix, null);
    }

    public GateFailed(String what, List<String> where, String fix, @Nullable Throwable cause) {
        super(ErrorCode.GATE_FAILED, what, where, fix, cause);
    }
}
