package dev.quiver.io.store;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/// A real web server with one file, `/file`, which misbehaves as it is told.
final class FlakyServer implements AutoCloseable {
    /// What to do with the next request instead of answering it.
    interface Trouble {
        void answer(HttpExchange exchange, FlakyServer server) throws IOException;
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final ConcurrentLinkedQueue<Trouble> troubles = new ConcurrentLinkedQueue<>();
    private final List<String> ranges = new ArrayList<>();
    private static final int PIECE_BYTES = 1 << 14;

    final AtomicLong bytesSent = new AtomicLong();
    volatile byte[] content;
    volatile String etag = "\"one\"";
    volatile boolean knowsRanges = true;

    FlakyServer(byte[] content) throws IOException {
        this.content = content;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    String url() {
        return "http://localhost:%d/data/file.csv".formatted(server.getAddress().getPort());
    }

    /// What the next requests meet, one each.
    void next(Trouble... next) {
        troubles.addAll(List.of(next));
    }

    static Trouble status(int status) {
        return (exchange, _) -> exchange.sendResponseHeaders(status, -1);
    }

    /// Says how long the answer is, and ends before.
    static Trouble cut(int afterBytes) {
        return (exchange, server) -> server.send(exchange, afterBytes);
    }

    /// Answers nothing for a while.
    static Trouble silence(long millis) {
        return (exchange, server) -> {
            try {
                Thread.sleep(millis);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        };
    }

    synchronized List<String> ranges() {
        return List.copyOf(ranges);
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String range = exchange.getRequestHeaders().getFirst("Range");
            synchronized (this) {
                ranges.add(range == null ? "whole" : range);
            }
            Trouble trouble = troubles.poll();
            if (trouble != null) trouble.answer(exchange, this);
            else if (!exchange.getRequestURI().getPath().equals("/data/file.csv"))
                exchange.sendResponseHeaders(404, -1);
            else send(exchange, Integer.MAX_VALUE);
        }
    }

    private void send(HttpExchange exchange, int bytesMax) throws IOException {
        byte[] bytes = content;
        exchange.getResponseHeaders().set("ETag", etag);
        String range = exchange.getRequestHeaders().getFirst("Range");
        int from = 0;
        int to = bytes.length;
        int status = 200;
        if (knowsRanges && range != null) {
            String[] ends = range.substring("bytes=".length()).split("-", -1);
            from = Integer.parseInt(ends[0]);
            to = Math.min(bytes.length, Integer.parseInt(ends[1]) + 1);
            status = from < bytes.length ? 206 : 416;
            String span = status == 416 ? "*" : "%d-%d".formatted(from, to - 1);
            exchange.getResponseHeaders()
                    .set("Content-Range", "bytes %s/%d".formatted(span, bytes.length));
        }
        if (status == 416) {
            exchange.sendResponseHeaders(status, -1);
            return;
        }
        exchange.sendResponseHeaders(status, to == from ? -1 : to - from);
        OutputStream body = exchange.getResponseBody();
        int count = Math.min(to - from, bytesMax);
        // Counted before they go: whoever has them may ask at once.
        for (int done = 0; done < count; done += PIECE_BYTES) {
            int piece = Math.min(PIECE_BYTES, count - done);
            bytesSent.addAndGet(piece);
            body.write(bytes, from + done, piece);
        }
        body.flush();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
