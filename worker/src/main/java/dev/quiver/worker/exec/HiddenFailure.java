package dev.quiver.worker.exec;

import dev.quiver.error.QuiverException;
import dev.quiver.error.TaskFailed;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What fails at values that mustn't be shown, told without them.
///
/// Only the messages go, which may quote values; the lines of code stay.
final class HiddenFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private HiddenFailure(Throwable shown) {
        super(shown.getClass().getName(), of(shown.getCause()));
        setStackTrace(shown.getStackTrace());
    }

    private static @Nullable HiddenFailure of(@Nullable Throwable failure) {
        return failure == null ? null : new HiddenFailure(failure);
    }

    /// The failure without its messages; itself where these aren't about values.
    ///
    /// @param asked the rules that were asked
    static RuntimeException in(String asked, RuntimeException failure) {
        if (!(failure instanceof QuiverException known)) return new HiddenFailure(failure);
        String what = "%s can't be asked about a row, whose values aren't shown".formatted(asked);
        List<String> where = List.of("it holds columns that a gate calls personal");
        String fix = "try the rule on rows that may be shown, or make one that takes any value";
        return switch (known.code()) {
            case TASK_FAILED -> new TaskFailed(what, where, fix, new HiddenFailure(known));
            case BAD_VALUE,
                    BAD_ROW,
                    OVERFLOW,
                    ARGUMENT_INVALID,
                    EXPRESSION_INVALID,
                    TYPE_MISMATCH,
                    GATE_FAILED,
                    UNSUPPORTED,
                    INTERNAL ->
                    new QuiverException(known.code(), what, where, fix, new HiddenFailure(known));
            case COLUMN_NOT_FOUND,
                    COLUMN_DUPLICATE,
                    PLAN_INVALID,
                    FILE_NOT_FOUND,
                    FILE_CORRUPT,
                    FILE_CHANGED,
                    TARGET_EXISTS,
                    IO_FAILED,
                    DATABASE_FAILED,
                    MEMORY_REFUSED,
                    TIMEOUT,
                    CANCELLED,
                    UNAVAILABLE,
                    ACCESS_DENIED,
                    NOT_SERIALIZABLE,
                    CONFIG_INVALID,
                    USAGE_INVALID,
                    PROGRAM_INVALID ->
                    known;
        };
    }
}
