package dev.quiver.cluster.process;

import dev.quiver.cluster.control.PrintedLine;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What a driver has printed, in a file: each line behind `o` or `e` for standard output or error.
/// Not thread-safe.
final class DriverOutput implements AutoCloseable {
    /// What is kept of one driver.
    static final long BYTES_MAX = 256L << 20;

    /// What is read at once; a longer line comes in pieces.
    private static final int PIECE_BYTES = 64 << 10;

    private static final Logger LOG = LoggerFactory.getLogger(DriverOutput.class);

    private final Path path;
    private final FileChannel file;
    private boolean full;

    /// @param path of the file, which goes on where it ends
    ///
    /// @throws QuiverException IO_FAILED when it can't be opened
    DriverOutput(Path path) {
        this.path = path;
        try {
            this.file =
                    FileChannel.open(
                            path,
                            StandardOpenOption.CREATE,
                            StandardOpenOption.READ,
                            StandardOpenOption.WRITE);
            this.full = file.size() >= BYTES_MAX;
        } catch (IOException e) {
            throw failed("open", e);
        }
    }

    private QuiverException failed(String action, IOException cause) {
        return new QuiverException(
                ErrorCode.IO_FAILED,
                "can't %s what a submitted program prints".formatted(action),
                List.of("file: " + path, "cause: " + cause),
                "see that the scheduler's disk has room and is there",
                cause);
    }

    void add(List<PrintedLine> lines) {
        if (full) return;
        var bytes = new ByteArrayOutputStream();
        for (PrintedLine line : lines) append(line, bytes);
        try {
            if (file.size() + bytes.size() > BYTES_MAX) {
                full = true;
                bytes.reset();
                append(
                        new PrintedLine(
                                true,
                                "quiver: what comes now isn't kept: %d MB were printed"
                                        .formatted(file.size() >> 20)),
                        bytes);
            }
            ByteBuffer buffer = ByteBuffer.wrap(bytes.toByteArray());
            long at = file.size();
            while (buffer.hasRemaining()) at += file.write(buffer, at);
        } catch (IOException e) {
            full = true;
            LOG.warn("what {} prints from now on isn't kept", path, e);
        }
    }

    private static void append(PrintedLine line, ByteArrayOutputStream bytes) {
        for (byte[] piece : pieces(line.text().getBytes(StandardCharsets.UTF_8))) {
            bytes.write(line.error() ? 'e' : 'o');
            bytes.writeBytes(piece);
            bytes.write('\n');
        }
    }

    private static List<byte[]> pieces(byte[] text) {
        int max = PIECE_BYTES / 2;
        if (text.length <= max) return List.of(text);
        var pieces = new ArrayList<byte[]>();
        int from = 0;
        while (from < text.length) {
            int to = Math.min(from + max, text.length);
            // not within a character
            while (to < text.length && (text[to] & 0xC0) == 0x80) to--;
            pieces.add(Arrays.copyOfRange(text, from, to));
            from = to;
        }
        return pieces;
    }

    /// @param next where what follows begins
    record Part(List<PrintedLine> lines, long next) {}

    /// Some whole lines from a place on.
    ///
    /// @param from as [Part#next] was; anything else gives lines that nobody printed
    Part read(long from) {
        var buffer = ByteBuffer.allocate(PIECE_BYTES);
        try {
            if (from < 0 || from >= file.size()) return new Part(List.of(), file.size());
            long at = from;
            while (buffer.hasRemaining()) {
                int read = file.read(buffer, at);
                if (read < 0) break;
                at += read;
            }
        } catch (IOException e) {
            throw failed("read", e);
        }
        byte[] bytes = buffer.array();
        var lines = new ArrayList<PrintedLine>();
        int begin = 0;
        for (int i = 0; i < buffer.position(); i++) {
            if (bytes[i] != '\n') continue;
            if (i > begin)
                lines.add(
                        new PrintedLine(
                                bytes[begin] == 'e',
                                new String(
                                        bytes, begin + 1, i - begin - 1, StandardCharsets.UTF_8)));
            begin = i + 1;
        }
        return new Part(lines, from + begin);
    }

    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException e) {
            throw failed("close", e);
        }
    }
}
