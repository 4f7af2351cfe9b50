package dev.quiver.io.store;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// The body of a reply, which fails when nothing arrives for a while.
final class IdleGuard extends FilterInputStream {
    private static final ScheduledExecutorService CLOCK =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("quiver-store-idle").factory());

    private final long idleNanosMax;
    private final Future<?> check;
    private volatile long lastNanos = System.nanoTime();
    private volatile boolean waiting;
    private volatile boolean stalled;

    IdleGuard(InputStream body, long idleNanosMax) {
        super(body);
        this.idleNanosMax = idleNanosMax;
        long every = Math.max(1, idleNanosMax / 4);
        check = CLOCK.scheduleWithFixedDelay(this::look, every, every, TimeUnit.NANOSECONDS);
    }

    private void look() {
        if (!waiting || System.nanoTime() - lastNanos < idleNanosMax) return;
        stalled = true;
        try {
            in.close();
        } catch (IOException alreadyGone) {
            check.cancel(false);
        }
    }

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        lastNanos = System.nanoTime();
        waiting = true;
        try {
            int count = in.read(bytes, offset, length);
            if (stalled) throw stall(null);
            return count;
        } catch (IOException e) {
            throw stalled ? stall(e) : e;
        } finally {
            waiting = false;
        }
    }

    private IOException stall(@org.jspecify.annotations.Nullable IOException cause) {
        return new IOException(
                "nothing arrived for %d ms".formatted(TimeUnit.NANOSECONDS.toMillis(idleNanosMax)),
                cause);
    }

    @Override
    public void close() throws IOException {
        check.cancel(false);
        in.close();
    }
}
