package dev.quiver.scheduler.coordination.state;

/// The bytes of all values that are kept.
final class Room {
    static final long BYTES_MAX = 64L << 20;

    private long used;

    boolean fits(int bytes) {
        return used + bytes <= BYTES_MAX;
    }

    void take(int bytes) {
        used += bytes;
    }

    void giveBack(int bytes) {
        used -= bytes;
    }

    long used() {
        return used;
    }
}
