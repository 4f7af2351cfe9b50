package dev.quiver.s3;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.http.ContentStreamProvider;

/// Part of a file as the body of a request, which may be read several times: to sign it, and to
/// send it.
final class FileSection implements ContentStreamProvider, AutoCloseable {
    private final Path file;
    private final long from;
    private final long bytes;
    private @Nullable InputStream open;

    FileSection(Path file, long from, long bytes) {
        this.file = file;
        this.from = from;
        this.bytes = bytes;
    }

    /// From the begin; ends the stream before.
    @Override
    public InputStream newStream() {
        try {
            close();
            // Not a channel, which an interrupt would close.
            var stream = new FileInputStream(file.toFile());
            open = stream;
            stream.skipNBytes(from);
            return new Limited(stream, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        if (open != null) open.close();
        open = null;
    }

    /// The first bytes of a stream.
    private static final class Limited extends InputStream {
        private final InputStream in;
        private long left;

        Limited(InputStream in, long left) {
            this.in = in;
            this.left = left;
        }

        @Override
        public int read() throws IOException {
            var one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] to, int offset, int length) throws IOException {
            if (length == 0) return 0;
            if (left == 0) return -1;
            int count = in.read(to, offset, (int) Math.min(length, left));
            if (count > 0) left -= count;
            return count;
        }

        @Override
        public int available() throws IOException {
            return (int) Math.min(in.available(), left);
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }
}
