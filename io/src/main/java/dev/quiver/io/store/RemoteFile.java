package dev.quiver.io.store;

import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;

/// One version of a remote file, and the blocks of it that are here, in a sparse spool file. For
/// many threads: each block is fetched once.
final class RemoteFile implements AutoCloseable {
    static final int BLOCK_BYTES = 64 << 10;

    /// The most that one request asks for.
    static final long REQUEST_BYTES_MAX = 8L << 20;

    private static final int COPY_BYTES = 64 << 10;
    private static final String READING = "reading";

    private final String url;
    private final Store store;
    private final Backoff backoff;
    private final Path spool;

    /// Not a channel, for those are closed when a thread that uses them is interrupted.
    private final RandomAccessFile writer;

    private final BitSet present = new BitSet();
    private final BitSet loading = new BitSet();
    private long size;
    private boolean ranged;
    private String version = "";
    private long modifiedNanos;

    /// How far the first reply came.
    private final long[] begun = new long[1];

    private RemoteFile(String url, Store store, Backoff backoff, Path spool) {
        this.url = url;
        this.store = store;
        this.backoff = backoff;
        this.spool = spool;
        try {
            this.writer = new RandomAccessFile(spool.toFile(), "rw");
        } catch (IOException e) {
            throw spoolFailed(e);
        }
    }

    /// The file as it is now: the one known, when it is the same.
    ///
    /// @param known null when there is none
    static RemoteFile open(
            String url,
            Store store,
            Backoff backoff,
            @org.jspecify.annotations.Nullable RemoteFile known,
            SpoolFolder folder) {
        RemoteFile[] opened = new RemoteFile[1];
        try {
            return backoff.run(
                    READING,
                    url,
                    () -> opened[0] == null ? 0 : opened[0].begun[0],
                    () -> {
                        try (Reply reply = store.read(url, 0, BLOCK_BYTES, "")) {
                            if (known != null && known.is(reply)) return known;
                            RemoteFile file = opened[0];
                            if (file == null)
                                file = new RemoteFile(url, store, backoff, folder.newFile());
                            opened[0] = file;
                            file.begin(reply);
                            return file;
                        }
                    });
        } catch (RuntimeException | Error e) {
            if (opened[0] != null) opened[0].close();
            throw e;
        }
    }

    private synchronized boolean is(Reply reply) {
        return !version.isEmpty() && version.equals(reply.version()) && size == size(reply);
    }

    private long size(Reply reply) {
        return reply.size() < 0 ? size : reply.size();
    }

    private void begin(Reply reply) throws IOException {
        ranged = reply.ranged();
        version = reply.version();
        modifiedNanos = reply.modifiedNanos() + fraction(version);
        if (ranged && reply.size() < 0)
            throw new StoreFailure(StoreFailure.Kind.REFUSED, "no size of the file was said");
        size = ranged ? reply.size() : Long.MAX_VALUE;
        begun[0] = 0;
        copy(reply.body(), begun, ranged ? Math.min(size, BLOCK_BYTES) : size);
        long end = begun[0];
        boolean cut = ranged ? end < Math.min(size, BLOCK_BYTES) : end < reply.size();
        if (cut) throw new EOFException("the connection was cut after %d bytes".formatted(end));
        if (!ranged) size = end;
        writer.setLength(size);
        synchronized (this) {
            present.set(0, ranged ? Math.min(1, blocks()) : blocks());
        }
    }

    /// Part of the time of change, so that two versions of one second differ.
    private static long fraction(String version) {
        return Math.floorMod(version.hashCode() * 0x9E37_79B9_7F4A_7C15L, 1_000_000_000L);
    }

    private int blocks() {
        return Math.toIntExact((size + BLOCK_BYTES - 1) / BLOCK_BYTES);
    }

    long size() {
        return size;
    }

    long modifiedNanos() {
        return modifiedNanos;
    }

    Path spool() {
        return spool;
    }

    /// Makes bytes `[from, to)` be in the spool file, and fetches up to `ahead` when it has to
    /// fetch at all.
    void ensure(long from, long to, long ahead) {
        if (from >= to) return;
        int first = (int) (from / BLOCK_BYTES);
        int last = (int) ((to - 1) / BLOCK_BYTES);
        int most = Math.max(last, (int) ((Math.min(ahead, size) - 1) / BLOCK_BYTES));
        while (true) {
            int begin;
            int end;
            synchronized (this) {
                begin = present.nextClearBit(first);
                if (begin > last) return;
                if (loading.get(begin)) {
                    await(begin);
                    continue;
                }
                end = endOfGap(begin, most);
                loading.set(begin, end);
            }
            try {
                fetch(begin, end);
            } finally {
                synchronized (this) {
                    loading.clear(begin, end);
                    notifyAll();
                }
            }
        }
    }

    /// Waits for a block that another thread fetches.
    private synchronized void await(int block) {
        try {
            while (loading.get(block) && !present.get(block)) wait();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Backoff.interrupted(READING, url, e);
        }
    }

    private int endOfGap(int begin, int last) {
        int end = begin + 1;
        int most = (int) Math.min(last + 1L, begin + REQUEST_BYTES_MAX / BLOCK_BYTES);
        while (end < most && !present.get(end) && !loading.get(end)) end++;
        return end;
    }

    /// Fetches whole blocks; a try goes on where the one before was cut.
    private void fetch(int begin, int end) {
        long to = Math.min((long) end * BLOCK_BYTES, size);
        long[] at = {(long) begin * BLOCK_BYTES};
        backoff.run(
                READING,
                url,
                () -> at[0],
                () -> {
                    try (Reply reply = store.read(url, at[0], to, version)) {
                        check(reply);
                        if (reply.from() != at[0]) reply.body().skipNBytes(at[0] - reply.from());
                        while (at[0] < to) {
                            long stop = Math.min((at[0] / BLOCK_BYTES + 1) * BLOCK_BYTES, to);
                            copy(reply.body(), at, stop);
                            if (at[0] < stop)
                                throw new EOFException(
                                        "the connection was cut at byte %d of %d"
                                                .formatted(at[0], to));
                            arrived((int) ((stop - 1) / BLOCK_BYTES));
                        }
                        return reply.size();
                    }
                });
    }

    private synchronized void arrived(int block) {
        present.set(block);
        notifyAll();
    }

    private void check(Reply reply) throws StoreFailure {
        if (!reply.version().equals(version))
            throw new StoreFailure(
                    StoreFailure.Kind.CHANGED,
                    "it is version %s, was %s".formatted(reply.version(), version));
        if (size(reply) != size)
            throw new StoreFailure(
                    StoreFailure.Kind.CHANGED,
                    "it has %d bytes, had %d".formatted(reply.size(), size));
    }

    /// Copies into the spool file from `at[0]` on, which moves on, up to `to` or the body's end.
    private void copy(InputStream body, long[] at, long to) throws IOException {
        var bytes = new byte[COPY_BYTES];
        while (at[0] < to) {
            int count = body.read(bytes, 0, (int) Math.min(bytes.length, to - at[0]));
            if (count < 0) return;
            write(at[0], bytes, count);
            at[0] += count;
        }
    }

    private void write(long at, byte[] bytes, int count) {
        synchronized (writer) {
            try {
                writer.seek(at);
                writer.write(bytes, 0, count);
            } catch (IOException e) {
                throw spoolFailed(e);
            }
        }
    }

    private QuiverException spoolFailed(IOException cause) {
        return new QuiverException(
                ErrorCode.IO_FAILED,
                "'%s' can't be kept on this machine while it is read: %s"
                        .formatted(url, cause.getMessage()),
                List.of("in: " + spool.getParent()),
                "make room there, or choose another folder with -Djava.io.tmpdir=…",
                cause);
    }

    @Override
    public void close() {
        try {
            synchronized (writer) {
                writer.close();
            }
            Files.deleteIfExists(spool);
        } catch (IOException e) {
            throw spoolFailed(e);
        }
    }
}
