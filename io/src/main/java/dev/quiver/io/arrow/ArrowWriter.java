package dev.quiver.io.arrow;

import com.google.flatbuffers.FlatBufferBuilder;
import dev.quiver.columnar.Chunk;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.error.Cancelled;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.io.ChunkWriter;
import dev.quiver.io.FileWritten;
import dev.quiver.schema.Schema;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.flatbuf.Block;
import org.apache.arrow.flatbuf.Footer;
import org.apache.arrow.flatbuf.MessageHeader;
import org.apache.arrow.flatbuf.MetadataVersion;

/// Writes chunks as an Arrow file or stream, a record batch a chunk.
///
/// Categorical columns and enumerations become dictionaries of text in the order in which their
/// values first appear (enumerations: as declared); a file has each dictionary once, behind the
/// batches, a stream its new values before the batch that needs them. Text is plain. Bytes under
/// nulls are zero, so that the same rows make the same file.
public final class ArrowWriter implements ChunkWriter {
    private final Path path;
    private final boolean stream;
    private final boolean zstd;
    private final MemoryAccount account;
    private final FileChannel channel;
    private final ArrowFields fields;
    private final List<long[]> dictionaries = new ArrayList<>();
    private final List<long[]> batches = new ArrayList<>();
    private long position;
    private long rows;
    private boolean finished;

    /// Creates `file`, the temporary name of one that is published later.
    ///
    /// @param stream whether it is a stream, which can be read from its begin to its end only
    /// @param codec `none` or `zstd`
    /// @param account pays for a batch's buffers
    /// @throws QuiverException IO_FAILED
    public static ArrowWriter open(
            Path file, Schema schema, boolean stream, String codec, MemoryAccount account) {
        try {
            Path parent = file.getParent();
            if (parent != null) Files.createDirectories(parent);
            FileChannel channel =
                    FileChannel.open(
                            file,
                            StandardOpenOption.CREATE,
                            StandardOpenOption.TRUNCATE_EXISTING,
                            StandardOpenOption.WRITE);
            var writer =
                    new ArrowWriter(file, schema, stream, codec.equals("zstd"), channel, account);
            try {
                writer.begin();
                return writer;
            } catch (RuntimeException | Error e) {
                writer.close();
                throw e;
            }
        } catch (IOException e) {
            throw failed(file, e);
        }
    }

    private ArrowWriter(
            Path path,
            Schema schema,
            boolean stream,
            boolean zstd,
            FileChannel channel,
            MemoryAccount account) {
        this.path = path;
        this.stream = stream;
        this.zstd = zstd;
        this.channel = channel;
        this.account = account;
        this.fields = new ArrowFields(schema);
    }

    private void begin() {
        if (!stream) write(ByteBuffer.allocate(8).put(ArrowFile.MAGIC).position(8).flip());
        var builder = new FlatBufferBuilder(1024);
        int schema = fields.schema(builder);
        message(builder, MessageHeader.Schema, schema, 0);
    }

    @Override
    public void append(Chunk chunk) {
        if (chunk.rows() == 0) return;
        try (var batch = new ArrowBatch(chunk.rows(), zstd, account)) {
            for (int i = 0; i < fields.columns().size(); i++)
                batch.add(chunk.column(i), fields.columns().get(i));
            if (stream) writeDictionaries();
            var builder = new FlatBufferBuilder(1024);
            int header = batch.header(builder);
            batches.add(message(builder, MessageHeader.RecordBatch, header, batch));
        }
        rows += chunk.rows();
    }

    /// Writes the values that each dictionary has got since it was written.
    private void writeDictionaries() {
        for (ArrowFields.Coded coded : fields.dictionaries()) {
            boolean first = coded.written() < 0;
            if (!first && coded.written() == coded.values().size()) continue;
            List<String> values = coded.takeNew();
            try (var batch = new ArrowBatch(values.size(), zstd, account)) {
                batch.addTexts(values);
                var builder = new FlatBufferBuilder(1024);
                int data = batch.header(builder);
                int header =
                        org.apache.arrow.flatbuf.DictionaryBatch.createDictionaryBatch(
                                builder, coded.id(), data, !first);
                dictionaries.add(message(builder, MessageHeader.DictionaryBatch, header, batch));
            }
        }
    }

    private long[] message(FlatBufferBuilder builder, byte kind, int header, ArrowBatch body) {
        long[] block = message(builder, kind, header, body.bytes());
        body.buffers(this::write);
        block[2] = body.bytes();
        return block;
    }

    /// Writes a message's metadata.
    ///
    /// @return its offset, its length and that of its body
    private long[] message(FlatBufferBuilder builder, byte kind, int header, long bodyBytes) {
        int message =
                org.apache.arrow.flatbuf.Message.createMessage(
                        builder, MetadataVersion.V5, kind, header, bodyBytes, 0);
        builder.finish(message);
        byte[] metadata = builder.sizedByteArray();
        long offset = position;
        int padded = (metadata.length + 8 + 63) / 64 * 64 - 8;
        ByteBuffer bytes = ByteBuffer.allocate(padded + 8).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putInt(ArrowFile.CONTINUATION).putInt(padded).put(metadata);
        write(bytes.position(padded + 8).flip());
        return new long[] {offset, padded + 8, bodyBytes};
    }

    private void write(ByteBuffer bytes) {
        try {
            while (bytes.hasRemaining()) position += channel.write(bytes);
        } catch (IOException e) {
            throw failed(path, e);
        }
    }

    @Override
    public FileWritten finish() {
        writeDictionaries();
        ByteBuffer end = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
        write(end.putInt(ArrowFile.CONTINUATION).putInt(0).flip());
        if (!stream) writeFooter();
        try {
            channel.close();
        } catch (IOException e) {
            throw failed(path, e);
        }
        finished = true;
        return new FileWritten(rows, position);
    }

    private void writeFooter() {
        var builder = new FlatBufferBuilder(1024);
        int schema = fields.schema(builder);
        Footer.startDictionariesVector(builder, dictionaries.size());
        int dictionaryBlocks = blocks(builder, dictionaries);
        Footer.startRecordBatchesVector(builder, batches.size());
        int batchBlocks = blocks(builder, batches);
        builder.finish(
                Footer.createFooter(
                        builder, MetadataVersion.V5, schema, dictionaryBlocks, batchBlocks, 0));
        byte[] footer = builder.sizedByteArray();
        ByteBuffer bytes = ByteBuffer.allocate(footer.length + 10).order(ByteOrder.LITTLE_ENDIAN);
        write(bytes.put(footer).putInt(footer.length).put(ArrowFile.MAGIC).flip());
    }

    private static int blocks(FlatBufferBuilder builder, List<long[]> blocks) {
        for (long[] block : blocks.reversed())
            Block.createBlock(builder, block[0], (int) block[1], block[2]);
        return builder.endVector();
    }

    private static QuiverException failed(Path path, IOException cause) {
        if (cause instanceof ClosedByInterruptException)
            return new Cancelled(
                    "writing '%s' was interrupted".formatted(path), List.of(), "", cause);
        return new QuiverException(
                ErrorCode.IO_FAILED,
                "writing '%s' failed: %s".formatted(path, cause.getMessage()),
                List.of(),
                "check that the disk has room, and the permissions of the directory; nothing was"
                        + " published",
                cause);
    }

    @Override
    public void close() {
        if (finished) return;
        finished = true;
        try {
            channel.close();
            Files.deleteIfExists(path);
        } catch (IOException e) {
            throw failed(path, e);
        }
    }
}
