package dev.quiver.scheduler.state;

/// Where a task stands. Pending = needed and without an output yet.
enum Phase {
    /// Nobody needs it, or nobody needs it any more.
    IDLE(0),
    /// Pending; an input isn't available.
    WAITING(1),
    /// Pending; a failed attempt's back-off isn't over.
    DELAYED(2),
    /// Pending; all inputs are available.
    READY(3),
    /// Pending; given to a worker.
    ASSIGNED(4),
    /// Its output is held by a worker.
    IN_MEMORY(5),
    /// It isn't needed because enough is known: counts as an empty output, for ever.
    DROPPED(6),
    /// It has failed for good.
    FAILED(7);

    private static final Phase[] VALUES = values();

    /// How it is written in arrays.
    final byte code;

    Phase(int code) {
        this.code = (byte) code;
    }

    static Phase of(int code) {
        return VALUES[code];
    }

    static int count() {
        return VALUES.length;
    }

    boolean pending() {
        return this == WAITING || this == DELAYED || this == READY || this == ASSIGNED;
    }

    boolean available() {
        return this == IN_MEMORY || this == DROPPED;
    }
}
