package dev.quiver.io;

import dev.quiver.columnar.memory.Layouts;
import dev.quiver.error.Cancelled;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.io.store.Compression;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/// The bytes of a file that is being written, gathered in a block. Deletes the file when it is
/// closed before [#finish].
public final class TextOutput implements AutoCloseable {
    /// Bytes of the block.
    public static final int BYTES = 256 << 10;

    /// What a value other than text takes at most.
    public static final int VALUE_BYTES_MAX = 512;

    /// Texts up to this length are put as two words, of which what is too much is put over.
    private static final int WORDS_BYTES = 16;

    private static final VarHandle WORD =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private final Path file;
    private final FileChannel channel;
    private final FileEnd fileEnd;
    private final OutputStream stream;
    private final byte[] block = new byte[BYTES];
    private int end;
    private boolean finished;

    /// The file's channel as a stream that compressing ones may close: it stays open, and what they
    /// still write when nobody wants the file any more is dropped.
    private static final class FileEnd extends FilterOutputStream {
        private boolean discards;

        FileEnd(OutputStream file) {
            super(file);
        }

        @Override
        public void write(int value) throws IOException {
            write(new byte[] {(byte) value}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            if (!discards) out.write(bytes, offset, length);
        }

        @Override
        public void close() {
            // The channel is closed by its owner.
        }
    }

    /// Creates the file, and the directories it lies in.
    public TextOutput(Path file, Compression compression) {
        this.file = file;
        try {
            Path parent = file.getParent();
            if (parent != null) Files.createDirectories(parent);
            channel =
                    FileChannel.open(
                            file,
                            StandardOpenOption.CREATE,
                            StandardOpenOption.TRUNCATE_EXISTING,
                            StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw failed(e);
        }
        try {
            fileEnd = new FileEnd(Channels.newOutputStream(channel));
            stream = compression.around(fileEnd);
        } catch (IOException e) {
            QuiverException failure = failed(e);
            closeAfter(failure);
            throw failure;
        }
    }

    /// Makes room for a value of up to [#VALUE_BYTES_MAX] bytes.
    ///
    /// @return the block; what is put there from [#position] on counts after [#advance]
    public byte[] room() {
        if (BYTES - end < VALUE_BYTES_MAX) flush();
        return block;
    }

    public int position() {
        return end;
    }

    public void advance(int position) {
        end = position;
    }

    public void put(byte value) {
        if (end == BYTES) flush();
        block[end++] = value;
    }

    /// Puts bytes as they are.
    public void put(MemorySegment data, long from, int length) {
        boolean inWords =
                length <= WORDS_BYTES
                        && BYTES - end >= WORDS_BYTES
                        && from + WORDS_BYTES <= data.byteSize();
        if (!inWords) {
            copy(data, from, length);
            return;
        }
        WORD.set(block, end, data.get(Layouts.LONG, from));
        WORD.set(block, end + 8, data.get(Layouts.LONG, from + 8));
        end += length;
    }

    private void copy(MemorySegment data, long from, int length) {
        int done = 0;
        while (done < length) {
            if (end == BYTES) flush();
            int count = Math.min(length - done, BYTES - end);
            MemorySegment.copy(data, ValueLayout.JAVA_BYTE, from + done, block, end, count);
            end += count;
            done += count;
        }
    }

    public void put(byte[] bytes, int from, int length) {
        int done = 0;
        while (done < length) {
            if (end == BYTES) flush();
            int count = Math.min(length - done, BYTES - end);
            System.arraycopy(bytes, from + done, block, end, count);
            end += count;
            done += count;
        }
    }

    /// Puts the first fields of all columns, then their second ones and so on.
    ///
    /// @param fields of each column, end to end
    /// @param ends where each field of a column ends
    /// @param rows how many fields of each column are put
    public void putRows(byte[][] fields, int[][] ends, int rows) {
        int columns = fields.length;
        for (int row = 0; row < rows; row++) {
            for (int i = 0; i < columns; i++) {
                int from = row == 0 ? 0 : ends[i][row - 1];
                int length = ends[i][row] - from;
                byte[] bytes = fields[i];
                boolean inWords =
                        length <= WORDS_BYTES
                                && BYTES - end >= WORDS_BYTES
                                && bytes.length - from >= WORDS_BYTES;
                if (inWords) {
                    WORD.set(block, end, (long) WORD.get(bytes, from));
                    WORD.set(block, end + 8, (long) WORD.get(bytes, from + 8));
                    end += length;
                } else {
                    put(bytes, from, length);
                }
            }
        }
    }

    private void flush() {
        try {
            stream.write(block, 0, end);
            end = 0;
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /// Writes what is left and closes the file.
    ///
    /// @return the size of the file
    public long finish() {
        flush();
        try {
            stream.close();
            long bytes = channel.size();
            channel.close();
            finished = true;
            return bytes;
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private QuiverException failed(IOException cause) {
        if (cause instanceof ClosedByInterruptException)
            return new Cancelled(
                    "writing '%s' was interrupted".formatted(file), List.of(), "", cause);
        return new QuiverException(
                ErrorCode.IO_FAILED,
                "writing '%s' failed: %s".formatted(file, cause.getMessage()),
                List.of(),
                "check that the disk has room, and the permissions of the directory; nothing was"
                        + " published",
                cause);
    }

    private void closeAfter(Throwable failure) {
        try {
            channel.close();
            Files.deleteIfExists(file);
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    @Override
    public void close() {
        if (finished) return;
        finished = true;
        try {
            fileEnd.discards = true;
            stream.close();
            channel.close();
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw failed(e);
        }
    }
}
