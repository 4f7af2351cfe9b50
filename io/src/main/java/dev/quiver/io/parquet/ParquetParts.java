package dev.quiver.io.parquet;

import dev.quiver.columnar.memory.Checkpoint;
import dev.quiver.io.EarlyForce;
import dev.quiver.io.FileParts;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.OffsetIndex;
import org.apache.parquet.format.PageLocation;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.Util;

/// Parquet files of one schema as one file: their row groups one after the other as they are, and a
/// footer that says where they lie now.
public final class ParquetParts {
    private static final byte[] MAGIC = "PAR1".getBytes(StandardCharsets.US_ASCII);
    private static final int TAIL_BYTES = 8;

    /// Where the pages of a column in a row group lie in the joined file.
    private record Index(ColumnChunk chunk, OffsetIndex pages) {}

    private ParquetParts() {}

    /// Writes `into`, the temporary name of one that is published later. The parts stay.
    ///
    /// @param parts one at least, files of [ParquetWriter] with one schema
    /// @return the bytes of the file
    public static long join(List<Path> parts, Path into, Checkpoint checkpoint) {
        var errors = new FileErrors(into.toString());
        try (FileChannel file =
                FileChannel.open(
                        into,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING)) {
            write(file, ByteBuffer.wrap(MAGIC));
            var indexes = new ArrayList<Index>();
            var force = new EarlyForce(file);
            FileMetaData joined = append(parts.getFirst(), file, force, indexes, checkpoint);
            for (Path part : parts.subList(1, parts.size())) {
                FileMetaData more = append(part, file, force, indexes, checkpoint);
                joined.row_groups.addAll(more.row_groups);
                joined.num_rows += more.num_rows;
            }
            for (Index index : indexes) write(index, file);
            number(joined.row_groups);
            var footer = new ByteArrayOutputStream();
            Util.writeFileMetaData(joined, footer);
            write(file, ByteBuffer.wrap(footer.toByteArray()));
            ByteBuffer tail = ByteBuffer.allocate(TAIL_BYTES).order(ByteOrder.LITTLE_ENDIAN);
            write(file, tail.putInt(footer.size()).put(MAGIC).flip());
            force.end();
            return file.size();
        } catch (IOException e) {
            throw errors.failed("writing the file", e);
        }
    }

    /// Appends what a part stores.
    ///
    /// @return what it says of itself, with places in `file`
    private static FileMetaData append(
            Path part,
            FileChannel file,
            EarlyForce force,
            List<Index> indexes,
            Checkpoint checkpoint)
            throws IOException {
        try (FileChannel from = FileChannel.open(part, StandardOpenOption.READ)) {
            long size = from.size();
            int length = read(from, size - TAIL_BYTES, Integer.BYTES).getInt(0);
            long end = size - TAIL_BYTES - length;
            byte[] footer = read(from, end, length).array();
            FileMetaData metadata = Util.readFileMetaData(new ByteArrayInputStream(footer), length);
            long shift = file.position() - MAGIC.length;
            FileParts.copy(from, MAGIC.length, end - MAGIC.length, file, force, checkpoint);
            metadata.row_groups = new ArrayList<>(metadata.row_groups);
            for (RowGroup group : metadata.row_groups) {
                for (ColumnChunk chunk : group.columns) index(chunk, from, shift, indexes);
                move(group, shift);
            }
            return metadata;
        }
    }

    /// Takes in where a column's pages lie, which has to be said anew.
    private static void index(ColumnChunk chunk, FileChannel part, long shift, List<Index> indexes)
            throws IOException {
        if (!chunk.isSetOffset_index_offset()) return;
        byte[] bytes = read(part, chunk.offset_index_offset, chunk.offset_index_length).array();
        OffsetIndex pages = Util.readOffsetIndex(new ByteArrayInputStream(bytes));
        for (PageLocation page : pages.page_locations) page.setOffset(page.offset + shift);
        indexes.add(new Index(chunk, pages));
    }

    private static void write(Index index, FileChannel file) throws IOException {
        var bytes = new ByteArrayOutputStream();
        Util.writeOffsetIndex(index.pages(), bytes);
        index.chunk().setOffset_index_offset(file.position());
        index.chunk().setOffset_index_length(bytes.size());
        write(file, ByteBuffer.wrap(bytes.toByteArray()));
    }

    private static void move(RowGroup group, long shift) {
        if (group.isSetFile_offset()) group.setFile_offset(group.file_offset + shift);
        for (ColumnChunk chunk : group.columns) {
            if (chunk.file_offset > 0) chunk.setFile_offset(chunk.file_offset + shift);
            if (chunk.isSetColumn_index_offset())
                chunk.setColumn_index_offset(chunk.column_index_offset + shift);
            ColumnMetaData column = Objects.requireNonNull(chunk.meta_data);
            column.setData_page_offset(column.data_page_offset + shift);
            if (column.isSetDictionary_page_offset())
                column.setDictionary_page_offset(column.dictionary_page_offset + shift);
            if (column.isSetIndex_page_offset())
                column.setIndex_page_offset(column.index_page_offset + shift);
            if (column.isSetBloom_filter_offset())
                column.setBloom_filter_offset(column.bloom_filter_offset + shift);
        }
    }

    private static void number(List<RowGroup> groups) {
        for (int i = 0; i < groups.size(); i++) {
            // The ordinal has 16 bits; a file has it for all groups or for none.
            if (groups.size() <= Short.MAX_VALUE) groups.get(i).setOrdinal((short) i);
            else groups.get(i).unsetOrdinal();
        }
    }

    private static ByteBuffer read(FileChannel channel, long at, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining())
            if (channel.read(bytes, at + bytes.position()) < 0)
                throw new IOException("a part was cut off");
        return bytes;
    }

    private static void write(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) channel.write(bytes);
    }
}
