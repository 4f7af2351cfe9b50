package dev.quiver.cluster.node;

import dev.quiver.cluster.control.PrintedLine;
import dev.quiver.cluster.control.WorkerWord;
import dev.quiver.cluster.process.StandardStreams;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What tasks print on this worker, for the clients whose tasks they are. Only what a task's own
/// thread prints is known to be its; all of it stays in the worker's own output.
final class ClientPrints {
    /// So many lines of a client wait at most, and so many bytes; what comes then is only counted.
    private static final int LINES_MAX = 1000;

    private static final int BYTES_MAX = 256 << 10;

    /// A longer line is told in pieces.
    private static final int LINE_BYTES_MAX = 8 << 10;

    private final Map<Integer, Waiting> clients = new TreeMap<>();
    private volatile boolean isEmpty = true;

    private static final class Waiting {
        private final List<PrintedLine> lines = new ArrayList<>();
        private int bytes;
        private long missing;
    }

    ClientPrints() {
        StandardStreams.hear();
    }

    /// Calls code of this client's.
    <T> T during(int client, StandardStreams.Printing<T> code) throws Exception {
        var out = new Lines(client, false);
        var err = new Lines(client, true);
        try {
            return StandardStreams.heardBy(
                    (error, bytes, from, to) -> (error ? err : out).add(bytes, from, to), code);
        } finally {
            out.end();
            err.end();
        }
    }

    /// What was printed since this was asked last.
    List<WorkerWord.Printed> take() {
        if (isEmpty) return List.of();
        var words = new ArrayList<WorkerWord.Printed>();
        synchronized (this) {
            clients.forEach((client, waiting) ->
                    words.add(new WorkerWord.Printed(client, waiting.lines, waiting.missing)));
            clients.clear();
            isEmpty = true;
        }
        return words;
    }

    private synchronized void add(int client, PrintedLine line, int bytes) {
        Waiting waiting = clients.computeIfAbsent(client, _ -> new Waiting());
        isEmpty = false;
        if (waiting.lines.size() == LINES_MAX || waiting.bytes + bytes > BYTES_MAX) {
            waiting.missing++;
            return;
        }
        waiting.lines.add(line);
        waiting.bytes += bytes;
    }

    /// One stream of one task, cut into lines. Used by the task's thread alone.
    private final class Lines {
        private final int client;
        private final boolean error;
        private final ByteArrayOutputStream line = new ByteArrayOutputStream(0);

        Lines(int client, boolean error) {
            this.client = client;
            this.error = error;
        }

        void add(byte[] bytes, int from, int to) {
            for (int i = from; i < to; i++) {
                if (bytes[i] == '\n') tell();
                else if (bytes[i] != '\r') line.write(bytes[i]);
                if (line.size() >= LINE_BYTES_MAX && isBoundary(bytes, i + 1, to)) tell();
            }
        }

        /// Whether a character doesn't go on there, should they be of UTF-8.
        private static boolean isBoundary(byte[] bytes, int at, int to) {
            return at == to || (bytes[at] & 0xC0) != 0x80;
        }

        private void tell() {
            int bytes = line.size();
            String text = line.toString(StandardStreams.charset(error));
            line.reset();
            ClientPrints.this.add(client, new PrintedLine(error, text), bytes);
        }

        void end() {
            if (line.size() > 0) tell();
        }
    }
}
