package dev.quiver.columnar.kernel;

import dev.quiver.columnar.Chunk;
import dev.quiver.columnar.Column;
import dev.quiver.columnar.memory.Buffer;
import dev.quiver.columnar.memory.Checkpoint;
import dev.quiver.columnar.memory.Layouts;
import dev.quiver.columnar.memory.MemoryAccount;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/// The build side of a join: rows, and for each combination of key values the numbers of its rows
/// in their order. Rows with a null key are in no combination.
///
/// Read by many threads at once, each through a [JoinProbe] of its own.
public final class JoinTable implements AutoCloseable {
    /// So many rows tell whether most keys are distinct.
    private static final int SAMPLE_ROWS = 4096;

    private final Chunk rows;
    private final List<Column> keys;
    private final GroupTable table;
    private final Buffer starts;
    private final Buffer order;
    private final boolean unique;

    private JoinTable(
            Chunk rows,
            List<Column> keys,
            GroupTable table,
            Buffer starts,
            Buffer order,
            boolean unique) {
        this.rows = rows;
        this.keys = List.copyOf(keys);
        this.table = table;
        this.starts = starts;
        this.order = order;
        this.unique = unique;
    }

    /// @param rows all rows of the build side; taken over, but not when this fails
    /// @param keys one a key, of the same rows; they stay the caller's, the table keeps shares
    /// @param account of the table's memory
    public static JoinTable build(Chunk rows, List<Column> keys, MemoryAccount account) {
        int count = rows.rows();
        var table = new GroupTable(keys.stream().map(Column::type).toList(), false, account);
        var owned = new ArrayList<AutoCloseable>(List.of(table));
        try (Buffer numbers = account.allocate(count * 4L)) {
            number(table, keys, count, numbers.segment(), account);
            Buffer starts = account.allocateZeroed((table.groupCount() + 1) * 4L);
            owned.add(starts);
            Buffer order = account.allocate(count * 4L);
            boolean unique =
                    order(numbers.segment(), count, table.groupCount(), starts, order, account);
            keys.forEach(Column::retain);
            return new JoinTable(rows, keys, table, starts, order, unique);
        } catch (RuntimeException | Error e) {
            for (AutoCloseable resource : owned) {
                switch (resource) {
                    case GroupTable made -> made.close();
                    case Buffer buffer -> buffer.close();
                    default -> throw new IllegalStateException(resource.toString(), e);
                }
            }
            throw e;
        }
    }

    private static void number(
            GroupTable table,
            List<Column> keys,
            int count,
            MemorySegment to,
            MemoryAccount account) {
        var groups = new int[Math.min(count, Chunk.ROWS)];
        int part;
        for (int from = 0; from < count; from += part) {
            account.checkpoint();
            part = Math.min(from == 0 ? SAMPLE_ROWS : Chunk.ROWS, count - from);
            var slices = new ArrayList<Column>();
            for (Column key : keys) slices.add(key.slice(from, part));
            try {
                table.assign(slices, part, groups);
            } finally {
                slices.forEach(Column::close);
            }
            MemorySegment.copy(groups, 0, to, Layouts.INT, from * 4L, part);
            boolean distinct = table.groupCount() > (from + part) / 8 * 7;
            if (from == 0 && distinct) table.expect(Math.min(count, 2 * Chunk.ROWS));
            else if (from == SAMPLE_ROWS && distinct) table.expect(count);
        }
    }

    /// Counting sort of the rows by their numbers, stable.
    ///
    /// @return whether no number has two rows
    private static boolean order(
            MemorySegment numbers,
            int count,
            int groupCount,
            Buffer starts,
            Buffer order,
            MemoryAccount account) {
        MemorySegment begin = starts.segment();
        int most = 0;
        for (int from = 0; from < count; from += Checkpoint.ROWS) {
            account.checkpoint();
            int end = Math.min(count, from + Checkpoint.ROWS);
            most = Math.max(most, tally(numbers, from, end, begin));
        }
        int sum = 0;
        for (int group = 0; group <= groupCount; group++) {
            int size = begin.get(Layouts.INT, group * 4L);
            begin.set(Layouts.INT, group * 4L, sum);
            sum += size;
        }
        for (int from = 0; from < count; from += Checkpoint.ROWS) {
            account.checkpoint();
            place(numbers, from, Math.min(count, from + Checkpoint.ROWS), begin, order.segment());
        }
        // Each start has moved to its end, which is the next one's start.
        for (int group = groupCount; group > 0; group--)
            begin.set(Layouts.INT, group * 4L, begin.get(Layouts.INT, (group - 1) * 4L));
        begin.set(Layouts.INT, 0, 0);
        return most <= 1;
    }

    /// Counts the rows of each number.
    ///
    /// @return the most that a number has by now
    private static int tally(MemorySegment numbers, int from, int end, MemorySegment counts) {
        int most = 0;
        for (int i = from; i < end; i++) {
            int group = numbers.get(Layouts.INT, i * 4L);
            if (group < 0) continue;
            int seen = counts.get(Layouts.INT, group * 4L) + 1;
            counts.set(Layouts.INT, group * 4L, seen);
            most = Math.max(most, seen);
        }
        return most;
    }

    private static void place(
            MemorySegment numbers, int from, int end, MemorySegment begin, MemorySegment to) {
        for (int i = from; i < end; i++) {
            int group = numbers.get(Layouts.INT, i * 4L);
            if (group < 0) continue;
            int at = begin.get(Layouts.INT, group * 4L);
            to.set(Layouts.INT, at * 4L, i);
            begin.set(Layouts.INT, group * 4L, at + 1);
        }
    }

    /// All rows of the build side, still this table's own.
    public Chunk chunk() {
        return rows;
    }

    /// The keys of these rows, still this table's own.
    public List<Column> keys() {
        return keys;
    }

    public int rows() {
        return rows.rows();
    }

    /// Bytes of the rows and of the table.
    public long bytes() {
        return rows.bytes() + starts.capacityBytes() + order.capacityBytes();
    }

    /// Room for [#find] of one thread.
    public KeyRows scratch() {
        return new KeyRows(keys.size());
    }

    /// Writes a number into `groups` for each row, −1 for keys that no row of the table has and for
    /// those with a null.
    ///
    /// @param keys one a key, of the table's types; they stay the caller's
    /// @param scratch of this table, the calling thread's own
    public void find(List<Column> keys, int rowCount, KeyRows scratch, int[] groups) {
        table.find(keys, rowCount, scratch, groups);
    }

    int keyCount() {
        return keys.size();
    }

    GroupTable table() {
        return table;
    }

    boolean isUnique() {
        return unique;
    }

    /// The first place of a combination's rows in [#order]; they end where the next begin.
    MemorySegment starts() {
        return starts.segment();
    }

    MemorySegment order() {
        return order.segment();
    }

    @Override
    public void close() {
        rows.close();
        keys.forEach(Column::close);
        table.close();
        starts.close();
        order.close();
    }
}
