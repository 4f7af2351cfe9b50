package dev.quiver.error;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// The memory budget doesn't have what an operator asked for.
public final class MemoryRefused extends QuiverException {
    private static final long serialVersionUID = 1L;

    public MemoryRefused(String what, List<String> where, String fix) {
        this(what, where, fix, null);
    }

    public MemoryRefused(String what, List<String> where, String fix, @Nullable Throwable cause) {
        super(ErrorCode.MEMORY_REFUSED, what, where, fix, cause);
    }
}
