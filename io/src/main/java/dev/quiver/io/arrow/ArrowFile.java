package dev.quiver.io.arrow;

import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.schema.Schema;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.arrow.flatbuf.Footer;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.flatbuf.MessageHeader;
import org.apache.arrow.flatbuf.RecordBatch;

/// An Arrow file or stream that is open: its columns and where its batches are. A stream is a file
/// whose messages are looked up one after the other.
public final class ArrowFile implements AutoCloseable {
    static final byte[] MAGIC = {'A', 'R', 'R', 'O', 'W', '1'};
    static final int CONTINUATION = -1;
    private static final int MESSAGE_BYTES_MAX = 256 << 20;
    private static final int MAGIC_PADDED_BYTES = 8;
    private static final int TAIL_BYTES = 10;

    /// A message in the file.
    ///
    /// @param metadata where its metadata begins, behind its length
    /// @param metadataBytes without the length
    record Block(long metadata, int metadataBytes, long bodyBytes) {
        long body() {
            return metadata + metadataBytes;
        }
    }

    private final FileChannel channel;
    private final ArrowTrouble trouble;
    private final long size;
    private final List<Block> dictionaries = new ArrayList<>();
    private final List<Block> batches = new ArrayList<>();
    private final ArrowSchema schema;
    private final boolean stream;

    private ArrowFile(FileChannel channel, ArrowTrouble trouble) throws IOException {
        this.channel = channel;
        this.trouble = trouble;
        this.size = channel.size();
        this.stream = !isFile();
        this.schema = stream ? readStream() : readFooter();
    }

    /// Opens a file.
    ///
    /// @throws QuiverException FILE_NOT_FOUND, FILE_CORRUPT, UNSUPPORTED for types that aren't read
    public static ArrowFile open(Path path) {
        var trouble = new ArrowTrouble(path.toString());
        try {
            FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
            try {
                return new ArrowFile(channel, trouble);
            } catch (IOException | RuntimeException | Error e) {
                channel.close();
                throw e;
            }
        } catch (NoSuchFileException e) {
            throw new QuiverException(
                    ErrorCode.FILE_NOT_FOUND,
                    "no file '%s'".formatted(path),
                    List.of(),
                    "check the spelling",
                    e);
        } catch (IOException e) {
            throw trouble.failed(e);
        } catch (QuiverException e) {
            throw e;
        } catch (RuntimeException e) {
            throw trouble.corrupt(e);
        }
    }

    private boolean isFile() throws IOException {
        if (size < MAGIC.length) return false;
        return ByteBuffer.wrap(MAGIC).equals(read(0, MAGIC.length));
    }

    public Schema schema() {
        return schema.schema();
    }

    ArrowSchema fields() {
        return schema;
    }

    ArrowTrouble trouble() {
        return trouble;
    }

    /// Dictionary batches, in their order.
    List<Block> dictionaries() {
        return dictionaries;
    }

    /// Record batches, in their order.
    List<Block> batches() {
        return batches;
    }

    /// Whether a batch's dictionaries are those before it, and not all of the file.
    boolean isStream() {
        return stream;
    }

    /// Rows of all batches.
    public long rows() {
        try {
            long rows = 0;
            for (Block block : batches) rows += batch(message(block)).length();
            return rows;
        } catch (IOException e) {
            throw trouble.failed(e);
        } catch (IndexOutOfBoundsException | NullPointerException e) {
            throw trouble.corrupt(e);
        }
    }

    Message message(Block block) throws IOException {
        return Message.getRootAsMessage(read(block.metadata(), block.metadataBytes()));
    }

    static RecordBatch batch(Message message) {
        return (RecordBatch) Objects.requireNonNull(message.header(new RecordBatch()));
    }

    /// Bytes of the file.
    ByteBuffer read(long position, int bytes) throws IOException {
        if (position < 0 || bytes < 0 || bytes > MESSAGE_BYTES_MAX || position + bytes > size)
            throw trouble.corrupt("it ends too early, or a length in it is wrong");
        ByteBuffer into = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        read(position, into);
        return into.flip();
    }

    /// Fills `into` from `position` on.
    void read(long position, ByteBuffer into) throws IOException {
        long at = position;
        while (into.hasRemaining()) {
            int count = channel.read(into, at);
            if (count < 0) throw trouble.corrupt("it ends too early");
            at += count;
        }
    }

    private ArrowSchema readFooter() throws IOException {
        if (size < MAGIC_PADDED_BYTES + TAIL_BYTES)
            throw trouble.corrupt("it ends before its footer");
        ByteBuffer tail = read(size - TAIL_BYTES, TAIL_BYTES);
        int bytes = tail.getInt();
        if (!ByteBuffer.wrap(MAGIC).equals(tail)) throw trouble.corrupt("it has no footer");
        Footer footer = Footer.getRootAsFooter(read(size - TAIL_BYTES - bytes, bytes));
        for (int i = 0; i < footer.dictionariesLength(); i++)
            dictionaries.add(block(footer.dictionaries(i)));
        for (int i = 0; i < footer.recordBatchesLength(); i++)
            batches.add(block(footer.recordBatches(i)));
        return new ArrowSchema(Objects.requireNonNull(footer.schema()), trouble);
    }

    private Block block(org.apache.arrow.flatbuf.Block from) throws IOException {
        ByteBuffer head = read(from.offset(), 8);
        int prefix = head.getInt() == CONTINUATION ? 8 : 4;
        var block =
                new Block(
                        from.offset() + prefix,
                        Math.toIntExact(from.metaDataLength() - (long) prefix),
                        from.bodyLength());
        if (block.metadataBytes() < 0
                || block.bodyBytes() < 0
                || block.body() + block.bodyBytes() > size)
            throw trouble.corrupt("a batch lies outside of the file");
        return block;
    }

    private ArrowSchema readStream() throws IOException {
        long at = 0;
        ArrowSchema found = null;
        while (at + 4 <= size) {
            int length = read(at, 4).getInt();
            at += 4;
            if (length == CONTINUATION) {
                length = read(at, 4).getInt();
                at += 4;
            }
            if (length == 0) break;
            Message message = Message.getRootAsMessage(read(at, length));
            var block = new Block(at, length, message.bodyLength());
            if (block.bodyBytes() < 0 || block.body() + block.bodyBytes() > size)
                throw trouble.corrupt("it ends inside a batch");
            switch (message.headerType()) {
                case MessageHeader.Schema ->
                        found =
                                new ArrowSchema(
                                        (org.apache.arrow.flatbuf.Schema)
                                                Objects.requireNonNull(
                                                        message.header(
                                                                new org.apache.arrow.flatbuf
                                                                        .Schema())),
                                        trouble);
                case MessageHeader.DictionaryBatch -> dictionaries.add(block);
                case MessageHeader.RecordBatch -> batches.add(block);
                default -> throw trouble.corrupt("it has a message of an unknown kind");
            }
            at = block.body() + block.bodyBytes();
        }
        if (found == null) throw trouble.corrupt("it is neither an Arrow file nor an Arrow stream");
        return found;
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw trouble.failed(e);
        }
    }
}
