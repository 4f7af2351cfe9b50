package dev.quiver.scheduler.state;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Workers in an order that may change, the one that goes first on top. Cost: the logarithm of how
/// many there are.
final class WorkerHeap {
    interface Order {
        boolean before(WorkerRecord a, WorkerRecord b);
    }

    /// How many heaps a worker can be in.
    static final int COUNT = 5;

    static final int NOWHERE = -1;

    /// Which of [WorkerRecord#places] is this heap's.
    private final int index;

    private final Order order;
    private @Nullable WorkerRecord[] heap = new WorkerRecord[4];
    private int size;

    WorkerHeap(int index, Order order) {
        this.index = index;
        this.order = order;
    }

    int size() {
        return size;
    }

    boolean contains(WorkerRecord worker) {
        return worker.places[index] != NOWHERE;
    }

    @Nullable WorkerRecord first() {
        return size == 0 ? null : at(0);
    }

    /// One of those near the top when `place` is small.
    WorkerRecord at(int place) {
        WorkerRecord worker = heap[place];
        if (worker == null) {
            throw new IllegalStateException("no worker at " + place + " of " + size);
        }
        return worker;
    }

    /// Adds the worker where it isn't there yet.
    void add(WorkerRecord worker) {
        if (contains(worker)) {
            return;
        }
        if (size == heap.length) {
            heap = Arrays.copyOf(heap, size * 2);
        }
        put(worker, size);
        up(size++);
    }

    /// The worker's rank in the order has changed.
    void moved(WorkerRecord worker) {
        int place = worker.places[index];
        if (place != NOWHERE) {
            up(place);
            down(worker.places[index]);
        }
    }

    /// Takes the worker out, if it is there.
    void remove(WorkerRecord worker) {
        int place = worker.places[index];
        if (place == NOWHERE) {
            return;
        }
        worker.places[index] = NOWHERE;
        WorkerRecord last = at(--size);
        heap[size] = null;
        if (last != worker) {
            put(last, place);
            moved(last);
        }
    }

    private void put(WorkerRecord worker, int place) {
        heap[place] = worker;
        worker.places[index] = place;
    }

    private void up(int place) {
        WorkerRecord worker = at(place);
        int child = place;
        while (child > 0) {
            int parent = (child - 1) / 2;
            WorkerRecord above = at(parent);
            if (!order.before(worker, above)) {
                break;
            }
            put(above, child);
            child = parent;
        }
        put(worker, child);
    }

    private void down(int place) {
        WorkerRecord worker = at(place);
        int parent = place;
        while (true) {
            int child = 2 * parent + 1;
            if (child >= size) {
                break;
            }
            if (child + 1 < size && order.before(at(child + 1), at(child))) {
                child++;
            }
            WorkerRecord below = at(child);
            if (!order.before(below, worker)) {
                break;
            }
            put(below, parent);
            parent = child;
        }
        put(worker, parent);
    }
}
