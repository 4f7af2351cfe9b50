package dev.quiver.error;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A task ended with an exception of the user's code, which is the cause.
public final class TaskFailed extends QuiverException {
    private static final long serialVersionUID = 1L;

    public TaskFailed(String what, List<String> where, String fix) {
        this(what, where, fix, null);
    }

    public TaskFailed(String what, List<String> where, String fix, @Nullable Throwable cause) {
        super(ErrorCode.TASK_FAILED, what, where, fix, cause);
    }
}
