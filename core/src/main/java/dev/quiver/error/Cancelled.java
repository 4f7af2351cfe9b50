package dev.quiver.error;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// The work was cancelled before it ended.
public final class Cancelled extends QuiverException {
    private static final long serialVersionUID = 1L;

    public Cancelled(String what, List<String> where, String fix) {
        this(what, where, fix, null);
    }

    public Cancelled(String what, List<String> where, String fix, @Nullable Throwable cause) {
        super(ErrorCode.CANCELLED, what, where, fix, cause);
    }
}
