package dev.quiver.columnar.kernel;

import dev.quiver.columnar.Chunk;
import dev.quiver.columnar.Column;
import dev.quiver.columnar.memory.Buffer;
import dev.quiver.columnar.memory.Layouts;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.operator.OrderBy;
import dev.quiver.schema.Schema;
import java.util.ArrayList;
import java.util.List;

/// The sorted rows of one partition, with the values of the keys beside them.
///
/// Runs are merged range by range: samples of all runs' keys give the borders, each range takes its
/// rows of every run in the order of the runs and sorts them stably.
public final class SortedRun implements AutoCloseable {
    /// Samples for each range that is made.
    private static final int SAMPLES_PER_PART = 64;

    private final Chunk rows;
    private final List<Column> keys;
    private final List<Chunk> chunks = new ArrayList<>();

    private SortedRun(Chunk rows, List<Column> keys) {
        this.rows = rows;
        this.keys = keys;
        for (int from = 0; from < rows.rows(); from += Chunk.ROWS)
            chunks.add(rows.slice(from, Math.min(Chunk.ROWS, rows.rows() - from)));
    }

    /// Sorts a partition.
    ///
    /// @param rowsMax how many of the first rows to keep
    /// @param rows stays the caller's
    /// @param keys the values of `order` for these rows; they stay the caller's
    public static SortedRun of(
            Chunk rows,
            List<Column> keys,
            List<OrderBy> order,
            int rowsMax,
            MemoryAccount account) {
        int count = Math.min(rows.rows(), rowsMax);
        var sortedKeys = new ArrayList<Column>();
        var columns = new ArrayList<Column>();
        try (Buffer numbers = SortOrder.of(keys, order, rows.rows(), account)) {
            for (Column column : rows.columns()) {
                columns.add(Take.column(column, numbers.segment(), 0, count, false, account));
            }
            for (Column key : keys) {
                int same = identical(rows.columns(), key);
                sortedKeys.add(
                        same >= 0
                                ? columns.get(same).retain()
                                : Take.column(key, numbers.segment(), 0, count, false, account));
            }
            return new SortedRun(new Chunk(rows.schema(), columns, count), sortedKeys);
        } catch (RuntimeException | Error e) {
            columns.forEach(Column::close);
            sortedKeys.forEach(Column::close);
            throw e;
        }
    }

    /// Rows that are sorted already.
    ///
    /// @param rows taken over
    /// @param keys the values that they are sorted by, taken over
    public static SortedRun sorted(Chunk rows, List<Column> keys) {
        return new SortedRun(rows, List.copyOf(keys));
    }

    /// All rows in order, still this run's own.
    public Chunk chunk() {
        return rows;
    }

    /// The keys of these rows, still this run's own.
    public List<Column> keys() {
        return keys;
    }

    private static int identical(List<Column> columns, Column key) {
        for (int i = 0; i < columns.size(); i++) if (columns.get(i) == key) return i;
        return -1;
    }

    /// The rows in order, still this run's own.
    public List<Chunk> chunks() {
        return chunks;
    }

    public int rows() {
        return rows.rows();
    }

    public long bytes() {
        return rows.bytes();
    }

    /// Range `part` of `parts` of the merged runs; the caller owns the chunks.
    ///
    /// @param all runs, in the order of their partitions; they stay the caller's
    public static List<Chunk> merge(
            Schema schema,
            List<SortedRun> all,
            List<OrderBy> order,
            int part,
            int parts,
            MemoryAccount account) {
        List<SortedRun> runs = all.stream().filter(run -> run.rows() > 0).toList();
        if (runs.isEmpty()) return List.of();
        if (runs.size() == 1 && parts == 1) {
            runs.getFirst().chunks.forEach(Chunk::retain);
            return runs.getFirst().chunks;
        }
        int[][] ranges = ranges(runs, order, part, parts, account);
        int count = 0;
        for (int[] range : ranges) count = Math.addExact(count, range[1] - range[0]);
        if (count == 0) return List.of();
        var keys = new ArrayList<Column>();
        try {
            for (int k = 0; k < order.size(); k++) {
                int key = k;
                keys.add(spans(runs, ranges, run -> run.keys.get(key), account));
            }
            try (Buffer numbers = SortOrder.of(keys, order, count, account)) {
                keys.forEach(Column::close);
                keys.clear();
                return gather(schema, runs, ranges, numbers, count, account);
            }
        } finally {
            keys.forEach(Column::close);
        }
    }

    private interface Pick {
        Column of(SortedRun run);
    }

    private static Column spans(
            List<SortedRun> runs, int[][] ranges, Pick pick, MemoryAccount account) {
        var spans = new ArrayList<Concat.Span>();
        for (int r = 0; r < ranges.length; r++) {
            int rows = ranges[r][1] - ranges[r][0];
            if (rows > 0) spans.add(new Concat.Span(pick.of(runs.get(r)), ranges[r][0], rows));
        }
        return Concat.column(spans.getFirst().column().type(), spans, account);
    }

    private static List<Chunk> gather(
            Schema schema,
            List<SortedRun> runs,
            int[][] ranges,
            Buffer numbers,
            int count,
            MemoryAccount account) {
        var columns = new ArrayList<Column>();
        try {
            for (int c = 0; c < schema.size(); c++) {
                int index = c;
                try (Column all = spans(runs, ranges, run -> run.rows.column(index), account)) {
                    columns.add(Take.column(all, numbers.segment(), 0, count, false, account));
                }
            }
        } catch (RuntimeException | Error e) {
            columns.forEach(Column::close);
            throw e;
        }
        try (var sorted = new Chunk(schema, columns, count)) {
            var chunks = new ArrayList<Chunk>();
            for (int from = 0; from < count; from += Chunk.ROWS)
                chunks.add(sorted.slice(from, Math.min(Chunk.ROWS, count - from)));
            return chunks;
        }
    }

    /// For each run the rows `[from, to)` that lie in range `part`.
    private static int[][] ranges(
            List<SortedRun> runs, List<OrderBy> order, int part, int parts, MemoryAccount account) {
        var ranges = new int[runs.size()][2];
        for (int r = 0; r < ranges.length; r++) ranges[r][1] = runs.get(r).rows();
        long total = 0;
        for (SortedRun run : runs) total += run.rows();
        if (parts == 1 || total == 0) return ranges;
        long step = Math.max(1, total / ((long) parts * SAMPLES_PER_PART));
        List<Column> samples = samples(runs, step, account);
        try {
            int count = samples.getFirst().rows();
            try (Buffer sorted = SortOrder.of(samples, order, count, account)) {
                var comparison = new RowComparison(order);
                for (int r = 0; r < ranges.length; r++) {
                    if (part > 0) {
                        int low = border(sorted, count, part, parts);
                        ranges[r][0] = runs.get(r).firstFrom(samples, low, comparison);
                    }
                    if (part < parts - 1) {
                        int high = border(sorted, count, part + 1, parts);
                        ranges[r][1] = runs.get(r).firstFrom(samples, high, comparison);
                    }
                }
            }
        } finally {
            samples.forEach(Column::close);
        }
        return ranges;
    }

    /// The sample at which range `part` begins.
    private static int border(Buffer sorted, int count, int part, int parts) {
        long place = (long) count * part / parts;
        return sorted.segment().get(Layouts.INT, Math.min(count - 1, place) * 4);
    }

    /// The keys of every `step`-th row of each run.
    private static List<Column> samples(List<SortedRun> runs, long step, MemoryAccount account) {
        var samples = new ArrayList<Column>();
        for (int k = 0; k < runs.getFirst().keys.size(); k++) {
            var parts = new ArrayList<Column>();
            for (SortedRun run : runs) {
                Column key = run.keys.get(k);
                int count = (int) ((key.rows() + step - 1) / step);
                if (count == 0) continue;
                try (Buffer numbers = account.allocate(count * 4L)) {
                    for (int i = 0; i < count; i++)
                        numbers.segment().set(Layouts.INT, i * 4L, (int) (i * step));
                    parts.add(Take.column(key, numbers.segment(), 0, count, false, account));
                }
            }
            var spans = parts.stream().map(Concat.Span::of).toList();
            samples.add(Concat.column(parts.getFirst().type(), spans, account));
            parts.forEach(Column::close);
        }
        return samples;
    }

    /// The first row of this run that doesn't come before sample `sample`.
    private int firstFrom(List<Column> samples, int sample, RowComparison comparison) {
        int low = 0;
        int high = rows.rows();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (comparison.compare(keys, middle, samples, sample) < 0) low = middle + 1;
            else high = middle;
        }
        return low;
    }

    @Override
    public void close() {
        rows.close();
        keys.forEach(Column::close);
        chunks.forEach(Chunk::close);
    }
}
