package dev.quiver.io.parquet;

import dev.quiver.schema.Schema;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnIndex;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.Util;
import org.jspecify.annotations.Nullable;

/// What a Parquet file says of itself: its columns, its row groups and their statistics.
///
/// Encrypted columns are listed; reading them is refused. Immutable.
public final class ParquetFooter {
    private static final int MAGIC = 0x31524150; // PAR1
    private static final int MAGIC_ENCRYPTED = 0x45524150; // PARE
    private static final int TAIL_BYTES = 8;
    private static final int FILE_BYTES_MIN = 12;
    private static final int INDEX_BYTES_MAX = 16 << 20;

    /// Rows that a file stores together.
    ///
    /// @param bytes of all columns, encoded but not compressed
    /// @param compressedBytes of all columns in the file
    /// @param columns one a column of the schema
    public record Group(
            long rows, long bytes, long compressedBytes, List<ColumnStatistics> columns) {
        public Group {
            columns = List.copyOf(columns);
        }
    }

    private final Path path;
    private final FileErrors errors;
    private final long size;
    private final Schema schema;
    private final List<FileNode> columns;
    private final List<Group> groups;
    private final List<RowGroup> stored;

    private ParquetFooter(Path path, long size, FileMetaData metadata, FileErrors errors) {
        this.path = path;
        this.size = size;
        this.errors = errors;
        this.columns =
                FileSchema.columns(
                        metadata.schema, QuiverTypes.of(metadata.key_value_metadata), errors);
        this.schema = new Schema(columns.stream().map(FileNode::field).toList());
        this.stored = metadata.row_groups;
        var read = new ArrayList<Group>();
        for (RowGroup group : metadata.row_groups) read.add(group(group, columns, errors));
        this.groups = List.copyOf(read);
        if (rows() != metadata.num_rows)
            throw errors.corrupt(
                    "the footer says %d rows, its row groups have %d"
                            .formatted(metadata.num_rows, rows()));
    }

    /// Reads the footer of a file.
    ///
    /// @throws QuiverException FILE_NOT_FOUND, IO_FAILED, FILE_CORRUPT, or UNSUPPORTED when the
    ///   footer is encrypted
    public static ParquetFooter read(Path path) {
        var errors = new FileErrors(path.toString());
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            var version = RecentFooters.Version.of(path);
            ParquetFooter footer = read(path, channel, errors);
            RecentFooters.keep(version, footer);
            return footer;
        } catch (NoSuchFileException e) {
            throw errors.missing();
        } catch (IOException e) {
            if (!Files.exists(path)) throw errors.missing();
            throw errors.failed("reading the footer", e);
        }
    }

    static ParquetFooter read(Path path, FileChannel channel, FileErrors errors)
            throws IOException {
        long size = channel.size();
        if (size < FILE_BYTES_MIN)
            throw errors.corrupt("no Parquet file: it has %d bytes".formatted(size));
        ByteBuffer tail = read(channel, size - TAIL_BYTES, TAIL_BYTES, errors);
        int magic = tail.getInt(4);
        if (magic == MAGIC_ENCRYPTED)
            throw errors.unsupported("(all)", "the file's footer is encrypted");
        if (magic != MAGIC)
            throw errors.corrupt(
                    "no Parquet file, or one that was cut off: it doesn't end with PAR1");
        int length = tail.getInt(0);
        if (length <= 0 || length > size - FILE_BYTES_MIN)
            throw errors.corrupt(
                    "the footer says that it has %d bytes, in a file of %d"
                            .formatted(Integer.toUnsignedLong(length), size));
        byte[] bytes = read(channel, size - TAIL_BYTES - length, length, errors).array();
        return new ParquetFooter(path, size, parse(bytes, errors), errors);
    }

    private static ByteBuffer read(FileChannel channel, long at, int length, FileErrors errors)
            throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining())
            if (channel.read(bytes, at + bytes.position()) < 0) throw errors.changed();
        return bytes;
    }

    private static FileMetaData parse(byte[] bytes, FileErrors errors) {
        FileMetaData metadata;
        try {
            metadata = Util.readFileMetaData(new ByteArrayInputStream(bytes), bytes.length);
        } catch (IOException | RuntimeException | StackOverflowError e) {
            throw errors.corrupt("(all)", "the footer can't be read: " + e.getMessage(), e);
        }
        if (metadata.schema == null || metadata.row_groups == null)
            throw errors.corrupt("the footer has no schema or no list of row groups");
        return metadata;
    }

    private static Group group(RowGroup group, List<FileNode> columns, FileErrors errors) {
        if (group.num_rows < 0 || group.columns == null)
            throw errors.corrupt("a row group has %d rows".formatted(group.num_rows));
        var statistics = new ArrayList<ColumnStatistics>();
        long bytes = 0;
        long compressed = 0;
        for (FileNode node : columns) {
            for (FileNode.Leaf leaf : NestedReader.leaves(node))
                if (leaf.column().leaf() >= group.columns.size())
                    throw errors.corrupt(leaf.column().name(), "a row group lacks the column");
            statistics.add(
                    node instanceof FileNode.Leaf leaf && leaf.isFlat()
                            ? statistics(group, leaf.column())
                            : ColumnStatistics.UNKNOWN);
        }
        for (ColumnChunk chunk : group.columns) {
            if (chunk.meta_data == null) continue;
            bytes += Math.max(0, chunk.meta_data.total_uncompressed_size);
            compressed += Math.max(0, chunk.meta_data.total_compressed_size);
        }
        return new Group(group.num_rows, Math.max(0, bytes), Math.max(0, compressed), statistics);
    }

    private static ColumnStatistics statistics(RowGroup group, FileColumn column) {
        ColumnMetaData metadata = group.columns.get(column.leaf()).meta_data;
        if (metadata == null) return ColumnStatistics.UNKNOWN;
        return StatisticsReader.read(column, metadata.statistics, group.num_rows);
    }

    public Path path() {
        return path;
    }

    /// Bytes of the file.
    public long size() {
        return size;
    }

    /// All columns.
    public Schema schema() {
        return schema;
    }

    public List<Group> groups() {
        return groups;
    }

    public long rows() {
        long rows = 0;
        for (Group group : groups) rows += group.rows();
        return rows;
    }

    /// How its first pages are compressed, such as `snappy` and `uncompressed`; empty for a file
    /// without row groups.
    public String codec() {
        for (RowGroup group : stored)
            for (ColumnChunk column : group.columns)
                if (column.meta_data != null)
                    return column.meta_data.codec.name().toLowerCase(Locale.ROOT);
        return "";
    }

    FileNode column(int index) {
        return columns.get(index);
    }

    /// Where a row group stores a column.
    ///
    /// @throws QuiverException when the place makes no sense or can't be read
    ColumnPlace place(int group, FileColumn column) {
        RowGroup stored = this.stored.get(group);
        ColumnChunk chunk = stored.columns.get(column.leaf());
        if (chunk.crypto_metadata != null)
            throw errors.unsupported(column.name(), "the column is encrypted");
        ColumnMetaData metadata = chunk.meta_data;
        if (metadata == null) throw errors.corrupt(column.name(), "the column has no metadata");
        if (chunk.file_path != null)
            throw errors.unsupported(column.name(), "the column lies in another file");
        if (metadata.type != column.physical())
            throw errors.corrupt(
                    column.name(),
                    "a row group stores %s, the schema says %s"
                            .formatted(metadata.type, column.physical()));
        boolean fits =
                column.repetitions() == 0
                        ? metadata.num_values == stored.num_rows
                        : metadata.num_values >= stored.num_rows;
        if (!fits)
            throw errors.corrupt(
                    column.name(),
                    "the column has %d values in a row group of %d rows"
                            .formatted(metadata.num_values, stored.num_rows));
        long from = metadata.data_page_offset;
        long dictionary = metadata.dictionary_page_offset;
        if (metadata.isSetDictionary_page_offset() && dictionary > 0 && dictionary < from)
            from = dictionary;
        long bytes = metadata.total_compressed_size;
        if (from < 4 || bytes < 0 || from > size || bytes > size - from)
            throw errors.corrupt(
                    column.name(),
                    "the column lies at %d with %d bytes, in a file of %d"
                            .formatted(from, bytes, size));
        return new ColumnPlace(from, from + bytes, metadata.num_values, metadata.codec);
    }

    /// What the footer says of a column of a row group.
    @Nullable ColumnMetaData metadata(int group, FileColumn column) {
        return stored.get(group).columns.get(column.leaf()).meta_data;
    }

    /// The index of a flat column's pages, where the file has one that makes sense.
    ///
    /// @param bounds whether those of the pages are read too
    Optional<PageIndex> pageIndex(int group, FileColumn column, FileChannel channel, boolean bounds)
            throws IOException {
        ColumnChunk chunk = stored.get(group).columns.get(column.leaf());
        if (!isInFile(chunk.offset_index_offset, chunk.offset_index_length))
            return Optional.empty();
        try {
            var offsets =
                    Util.readOffsetIndex(
                            bytes(channel, chunk.offset_index_offset, chunk.offset_index_length));
            ColumnIndex index = null;
            if (bounds && isInFile(chunk.column_index_offset, chunk.column_index_length))
                index =
                        Util.readColumnIndex(
                                bytes(
                                        channel,
                                        chunk.column_index_offset,
                                        chunk.column_index_length));
            return PageIndex.of(column, place(group, column), offsets, index);
        } catch (ClosedByInterruptException interrupted) {
            throw interrupted;
        } catch (IOException | IllegalStateException | IllegalArgumentException damaged) {
            // An index only saves work; the pages tell what they hold themselves.
            return Optional.empty();
        }
    }

    private boolean isInFile(long at, int length) {
        return at >= 4 && length > 0 && length <= INDEX_BYTES_MAX && at <= size - length;
    }

    private InputStream bytes(FileChannel channel, long at, int length) throws IOException {
        return new ByteArrayInputStream(read(channel, at, length, errors).array());
    }
}
