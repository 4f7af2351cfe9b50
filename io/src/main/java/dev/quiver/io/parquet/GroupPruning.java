package dev.quiver.io.parquet;

import dev.quiver.expression.Expression;
import dev.quiver.expression.Traversal;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Which rows of a file a filter leaves: by the bounds of row groups, by their Bloom filters, by
/// the bounds of pages.
final class GroupPruning {
    /// Rows `[from, to)` of a row group.
    record RowRange(long from, long to) {}

    private final ParquetFooter footer;
    private final KnownColumns known;
    private final Optional<Expression> filter;
    private final FileChannel channel;

    GroupPruning(
            ParquetFooter footer,
            KnownColumns known,
            Optional<Expression> filter,
            FileChannel channel) {
        this.footer = footer;
        this.known = known;
        this.filter = filter;
        this.channel = channel;
    }

    /// The rows that may match, in order; none when the row group can be left out.
    List<RowRange> ranges(int group) throws IOException {
        ParquetFooter.Group stored = footer.groups().get(group);
        if (stored.rows() == 0) return List.of();
        var all = List.of(new RowRange(0, stored.rows()));
        if (filter.isEmpty()) return all;
        if (!RowGroupFilter.mayMatch(filter.get(), known.schema(), known.group(stored)))
            return List.of();
        var blooms = new BloomFilters(channel, footer, this::flat, group);
        if (!blooms.mayMatch(filter.get())) return List.of();
        Map<Integer, PageIndex> indexes = indexes(group, filter.get());
        return indexes.isEmpty() ? all : ranges(filter.get(), stored, indexes);
    }

    /// The file's flat column of that name, unless folders hold one.
    private @Nullable FileColumn flat(String name) {
        int place = known.schema().find(name).orElse(-1);
        int index = place < 0 ? -1 : known.parts().get(place).index();
        return index >= 0 && footer.column(index) instanceof FileNode.Leaf leaf && leaf.isFlat()
                ? leaf.column()
                : null;
    }

    /// The indexes of the filter's columns, by their place among the known columns.
    private Map<Integer, PageIndex> indexes(int group, Expression condition) throws IOException {
        var indexes = new HashMap<Integer, PageIndex>();
        for (String name : Traversal.columns(condition)) {
            FileColumn column = flat(name);
            if (column == null) continue;
            Optional<PageIndex> index = footer.pageIndex(group, column, channel, true);
            if (index.isEmpty() || !index.get().hasStatistics()) continue;
            indexes.put(known.schema().find(name).orElseThrow(), index.get());
        }
        return indexes;
    }

    /// Between two borders of pages of any column all rows share their pages' bounds.
    private List<RowRange> ranges(
            Expression condition, ParquetFooter.Group stored, Map<Integer, PageIndex> indexes) {
        var borders = new TreeSet<Long>();
        for (PageIndex index : indexes.values())
            for (int page = 0; page < index.pages(); page++) borders.add(index.firstRow(page));
        var ranges = new ArrayList<RowRange>();
        for (long from : borders) {
            Long next = borders.higher(from);
            long to = next == null ? stored.rows() : next;
            if (!RowGroupFilter.mayMatch(
                    condition, known.schema(), part(stored, from, to, indexes))) continue;
            if (!ranges.isEmpty() && ranges.getLast().to == from) from = ranges.removeLast().from;
            ranges.add(new RowRange(from, to));
        }
        return ranges;
    }

    private ParquetFooter.Group part(
            ParquetFooter.Group stored, long from, long to, Map<Integer, PageIndex> indexes) {
        var statistics = new ArrayList<ColumnStatistics>();
        List<ColumnStatistics> whole = known.group(stored).columns();
        for (int i = 0; i < whole.size(); i++) {
            PageIndex index = indexes.get(i);
            ColumnStatistics of = index == null ? whole.get(i) : index.statistics(index.page(from));
            long rows = index == null ? stored.rows() : Long.MAX_VALUE;
            statistics.add(new ColumnStatistics(of.min(), of.max(), nulls(of, rows, to - from)));
        }
        return new ParquetFooter.Group(to - from, 0, 0, statistics);
    }

    /// All or none are known of a part too.
    private static OptionalLong nulls(ColumnStatistics of, long allRows, long partRows) {
        if (of.nullCount().isEmpty()) return OptionalLong.empty();
        long nulls = of.nullCount().getAsLong();
        if (nulls == 0) return OptionalLong.of(0);
        return nulls == allRows ? OptionalLong.of(partRows) : OptionalLong.empty();
    }
}
