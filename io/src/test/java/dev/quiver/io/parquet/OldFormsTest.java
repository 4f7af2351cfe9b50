package dev.quiver.io.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quiver.io.parquet.kernel.DamagedPage;
import dev.quiver.io.parquet.kernel.Lz4Pages;
import dev.quiver.io.parquet.kernel.XxHash64;
import dev.quiver.schema.DataType;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.DataPageHeader;
import org.apache.parquet.format.DecimalType;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.FieldRepetitionType;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.LogicalType;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.PageType;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.Type;
import org.apache.parquet.format.Util;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Forms that no writer at hand makes any more, put together by hand.
class OldFormsTest {
    private static final byte[] MAGIC = "PAR1".getBytes(StandardCharsets.US_ASCII);

    @TempDir private Path directory;

    /// A file with one column of int64 in one page.
    private Path file(SchemaElement column, int values, Encoding levels, byte[] page)
            throws Exception {
        var out = new ByteArrayOutputStream();
        out.write(MAGIC);
        var header = new PageHeader(PageType.DATA_PAGE, page.length, page.length);
        header.setData_page_header(
                new DataPageHeader(values, Encoding.PLAIN, levels, Encoding.BIT_PACKED));
        Util.writePageHeader(header, out);
        out.write(page);
        long bytes = out.size() - 4;
        var metadata =
                new ColumnMetaData(
                        Type.INT64,
                        List.of(Encoding.PLAIN),
                        List.of(column.name),
                        CompressionCodec.UNCOMPRESSED,
                        values,
                        bytes,
                        bytes,
                        4);
        var chunk = new ColumnChunk(4);
        chunk.setMeta_data(metadata);
        var root = new SchemaElement("schema");
        root.setNum_children(1);
        var group = new RowGroup(List.of(chunk), bytes, values);
        int before = out.size();
        Util.writeFileMetaData(
                new FileMetaData(1, List.of(root, column), values, List.of(group)), out);
        int length = out.size() - before;
        out.write(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(length).array());
        out.write(MAGIC);
        return Files.write(directory.resolve("old.parquet"), out.toByteArray());
    }

    private static SchemaElement column(FieldRepetitionType repetition) {
        var column = new SchemaElement("x");
        column.setType(Type.INT64);
        column.setRepetition_type(repetition);
        return column;
    }

    private static byte[] longs(int lead, long... values) {
        var buffer = ByteBuffer.allocate(lead + values.length * 8).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < values.length; i++) buffer.putLong(lead + i * 8, values[i]);
        return buffer.array();
    }

    @Test
    void bit_packed_levels_begin_at_the_highest_bit() throws Exception {
        byte[] page = longs(2, 5, 6, 7);
        page[0] = (byte) 0b1001_0000;
        page[1] = (byte) 0b0100_0000;

        ParquetFrame frame =
                ParquetFrame.read(
                        file(column(FieldRepetitionType.OPTIONAL), 10, Encoding.BIT_PACKED, page));

        assertThat(frame.rows())
                .isEqualTo(
                        Arrays.asList(5L, null, null, 6L, null, null, null, null, null, 7L).stream()
                                .map(Arrays::asList)
                                .toList());
    }

    @Test
    void a_decimal_of_more_digits_than_64_bits_hold_keeps_its_scale() throws Exception {
        SchemaElement column = column(FieldRepetitionType.REQUIRED);
        column.setLogicalType(LogicalType.DECIMAL(new DecimalType(20, 25)));

        ParquetFrame frame =
                ParquetFrame.read(file(column, 3, Encoding.RLE, longs(0, 1, -25, Long.MAX_VALUE)));

        assertThat(frame.schema().type("x")).isEqualTo(DataType.decimal(25, 20));
        assertThat(frame.rows())
                .isEqualTo(
                        List.of(
                                List.of(new BigDecimal("0.00000000000000000001")),
                                List.of(new BigDecimal("-0.00000000000000000025")),
                                List.of(new BigDecimal("0.09223372036854775807"))));
    }

    @Test
    void lz4_frames_and_bare_blocks_unpack_and_others_are_damaged() {
        byte[] block = {0x32, 'a', 'b', 'c', 3, 0, 0x10, '!'};
        byte[] text = "abcabcabc!".getBytes(StandardCharsets.US_ASCII);
        byte[] frame = {4, 0x22, 0x4D, 0x18, 0x40, 0x40, 0, 8, 0, 0, 0};
        var packed = ByteBuffer.allocate(frame.length + block.length + 4);
        packed.put(frame).put(block).putInt(0);

        assertThat(unpacked(block, text.length)).isEqualTo(text);
        assertThat(unpacked(packed.array(), text.length)).isEqualTo(text);
        Assertions.assertThrows(DamagedPage.class, () -> unpacked(block, 9));
        Assertions.assertThrows(DamagedPage.class, () -> unpacked(packed.array(), 11));
    }

    private static byte[] unpacked(byte[] packed, int length) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment source = arena.allocate(packed.length);
            MemorySegment.copy(packed, 0, source, ValueLayout.JAVA_BYTE, 0, packed.length);
            MemorySegment target = arena.allocate(length);
            Lz4Pages.unpack(source, target);
            return target.toArray(ValueLayout.JAVA_BYTE);
        }
    }

    @Test
    void hashes_are_those_of_the_specification() {
        assertThat(XxHash64.hash(new byte[0])).isEqualTo(0xEF46DB3751D8E999L);
        assertThat(XxHash64.hash("abc".getBytes(StandardCharsets.US_ASCII)))
                .isEqualTo(0x44BC2CF5AD770999L);
        assertThat(
                        XxHash64.hash(
                                "Nobody inspects the spammish repetition"
                                        .getBytes(StandardCharsets.US_ASCII)))
                .isEqualTo(0xFBCEA83C8A378BF1L);
    }
}
