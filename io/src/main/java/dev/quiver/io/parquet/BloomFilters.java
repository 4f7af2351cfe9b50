package dev.quiver.io.parquet;

import dev.quiver.expression.Expression;
import dev.quiver.io.parquet.kernel.XxHash64;
import dev.quiver.schema.DataType;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.Optional;
import org.apache.parquet.format.BloomFilterHeader;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.Util;
import org.jspecify.annotations.Nullable;

/// What the Bloom filters of a row group say about values that a condition asks for. Source:
/// BloomFilter.md of the Parquet format. Only the block that a value falls into is read.
final class BloomFilters {
    private static final int[] SALT = {
        0x47b6137b,
        0x44974d91,
        0x8824ad5b,
        0xa2b7289d,
        0x705495c7,
        0x2df1424b,
        0x9efc4947,
        0x5c6bfb31
    };
    private static final int HEADER_BYTES_MAX = 64;
    private static final int BLOCK_BYTES = 32;

    /// Finds a flat column of the file by name.
    interface Columns {
        @Nullable FileColumn find(String name);
    }

    private final FileChannel channel;
    private final ParquetFooter footer;
    private final Columns columns;
    private final int group;

    BloomFilters(FileChannel channel, ParquetFooter footer, Columns columns, int group) {
        this.channel = channel;
        this.footer = footer;
        this.columns = columns;
        this.group = group;
    }

    /// Says false only when no row can match.
    boolean mayMatch(Expression condition) throws IOException {
        return switch (condition) {
            case Expression.In(Expression.Column(var name), var values) -> {
                for (Expression.Literal value : values)
                    if (mayContain(name, value.value())) yield true;
                yield values.isEmpty();
            }
            case Expression.Call(var function, var arguments) ->
                    switch (function) {
                        case AND -> {
                            for (Expression part : arguments) if (!mayMatch(part)) yield false;
                            yield true;
                        }
                        case OR -> {
                            for (Expression part : arguments) if (mayMatch(part)) yield true;
                            yield false;
                        }
                        case EQUAL -> mayEqual(arguments.get(0), arguments.get(1));
                        default -> true;
                    };
            default -> true;
        };
    }

    private boolean mayEqual(Expression left, Expression right) throws IOException {
        if (left instanceof Expression.Column(var name)
                && right instanceof Expression.Literal(var value, _))
            return mayContain(name, value);
        if (right instanceof Expression.Column(var name)
                && left instanceof Expression.Literal(var value, _)) return mayContain(name, value);
        return true;
    }

    private boolean mayContain(String name, @Nullable Object value) throws IOException {
        FileColumn column = columns.find(name);
        if (column == null || value == null) return true;
        Optional<byte[]> stored = stored(column, value);
        if (stored.isEmpty()) return true;
        ColumnMetaData metadata = footer.metadata(group, column);
        if (metadata == null || !metadata.isSetBloom_filter_offset()) return true;
        long at = metadata.bloom_filter_offset;
        if (at < 4 || at >= footer.size()) return true;
        byte[] head = read(at, (int) Math.min(HEADER_BYTES_MAX, footer.size() - at));
        var in = new ByteArrayInputStream(head);
        BloomFilterHeader header;
        try {
            header = Util.readBloomFilterHeader(in);
        } catch (IOException | RuntimeException damaged) {
            return true;
        }
        int bytes = header.getNumBytes();
        long bits = at + head.length - in.available();
        if (!isKnown(header)
                || bytes < BLOCK_BYTES
                || bytes % BLOCK_BYTES != 0
                || bytes > footer.size() - bits) return true;
        long hash = XxHash64.hash(stored.get());
        long block = (hash >>> 32) * (bytes / BLOCK_BYTES) >>> 32;
        return contains(read(bits + block * BLOCK_BYTES, BLOCK_BYTES), (int) hash);
    }

    private static boolean isKnown(BloomFilterHeader header) {
        return header.getAlgorithm() != null
                && header.getAlgorithm().isSetBLOCK()
                && header.getHash() != null
                && header.getHash().isSetXXHASH()
                && header.getCompression() != null
                && header.getCompression().isSetUNCOMPRESSED();
    }

    private static boolean contains(byte[] block, int key) {
        var words = ByteBuffer.wrap(block).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < SALT.length; i++)
            if ((words.getInt(i * 4) & 1 << (key * SALT[i] >>> 27)) == 0) return false;
        return true;
    }

    private byte[] read(long at, int count) throws IOException {
        var bytes = ByteBuffer.allocate(count);
        while (bytes.hasRemaining()) if (channel.read(bytes, at + bytes.position()) < 0) break;
        return bytes.array();
    }

    /// A value as the file stores it in plain encoding; empty where that isn't certain.
    private static Optional<byte[]> stored(FileColumn column, Object value) {
        var buffer = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
        switch (value) {
            case Long number when column.type() instanceof DataType.Int -> {
                if (column.physicalWidth() == 4) buffer.putInt(number.intValue());
                else buffer.putLong(number);
            }
            case LocalDate day when column.type() instanceof DataType.Date ->
                    buffer.putInt((int) day.toEpochDay());
            case Double number when column.type().equals(DataType.FLOAT64) -> {
                if (number == 0 || number.isNaN()) return Optional.empty();
                buffer.putDouble(number);
            }
            case String text
                    when DataType.isOpenText(column.type()) && column.physicalWidth() == 0 -> {
                return Optional.of(text.getBytes(StandardCharsets.UTF_8));
            }
            default -> {
                return Optional.empty();
            }
        }
        return Optional.of(Arrays.copyOf(buffer.array(), buffer.position()));
    }
}
