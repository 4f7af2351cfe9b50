package dev.quiver.columnar.kernel;

import dev.quiver.columnar.Chunk;
import dev.quiver.columnar.Column;
import dev.quiver.columnar.DictionaryColumn;
import dev.quiver.columnar.FixedColumn;
import dev.quiver.columnar.memory.Buffer;
import dev.quiver.columnar.memory.Layouts;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.schema.Schema;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Spreads a chunk's rows over buckets; rows keep their order inside a bucket.
///
/// Columns of four and eight bytes without nulls are read once, in order, and written to as many
/// places as there are buckets, all in one buffer of which each bucket has a part. Other columns
/// are gathered bucket by bucket.
public final class Scatter {
    private final Chunk source;
    private final MemorySegment numbers;
    private final int[] starts;
    private final MemoryAccount account;

    private Scatter(Chunk source, MemorySegment numbers, int[] starts, MemoryAccount account) {
        this.source = source;
        this.numbers = numbers;
        this.starts = starts;
        this.account = account;
    }

    /// Appends to each bucket the chunks of its rows, which the caller owns.
    ///
    /// @param numbers the bucket of each row, int32, below `buckets.size()`
    public static void rows(
            Chunk source, MemorySegment numbers, List<List<Chunk>> buckets, MemoryAccount account) {
        var starts = new int[buckets.size() + 1];
        for (int i = 0; i < source.rows(); i++) starts[numbers.get(Layouts.INT, i * 4L) + 1]++;
        for (int b = 0; b < buckets.size(); b++) starts[b + 1] += starts[b];
        new Scatter(source, numbers, starts, account).into(buckets);
    }

    private void into(List<List<Chunk>> buckets) {
        List<@Nullable Buffer> moved = new ArrayList<>();
        try (Buffer order = order()) {
            for (Column column : source.columns()) moved.add(moved(column));
            for (int b = 0; b < buckets.size(); b++) {
                for (int from = starts[b]; from < starts[b + 1]; from += Chunk.ROWS) {
                    int count = Math.min(Chunk.ROWS, starts[b + 1] - from);
                    buckets.get(b).add(part(moved, order, from, count));
                }
            }
        } finally {
            for (Buffer buffer : moved) if (buffer != null) buffer.close();
        }
    }

    /// The row numbers, bucket by bucket.
    private Buffer order() {
        int[] at = starts.clone();
        Buffer order = account.allocate(source.rows() * 4L);
        MemorySegment to = order.segment();
        for (int i = 0; i < source.rows(); i++)
            to.set(Layouts.INT, at[numbers.get(Layouts.INT, i * 4L)]++ * 4L, i);
        return order;
    }

    private @Nullable Buffer moved(Column column) {
        if (column.nullCount() > 0) return null;
        return switch (column) {
            case FixedColumn fixed when fixed.width() == 8 -> longs(fixed.values());
            case FixedColumn fixed when fixed.width() == 4 -> ints(fixed.values());
            case DictionaryColumn coded -> ints(coded.codes());
            default -> null;
        };
    }

    private Buffer longs(MemorySegment from) {
        int[] at = starts.clone();
        Buffer buffer = account.allocate(source.rows() * 8L);
        MemorySegment to = buffer.segment();
        for (int i = 0; i < source.rows(); i++) {
            int place = at[numbers.get(Layouts.INT, i * 4L)]++;
            to.set(Layouts.LONG, place * 8L, from.get(Layouts.LONG, i * 8L));
        }
        return buffer;
    }

    private Buffer ints(MemorySegment from) {
        int[] at = starts.clone();
        Buffer buffer = account.allocate(source.rows() * 4L);
        MemorySegment to = buffer.segment();
        for (int i = 0; i < source.rows(); i++) {
            int place = at[numbers.get(Layouts.INT, i * 4L)]++;
            to.set(Layouts.INT, place * 4L, from.get(Layouts.INT, i * 4L));
        }
        return buffer;
    }

    private Chunk part(List<@Nullable Buffer> moved, Buffer order, int from, int count) {
        Schema schema = source.schema();
        var columns = new ArrayList<Column>();
        try {
            for (int c = 0; c < moved.size(); c++) {
                Buffer buffer = moved.get(c);
                Column column = source.column(c);
                columns.add(
                        buffer == null
                                ? Take.column(column, order.segment(), from, count, false, account)
                                : slice(column, buffer, from, count));
            }
            return new Chunk(schema, columns, count);
        } catch (RuntimeException | Error e) {
            columns.forEach(Column::close);
            throw e;
        }
    }

    private static Column slice(Column like, Buffer moved, int from, int count) {
        if (like instanceof DictionaryColumn coded)
            return new DictionaryColumn(
                    coded.type(),
                    count,
                    moved.slice(from * 4L, count * 4L),
                    coded.dictionary(),
                    coded.values().retain(),
                    null);
        long width = ((FixedColumn) like).width();
        return new FixedColumn(like.type(), count, moved.slice(from * width, count * width), null);
    }
}
