package dev.quiver.error;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A failure, in three parts: what happened, where, and how to fix it.
///
/// The message is what a person reads:
///
/// ```
/// no column 'regoin' in Scan[sales.parquet]   (COLUMN_NOT_FOUND)
///   has: region, product, amount
///   fix: did you mean 'region'? print df.schema() to list the columns
/// ```
public class QuiverException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;
    private final String what;
    private final String[] where;
    private final String fix;

    /// @param what one sentence without a full stop
    /// @param where lines of context such as `file: …` or `has: …`; may be empty
    /// @param fix what the reader can do
    /// @param cause the exception underneath, or null
    public QuiverException(
            ErrorCode code,
            String what,
            List<String> where,
            String fix,
            @Nullable Throwable cause) {
        super(render(code, what, where, fix), cause);
        this.code = code;
        this.what = what;
        this.where = where.toArray(String[]::new);
        this.fix = fix;
    }

    public QuiverException(ErrorCode code, String what, List<String> where, String fix) {
        this(code, what, where, fix, null);
    }

    public final ErrorCode code() {
        return code;
    }

    public final String what() {
        return what;
    }

    public final List<String> where() {
        return List.of(where);
    }

    public final String fix() {
        return fix;
    }

    private static String render(ErrorCode code, String what, List<String> where, String fix) {
        var text = new StringBuilder(what).append("   (").append(code).append(')');
        for (String line : where) {
            text.append("\n  ").append(line);
        }
        if (!fix.isEmpty()) {
            text.append("\n  fix: ").append(fix);
        }
        return text.toString();
    }
}
