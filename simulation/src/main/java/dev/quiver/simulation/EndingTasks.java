package dev.quiver.simulation;

import java.util.Arrays;

/// When which slot of which worker will be done, the earliest first.
final class EndingTasks {
    private long[] nanos = new long[16];
    private long[] where = new long[16];
    private int size;

    boolean isEmpty() {
        return size == 0;
    }

    void add(long atNanos, int worker, int slot) {
        if (size == nanos.length) {
            nanos = Arrays.copyOf(nanos, size * 2);
            where = Arrays.copyOf(where, size * 2);
        }
        int child = size++;
        while (child > 0 && atNanos < nanos[(child - 1) / 2]) {
            move((child - 1) / 2, child);
            child = (child - 1) / 2;
        }
        nanos[child] = atNanos;
        where[child] = (long) worker << 32 | slot;
    }

    /// Of the first.
    long nanos() {
        return nanos[0];
    }

    int worker() {
        return (int) (where[0] >>> 32);
    }

    int slot() {
        return (int) where[0];
    }

    /// Takes the first out.
    void remove() {
        size--;
        long last = nanos[size];
        int parent = 0;
        while (true) {
            int child = 2 * parent + 1;
            if (child + 1 < size && nanos[child + 1] < nanos[child]) {
                child++;
            }
            if (child >= size || last <= nanos[child]) {
                break;
            }
            move(child, parent);
            parent = child;
        }
        move(size, parent);
    }

    private void move(int from, int to) {
        nanos[to] = nanos[from];
        where[to] = where[from];
    }
}
