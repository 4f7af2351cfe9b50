package dev.quiver.protocol;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/// Events that many threads bring and one at a time takes in, in the order in which they came.
///
/// It has no thread of its own and nobody waits: a thread that brings an event while nobody reads
/// becomes the reader and reads until nothing is left; events that others bring meanwhile make the
/// next batch. So a lone event costs no hand-over, and the busier it is the larger the batches.
///
/// The reader must not throw and must not block.
public final class Inbox<E> {
    /// Takes the reading over from a thread that has something else to do.
    public interface Relief {
        /// Nobody ever does.
        Relief NONE = _ -> false;

        /// Asks for relief.
        ///
        /// @param reading to be run soon, once, by another thread
        /// @return whether it will be; false when the current thread may go on reading
        boolean takeOver(Runnable reading);
    }

    /// So many batches a thread reads before it asks for relief.
    private static final int BATCHES_MAX = 16;

    private static final Entry IDLE = new Entry("idle");
    private static final Entry READING = new Entry("reading");

    private final AtomicReference<Entry> newest = new AtomicReference<>(IDLE);
    private final ArrayList<E> batch = new ArrayList<>();
    private final Consumer<List<E>> reader;
    private final Relief relief;

    /// @param reader takes in a batch; the list is its own only during the call
    public Inbox(Consumer<List<E>> reader, Relief relief) {
        this.reader = reader;
        this.relief = relief;
    }

    /// Brings an event, and reads if nobody does.
    public void put(E event) {
        if (push(event)) read();
    }

    /// Brings an event without reading.
    ///
    /// @return true when the caller has become the reader: it must call [#read] soon
    public boolean push(E event) {
        var entry = new Entry(event);
        while (true) {
            Entry before = newest.get();
            entry.before = before == IDLE ? READING : before;
            if (newest.compareAndSet(before, entry)) return before == IDLE;
        }
    }

    /// Reads until nothing is left or someone takes over. Only for who was told so by [#push].
    public void read() {
        for (int batches = 0; ; batches++) {
            takeBatch(newest.getAndSet(READING));
            reader.accept(batch);
            batch.clear();
            if (newest.compareAndSet(READING, IDLE)) return;
            if (batches >= BATCHES_MAX && relief.takeOver(this::read)) return;
        }
    }

    @SuppressWarnings("unchecked") // only events of type E are pushed
    private void takeBatch(Entry last) {
        for (Entry entry = last; entry != READING; entry = entry.before) {
            batch.add((E) entry.event);
        }
        Collections.reverse(batch);
    }

    private static final class Entry {
        private final Object event;

        /// The one that came before; [#READING] ends the chain.
        private Entry before = this;

        private Entry(Object event) {
            this.event = event;
        }
    }
}
