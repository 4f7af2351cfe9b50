package dev.quiver.io.parquet;

import dev.quiver.columnar.Chunk;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.io.ChunkWriter;
import dev.quiver.io.FileWritten;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Field;
import dev.quiver.schema.Schema;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnOrder;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.KeyValue;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.TypeDefinedOrder;
import org.apache.parquet.format.Util;

/// Writes chunks into one Parquet file.
///
/// Row groups of about a million rows or 128 MB, pages of about 1 MB with checksums, dictionaries
/// where values repeat, bounds and null counts of row groups and of pages. A row group waits packed
/// in counted memory until it is complete.
public final class ParquetWriter implements ChunkWriter {
    private static final byte[] MAGIC = "PAR1".getBytes(StandardCharsets.US_ASCII);
    private static final String CREATED_BY = "quiver version 0.1.0 (build 0)";
    private static final long GROUP_ROWS = 1 << 20;
    private static final long GROUP_BYTES = 128L << 20;
    private static final int VERSION = 2;

    private final Path file;
    private final FileErrors errors;
    private final Schema schema;
    private final FileChannel channel;
    private final List<FieldWriter> columns = new ArrayList<>();
    private final List<RowGroup> groups = new ArrayList<>();
    private final List<WrittenColumn> written = new ArrayList<>();
    private long groupRows;
    private long rows;
    private boolean finished;
    private boolean closed;

    private ParquetWriter(Path file, FileErrors errors, Schema schema, FileChannel channel) {
        this.file = file;
        this.errors = errors;
        this.schema = schema;
        this.channel = channel;
    }

    /// Begins a file.
    ///
    /// @param file its temporary name; whoever opens the writer renames it after [#finish]
    /// @param codec `snappy`, `zstd` or `none`
    /// @param account pays for the row group in the making
    /// @throws QuiverException IO_FAILED when the file can't be made, UNSUPPORTED for a struct
    ///   without fields, ARGUMENT_INVALID for another codec
    public static ParquetWriter open(
            Path file, Schema schema, String codec, MemoryAccount account) {
        var errors = new FileErrors(file.toString());
        CompressionCodec packing = codec(codec, errors);
        for (Field field : schema.fields()) requireLeaves(field, field.name(), errors);
        FileChannel channel;
        try {
            channel =
                    FileChannel.open(
                            file,
                            StandardOpenOption.WRITE,
                            StandardOpenOption.CREATE,
                            StandardOpenOption.TRUNCATE_EXISTING);
        } catch (IOException e) {
            throw errors.failed("making the file", e);
        }
        var writer = new ParquetWriter(file, errors, schema, channel);
        try {
            for (Field field : schema.fields()) writer.columns.add(column(field, packing, account));
            writer.write(ByteBuffer.wrap(MAGIC));
        } catch (RuntimeException | Error e) {
            writer.close();
            throw e;
        } catch (IOException e) {
            writer.close();
            throw errors.failed("writing the file", e);
        }
        return writer;
    }

    private static void requireLeaves(Field field, String path, FileErrors errors) {
        switch (field.type()) {
            case DataType.ListOf(var element) -> requireLeaves(element, path + "[]", errors);
            case DataType.Struct(var fields) -> {
                if (fields.isEmpty())
                    throw errors.unsupported(path, "Parquet has no structs without fields");
                for (Field part : fields) requireLeaves(part, path + "." + part.name(), errors);
            }
            default -> {}
        }
    }

    private static FieldWriter column(Field field, CompressionCodec codec, MemoryAccount account) {
        boolean nested =
                field.type() instanceof DataType.ListOf || field.type() instanceof DataType.Struct;
        return nested
                ? new NestedWriter(field, leaf -> encoder(leaf, account), codec, account)
                : new ColumnWriter(field, encoder(field, account), codec, account);
    }

    private static CompressionCodec codec(String name, FileErrors errors) {
        return switch (name) {
            case "snappy" -> CompressionCodec.SNAPPY;
            case "zstd" -> CompressionCodec.ZSTD;
            case "none" -> CompressionCodec.UNCOMPRESSED;
            default ->
                    throw new QuiverException(
                            ErrorCode.ARGUMENT_INVALID,
                            "Parquet files can't be packed by '%s'".formatted(name),
                            List.of("file: " + errors.path()),
                            "use snappy, zstd or none");
        };
    }

    private static ValueEncoder encoder(Field field, MemoryAccount account) {
        return switch (field.type()) {
            case DataType.Bool _ -> new BoolEncoder(account);
            case DataType.Utf8 _,
                    DataType.Binary _,
                    DataType.Categorical _,
                    DataType.Enumeration _ ->
                    new ArrayEncoder(field.type(), account);
            case DataType.Int _,
                    DataType.FloatingPoint _,
                    DataType.Decimal _,
                    DataType.Date _,
                    DataType.Timestamp _,
                    DataType.Time _,
                    DataType.Duration _ ->
                    new FixedEncoder(field, account);
            case DataType.ListOf _, DataType.Struct _ ->
                    throw new IllegalArgumentException(field.toString());
        };
    }

    @Override
    public void append(Chunk chunk) {
        if (finished || closed) throw new IllegalStateException("the writer has ended");
        if (!chunk.schema().names().equals(schema.names()))
            throw new IllegalArgumentException(
                    "a chunk of %s for a file of %s"
                            .formatted(chunk.schema().names(), schema.names()));
        long bytes = 0;
        for (int i = 0; i < columns.size(); i++) {
            FieldWriter writer = columns.get(i);
            writer.append(chunk.column(i));
            bytes += writer.bytes();
        }
        groupRows += chunk.rows();
        rows += chunk.rows();
        if (groupRows >= GROUP_ROWS || bytes >= GROUP_BYTES) endGroup();
    }

    private void endGroup() {
        if (groupRows == 0) return;
        try {
            long from = channel.position();
            var chunks = new ArrayList<ColumnChunk>();
            for (FieldWriter writer : columns)
                for (WrittenColumn column : writer.endGroup(channel)) {
                    written.add(column);
                    chunks.add(column.chunk());
                }
            long bytes = chunks.stream().mapToLong(c -> c.meta_data.total_uncompressed_size).sum();
            var group = new RowGroup(chunks, bytes, groupRows);
            group.setFile_offset(from);
            group.setTotal_compressed_size(channel.position() - from);
            // Readers that sort row groups use it; it has 16 bits.
            if (groups.size() <= Short.MAX_VALUE) group.setOrdinal((short) groups.size());
            groups.add(group);
            groupRows = 0;
        } catch (IOException e) {
            throw errors.failed("writing the file", e);
        }
    }

    @Override
    public FileWritten finish() {
        if (finished || closed) throw new IllegalStateException("the writer has ended");
        endGroup();
        try {
            writeIndexes();
            var footer = new ByteArrayOutputStream();
            Util.writeFileMetaData(metadata(), footer);
            ByteBuffer tail = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
            tail.putInt(footer.size()).put(MAGIC).flip();
            write(ByteBuffer.wrap(footer.toByteArray()));
            write(tail);
            long bytes = channel.size();
            channel.close();
            finished = true;
            return new FileWritten(rows, bytes);
        } catch (IOException e) {
            throw errors.failed("writing the file", e);
        } finally {
            close();
        }
    }

    /// The bounds of all pages, then their places, in the order of PageIndex.md.
    private void writeIndexes() throws IOException {
        for (WrittenColumn column : written) {
            if (column.bounds().isEmpty()) continue;
            var bytes = new ByteArrayOutputStream();
            Util.writeColumnIndex(column.bounds().get(), bytes);
            column.chunk().setColumn_index_offset(channel.position());
            column.chunk().setColumn_index_length(bytes.size());
            write(ByteBuffer.wrap(bytes.toByteArray()));
        }
        for (WrittenColumn column : written) {
            var bytes = new ByteArrayOutputStream();
            Util.writeOffsetIndex(column.offsets(), bytes);
            column.chunk().setOffset_index_offset(channel.position());
            column.chunk().setOffset_index_length(bytes.size());
            write(ByteBuffer.wrap(bytes.toByteArray()));
        }
    }

    private FileMetaData metadata() {
        var elements = new ArrayList<SchemaElement>();
        var root = new SchemaElement("schema");
        root.setNum_children(schema.size());
        elements.add(root);
        var orders = new ArrayList<ColumnOrder>();
        var entries = new ArrayList<KeyValue>();
        for (Field field : schema.fields()) {
            ParquetTypes.addElements(field, elements);
            QuiverTypes.entry(field.name(), field.type()).ifPresent(entries::add);
        }
        for (SchemaElement element : elements)
            if (element.isSetType()) orders.add(ColumnOrder.TYPE_ORDER(new TypeDefinedOrder()));
        var metadata = new FileMetaData(VERSION, elements, rows, groups);
        metadata.setCreated_by(CREATED_BY);
        metadata.setColumn_orders(orders);
        if (!entries.isEmpty()) metadata.setKey_value_metadata(entries);
        return metadata;
    }

    private void write(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) channel.write(bytes);
    }

    @Override
    public void close() {
        if (closed) return;
        closed = true;
        columns.forEach(FieldWriter::close);
        try {
            channel.close();
            if (!finished) Files.deleteIfExists(file);
        } catch (IOException e) {
            throw errors.failed("closing the file", e);
        }
    }
}
