package dev.quiver.error;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A session, table or cluster that isn't there any more.
public final class Unavailable extends QuiverException {
    private static final long serialVersionUID = 1L;

    public Unavailable(String what, List<String> where, String fix) {
        this(what, where, fix, null);
    }

    public Unavailable(String what, List<String> where, String fix, @Nullable Throwable cause) {
        super(ErrorCode.UNAVAILABLE, what, where, fix, cause);
    }
}
