package dev.quiver.io.parquet;

import com.github.luben.zstd.Zstd;
import dev.quiver.columnar.memory.MemoryAccount;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.util.zip.CRC32;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.DataPageHeader;
import org.apache.parquet.format.DictionaryPageHeader;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.PageType;
import org.apache.parquet.format.Util;
import org.xerial.snappy.Snappy;

/// Packs pages and puts them end to end, each behind its header with a checksum.
final class PageWriter implements AutoCloseable {
    private static final int ZSTD_LEVEL = 1;

    private final CompressionCodec codec;
    private final ByteSink pages;
    private final ByteSink packed;
    private long unpackedBytes;

    PageWriter(CompressionCodec codec, MemoryAccount account) {
        this.codec = codec;
        this.pages = new ByteSink(account);
        try {
            this.packed = new ByteSink(account);
        } catch (RuntimeException e) {
            pages.close();
            throw e;
        }
    }

    /// All pages so far.
    ByteSink pages() {
        return pages;
    }

    /// What the pages would take unpacked, with their headers.
    long unpackedBytes() {
        return unpackedBytes;
    }

    void clear() {
        pages.clear();
        unpackedBytes = 0;
    }

    void data(MemorySegment page, long bytes, int values, Encoding encoding) {
        PageHeader header = new PageHeader(PageType.DATA_PAGE, (int) bytes, 0);
        header.setData_page_header(
                new DataPageHeader(values, encoding, Encoding.RLE, Encoding.RLE));
        write(page, bytes, header);
    }

    void dictionary(MemorySegment page, long bytes, int values) {
        PageHeader header = new PageHeader(PageType.DICTIONARY_PAGE, (int) bytes, 0);
        header.setDictionary_page_header(new DictionaryPageHeader(values, Encoding.PLAIN));
        write(page, bytes, header);
    }

    private void write(MemorySegment page, long bytes, PageHeader header) {
        MemorySegment body = pack(page, bytes);
        long bodyBytes = body.byteSize();
        header.setCompressed_page_size(Math.toIntExact(bodyBytes));
        var crc = new CRC32();
        crc.update(body.asByteBuffer());
        header.setCrc((int) crc.getValue());
        var out = new ByteArrayOutputStream(64);
        try {
            Util.writePageHeader(header, out);
        } catch (IOException e) {
            throw new UncheckedIOException("a header can't be written to memory", e);
        }
        pages.add(out.toByteArray());
        pages.add(body, 0, bodyBytes);
        unpackedBytes += out.size() + bytes;
    }

    private MemorySegment pack(MemorySegment page, long bytes) {
        MemorySegment source = page.asSlice(0, bytes);
        packed.clear();
        return switch (codec) {
            case SNAPPY -> {
                MemorySegment out = packed.room(Snappy.maxCompressedLength((int) bytes));
                try {
                    yield out.asSlice(
                            0, Snappy.rawCompress(source.address(), bytes, out.address()));
                } catch (IOException e) {
                    throw new UncheckedIOException("snappy refuses to pack", e);
                }
            }
            case ZSTD -> {
                MemorySegment out = packed.room(Zstd.compressBound(bytes));
                long size =
                        Zstd.compressUnsafe(
                                out.address(), out.byteSize(), source.address(), bytes, ZSTD_LEVEL);
                if (Zstd.isError(size))
                    throw new IllegalStateException("zstd: " + Zstd.getErrorName(size));
                yield out.asSlice(0, size);
            }
            case UNCOMPRESSED -> source;
            case GZIP, LZO, BROTLI, LZ4, LZ4_RAW ->
                    throw new IllegalStateException("no writer packs " + codec);
        };
    }

    @Override
    public void close() {
        pages.close();
        packed.close();
    }
}
