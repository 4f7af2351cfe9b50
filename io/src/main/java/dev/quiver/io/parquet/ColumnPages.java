package dev.quiver.io.parquet;

import dev.quiver.columnar.memory.Buffer;
import dev.quiver.columnar.memory.Layouts;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.error.QuiverException;
import dev.quiver.io.parquet.kernel.DamagedPage;
import dev.quiver.io.parquet.kernel.LevelDecoder;
import dev.quiver.io.store.Stores;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.util.zip.CRC32;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.Encoding;
import org.jspecify.annotations.Nullable;

/// The pages of one column of a row group, in order: read from the file, checked, unpacked.
///
/// Files are read, not mapped: a file that is cut while it is read is an error then, not a fault.
final class ColumnPages implements AutoCloseable {
    /// Readable bytes behind a page, so that decoders may load whole words.
    static final int SLACK_BYTES = 16;

    private static final int HEADER_BYTES_FIRST = 256;
    private static final int HEADER_BYTES_MAX = 16 << 20;
    private static final Encoding[] ENCODINGS = new Encoding[10];

    static {
        for (Encoding encoding : Encoding.values()) ENCODINGS[encoding.getValue()] = encoding;
    }

    private final FileChannel channel;
    private final FileErrors errors;
    private final FileColumn column;
    private final ColumnPlace place;
    private final boolean verify;
    private final MemoryAccount account;
    private final PageHead head = new PageHead();
    private long at;
    private long entriesLeft;
    private long skippedBytes;
    private @Nullable Buffer packed;
    private @Nullable Buffer unpacked;

    /// @param verify whether checksums are compared
    ColumnPages(
            FileChannel channel,
            FileErrors errors,
            FileColumn column,
            ColumnPlace place,
            boolean verify,
            MemoryAccount account) {
        this.channel = channel;
        this.errors = errors;
        this.column = column;
        this.place = place;
        this.verify = verify;
        this.account = account;
        this.at = place.from();
        this.entriesLeft = place.entries();
        Stores.expect(channel, place.from(), place.to());
        if (!Unpacker.knows(place.codec()))
            throw errors.unsupported(
                    column.name(), "the column is packed by %s".formatted(place.codec()));
    }

    FileColumn column() {
        return column;
    }

    /// The error of a page.
    QuiverException damaged(int pageIndex, String what, RuntimeException cause) {
        return errors.corrupt(
                column.name(),
                "page %d of a row group %s".formatted(Math.max(0, pageIndex), what),
                cause);
    }

    /// Bytes read so far.
    long bytesRead() {
        return at - place.from() - skippedBytes;
    }

    /// Goes on with a data page further on, which begins with row `row`.
    void jump(long offset, long row) {
        skippedBytes += offset - at;
        at = offset;
        entriesLeft = place.entries() - row;
    }

    /// Whether what comes next lies before the first data page of an index.
    boolean isBefore(long offset) {
        return at < offset;
    }

    /// The next dictionary or data page; the one before is gone.
    ///
    /// @throws dev.quiver.error.QuiverException FILE_CORRUPT when there is none, or it is damaged
    Page next() {
        try {
            while (true) {
                if (at >= place.to()) throw new DamagedPage("is missing");
                int headerBytes = readHead();
                check();
                long body = at + headerBytes;
                at = body + head.compressedBytes;
                if (head.type == PageHead.DATA
                        || head.type == PageHead.DATA_V2
                        || head.type == PageHead.DICTIONARY) return unpack(body);
            }
        } catch (IOException e) {
            throw errors.failed("reading column '%s'".formatted(column.name()), e);
        }
    }

    private int readHead() throws IOException {
        int length = HEADER_BYTES_FIRST;
        while (true) {
            long available = Math.min(length, place.to() - at);
            MemorySegment bytes = packed(available);
            read(at, bytes, available);
            try {
                return head.read(bytes, 0, available);
            } catch (PageHead.Incomplete more) {
                if (available < length || length >= HEADER_BYTES_MAX)
                    throw new DamagedPage("has a header without an end");
                length *= 16;
            }
        }
    }

    private void check() {
        if (head.compressedBytes < 0 || head.compressedBytes > place.to() - at)
            throw new DamagedPage(
                    "says that it has %d bytes, more than the column"
                            .formatted(head.compressedBytes));
        if (head.uncompressedBytes < 0
                || head.uncompressedBytes
                        > Unpacker.unpackedBytesMax(place.codec(), head.compressedBytes))
            throw new DamagedPage(
                    "says that %d bytes unpack to %d"
                            .formatted(head.compressedBytes, head.uncompressedBytes));
    }

    private Page unpack(long body) throws IOException {
        if (head.values < 0) throw new DamagedPage("has no number of values");
        boolean version2 = head.type == PageHead.DATA_V2;
        boolean direct =
                place.codec() == CompressionCodec.UNCOMPRESSED || (version2 && !head.compressed);
        int levels = version2 ? levelBytes() : 0;
        long length = direct ? head.compressedBytes : head.uncompressedBytes;
        MemorySegment data = unpacked(length);
        if (direct) {
            read(body, data, length);
            checkCrc(data, length);
        } else {
            MemorySegment raw = packed(head.compressedBytes);
            read(body, raw, head.compressedBytes);
            checkCrc(raw, head.compressedBytes);
            MemorySegment.copy(raw, 0, data, 0, levels);
            Unpacker.unpack(
                    place.codec(),
                    raw,
                    levels,
                    head.compressedBytes,
                    data,
                    levels,
                    length - levels);
        }
        Encoding encoding = encoding(head.encoding);
        if (head.type == PageHead.DICTIONARY)
            return new Page(
                    true,
                    head.values,
                    encoding,
                    data,
                    Page.Levels.NONE,
                    Page.Levels.NONE,
                    0,
                    length);
        if (head.values > entriesLeft) throw new DamagedPage("has more values than the row group");
        entriesLeft -= head.values;
        if (version2)
            return new Page(
                    false,
                    head.values,
                    encoding,
                    data,
                    new Page.Levels(0, head.repetitionBytes, false),
                    new Page.Levels(head.repetitionBytes, levels, false),
                    levels,
                    length);
        return version1(data, encoding, length);
    }

    private int levelBytes() {
        if (head.definitionBytes < 0
                || head.repetitionBytes < 0
                || head.repetitionBytes > head.compressedBytes
                || (long) head.definitionBytes + head.repetitionBytes
                        > Math.min(head.compressedBytes, head.uncompressedBytes))
            throw new DamagedPage("has levels longer than the page");
        return head.definitionBytes + head.repetitionBytes;
    }

    private Page version1(MemorySegment data, Encoding encoding, long length) {
        Page.Levels repetitions =
                levels(data, 0, length, column.repetitions(), head.repetitionEncoding);
        Page.Levels definitions =
                levels(
                        data,
                        repetitions.to(),
                        length,
                        column.definitions(),
                        head.definitionEncoding);
        long from = column.nullable() ? definitions.to() : 0;
        return new Page(false, head.values, encoding, data, repetitions, definitions, from, length);
    }

    /// Where levels lie, behind their length or bit-packed; nowhere when they are all 0.
    private Page.Levels levels(
            MemorySegment data, long at, long length, int max, int levelEncoding) {
        if (max == 0) return Page.Levels.NONE;
        Encoding encoding = encoding(levelEncoding);
        if (encoding == Encoding.BIT_PACKED) {
            long bytes = LevelDecoder.packedBytes(max, head.values);
            if (bytes > length - at) throw new DamagedPage("has levels longer than the page");
            return new Page.Levels(at, at + bytes, true);
        }
        if (encoding != Encoding.RLE)
            throw errors.unsupported(
                    column.name(), "the column's levels are encoded as %s".formatted(encoding));
        if (length - at < 4) throw new DamagedPage("has no levels");
        int bytes = data.get(Layouts.INT, at);
        if (bytes < 0 || bytes > length - at - 4)
            throw new DamagedPage("has levels longer than the page");
        return new Page.Levels(at + 4, at + 4 + bytes, false);
    }

    private static Encoding encoding(int number) {
        if (number < 0 || number >= ENCODINGS.length || ENCODINGS[number] == null)
            throw new DamagedPage("has an encoding that doesn't exist: %d".formatted(number));
        return ENCODINGS[number];
    }

    private void checkCrc(MemorySegment bytes, long length) {
        if (!verify || !head.hasCrc) return;
        var crc = new CRC32();
        crc.update(bytes.asSlice(0, length).asByteBuffer());
        if ((int) crc.getValue() != head.crc) throw new DamagedPage("has a wrong checksum");
    }

    private void read(long position, MemorySegment target, long length) throws IOException {
        var buffer = target.asSlice(0, length).asByteBuffer();
        while (buffer.hasRemaining())
            if (channel.read(buffer, position + buffer.position()) < 0) throw errors.changed();
    }

    private MemorySegment packed(long bytes) {
        packed = roomFor(packed, bytes);
        return packed.segment().asSlice(0, bytes + SLACK_BYTES);
    }

    private MemorySegment unpacked(long bytes) {
        unpacked = roomFor(unpacked, bytes);
        return unpacked.segment().asSlice(0, bytes + SLACK_BYTES);
    }

    private Buffer roomFor(@Nullable Buffer old, long bytes) {
        if (old == null) return account.allocate(bytes + SLACK_BYTES);
        return account.grow(old, 0, bytes + SLACK_BYTES);
    }

    @Override
    public void close() {
        if (packed != null) packed.close();
        if (unpacked != null) unpacked.close();
        packed = null;
        unpacked = null;
    }
}
