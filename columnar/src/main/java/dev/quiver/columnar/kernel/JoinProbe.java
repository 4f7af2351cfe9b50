package dev.quiver.columnar.kernel;

import dev.quiver.columnar.Chunk;
import dev.quiver.columnar.Column;
import dev.quiver.columnar.memory.Buffer;
import dev.quiver.columnar.memory.Layouts;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.operator.JoinKind;
import dev.quiver.schema.Schema;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// Looks the rows of chunks up in a [JoinTable], in one thread. Rows come out in the order of the
/// probed ones; several matches of one row in the order of the build side.
public final class JoinProbe implements AutoCloseable {
    private final JoinTable table;
    private final JoinKind kind;
    private final List<Column> taken = new ArrayList<>();
    private final Schema schema;
    private final MemoryAccount account;
    private final KeyRows scratch;
    private final Buffer probeRows;
    private final Buffer buildRows;
    private int[] groups = new int[0];

    /// @param take columns of the build side that go to the output
    /// @param schema of the output: the probed chunk's columns, then the taken ones
    public JoinProbe(
            JoinTable table,
            JoinKind kind,
            List<String> take,
            Schema schema,
            MemoryAccount account) {
        this.table = table;
        this.kind = kind;
        this.schema = schema;
        this.account = account;
        this.scratch = new KeyRows(table.keyCount());
        for (String name : take) taken.add(table.chunk().column(name));
        this.probeRows = account.allocate(Chunk.ROWS * 4L);
        try {
            this.buildRows = account.allocate(Chunk.ROWS * 4L);
        } catch (RuntimeException | Error e) {
            probeRows.close();
            throw e;
        }
    }

    /// Hands the rows that the chunk makes to `out`, which owns them; none when nothing matches.
    ///
    /// @param chunk stays the caller's
    /// @param keys one a key, of the table's types; they stay the caller's
    public void probe(Chunk chunk, List<Column> keys, Consumer<Chunk> out) {
        int rows = chunk.rows();
        if (groups.length < rows) groups = new int[rows];
        table.table().find(keys, rows, scratch, groups);
        switch (kind) {
            case SEMI -> keep(chunk, true, out);
            case ANTI -> keep(chunk, false, out);
            case INNER, LEFT -> {
                if (table.isUnique()) pairUnique(chunk, out);
                else pair(chunk, out);
            }
        }
    }

    private void keep(Chunk chunk, boolean matching, Consumer<Chunk> out) {
        MemorySegment to = probeRows.segment();
        int count = 0;
        for (int i = 0; i < chunk.rows(); i++) {
            if (groups[i] >= 0 != matching) continue;
            to.set(Layouts.INT, count++ * 4L, i);
            if (count == Chunk.ROWS) {
                out.accept(joined(chunk, count, false));
                count = 0;
            }
        }
        if (count > 0) out.accept(joined(chunk, count, false));
    }

    private void pairUnique(Chunk chunk, Consumer<Chunk> out) {
        MemorySegment left = probeRows.segment();
        MemorySegment right = buildRows.segment();
        MemorySegment order = table.order();
        boolean outer = kind == JoinKind.LEFT;
        int count = 0;
        for (int i = 0; i < chunk.rows(); i++) {
            int group = groups[i];
            if (group < 0 && !outer) continue;
            left.set(Layouts.INT, count * 4L, i);
            right.set(Layouts.INT, count * 4L, group < 0 ? -1 : order.get(Layouts.INT, group * 4L));
            if (++count == Chunk.ROWS) {
                out.accept(joined(chunk, count, outer));
                count = 0;
            }
        }
        if (count > 0) out.accept(joined(chunk, count, outer));
    }

    private void pair(Chunk chunk, Consumer<Chunk> out) {
        MemorySegment left = probeRows.segment();
        MemorySegment right = buildRows.segment();
        boolean outer = kind == JoinKind.LEFT;
        int count = 0;
        for (int i = 0; i < chunk.rows(); i++) {
            int group = groups[i];
            if (group < 0 && !outer) continue;
            int from = group < 0 ? -1 : table.starts().get(Layouts.INT, group * 4L);
            int to = group < 0 ? 0 : table.starts().get(Layouts.INT, (group + 1) * 4L);
            for (int match = from; match < to; match++) {
                left.set(Layouts.INT, count * 4L, i);
                right.set(
                        Layouts.INT,
                        count * 4L,
                        match < 0 ? -1 : table.order().get(Layouts.INT, match * 4L));
                if (++count < Chunk.ROWS) continue;
                out.accept(joined(chunk, count, outer));
                count = 0;
            }
        }
        if (count > 0) out.accept(joined(chunk, count, outer));
    }

    private Chunk joined(Chunk chunk, int count, boolean misses) {
        MemorySegment left = probeRows.segment();
        boolean all =
                count == chunk.rows() && left.get(Layouts.INT, 0) == 0 && ascends(left, count);
        var columns = new ArrayList<Column>();
        try {
            for (Column column : chunk.columns())
                columns.add(
                        all
                                ? column.retain()
                                : Take.column(column, left, 0, count, false, account));
            for (Column column : taken)
                columns.add(Take.column(column, buildRows.segment(), 0, count, misses, account));
            return new Chunk(schema, columns, count);
        } catch (RuntimeException | Error e) {
            columns.forEach(Column::close);
            throw e;
        }
    }

    private static boolean ascends(MemorySegment rows, int count) {
        for (int i = 0; i < count; i++) if (rows.get(Layouts.INT, i * 4L) != i) return false;
        return true;
    }

    @Override
    public void close() {
        probeRows.close();
        buildRows.close();
    }
}
