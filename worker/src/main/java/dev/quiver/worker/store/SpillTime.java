package dev.quiver.worker.store;

/// How long a thread was busy with files of what there was no memory for.
public final class SpillTime {
    private static final ThreadLocal<SpillTime> OF_THREADS =
            ThreadLocal.withInitial(SpillTime::new);

    private final Span end = this::end;
    private long nanos;
    private long beganNanos;
    private int depth;

    private SpillTime() {}

    /// Of the current thread, since it began.
    public static long nanos() {
        return OF_THREADS.get().nanos;
    }

    /// What is measured until its end.
    interface Span extends AutoCloseable {
        @Override
        void close();
    }

    /// Counts the time of the current thread until what is returned is closed, in it; spans within
    /// spans aren't counted twice.
    static Span begin() {
        SpillTime time = OF_THREADS.get();
        if (time.depth++ == 0) time.beganNanos = System.nanoTime();
        return time.end;
    }

    private void end() {
        if (--depth == 0) nanos += System.nanoTime() - beganNanos;
    }
}
