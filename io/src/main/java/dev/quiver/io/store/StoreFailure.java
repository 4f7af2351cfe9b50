package dev.quiver.io.store;

import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What a store said instead of doing what it was asked.
public final class StoreFailure extends IOException {
    private static final long serialVersionUID = 1L;

    /// What to make of it.
    public enum Kind {
        /// There is no such file.
        MISSING,
        /// It is not allowed, or the store can't do it.
        REFUSED,
        /// The file isn't the one that was read before.
        CHANGED,
        /// There is a file of this name already.
        EXISTS,
        /// It may go well later.
        LATER
    }

    private final Kind kind;
    private final Duration after;
    private final String fix;

    /// @param after how long the store wants to be left alone
    public StoreFailure(Kind kind, String message, Duration after, @Nullable Throwable cause) {
        this(kind, message, "", after, cause);
    }

    /// @param fix what people may do about it; empty says what is usual for this kind
    public StoreFailure(Kind kind, String message, String fix, @Nullable Throwable cause) {
        this(kind, message, fix, Duration.ZERO, cause);
    }

    private StoreFailure(
            Kind kind, String message, String fix, Duration after, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
        this.after = after;
        this.fix = fix;
    }

    public StoreFailure(Kind kind, String message) {
        this(kind, message, Duration.ZERO, null);
    }

    public Kind kind() {
        return kind;
    }

    public Duration after() {
        return after;
    }

    /// What people may do about it; empty when there is nothing special to say.
    public String fix() {
        return fix;
    }
}
