package dev.quiver.error;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Types that don't go together.
public final class TypeMismatch extends QuiverException {
    private static final long serialVersionUID = 1L;

    public TypeMismatch(String what, List<String> where, String fix) {
        this(what, where, fix, null);
    }

    public TypeMismatch(String what, List<String> where, String fix, @Nullable Throwable cause) {
        super(ErrorCode.TYPE_MISMATCH, what, where, fix, cause);
    }
}
