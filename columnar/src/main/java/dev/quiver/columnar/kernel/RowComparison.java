package dev.quiver.columnar.kernel;

import dev.quiver.columnar.Column;
import dev.quiver.columnar.DictionaryColumn;
import dev.quiver.columnar.FixedColumn;
import dev.quiver.columnar.VariableColumn;
import dev.quiver.operator.OrderBy;
import dev.quiver.schema.DataType;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Compares single rows of different chunks by several keys: for the few rows at borders.
final class RowComparison {
    private final List<OrderBy> order;
    private final long[] left = new long[1];
    private final long[] right = new long[1];

    RowComparison(List<OrderBy> order) {
        this.order = order;
    }

    /// Negative, zero or positive, as row `i` of `a` comes before, with or after row `j` of `b`.
    int compare(List<Column> a, int i, List<Column> b, int j) {
        for (int k = 0; k < order.size(); k++) {
            int result = compare(order.get(k), a.get(k), i, b.get(k), j);
            if (result != 0) return result;
        }
        return 0;
    }

    private int compare(OrderBy by, Column a, int i, Column b, int j) {
        boolean aNull = a.isNull(i);
        boolean bNull = b.isNull(j);
        if (aNull || bNull) {
            if (aNull == bNull) return 0;
            return aNull == by.nullsFirst() ? -1 : 1;
        }
        int result = values(a, i, b, j);
        return by.descending() ? -result : result;
    }

    private int values(Column a, int i, Column b, int j) {
        if (a instanceof FixedColumn x && x.width() == 16)
            return WideNumbers.compare(x.values(), i * 16L, ((FixedColumn) b).values(), j * 16L);
        if (Longs.fits(a.type())) {
            Longs.read(a, i, 1, left);
            Longs.read(b, j, 1, right);
            Longs.toOrdered(a.type(), left, 1);
            Longs.toOrdered(a.type(), right, 1);
            return Long.compare(left[0], right[0]);
        }
        Text x = Text.of(a, i);
        Text y = Text.of(b, j);
        if (a.type() instanceof DataType.Enumeration(var categories))
            return Integer.compare(categories.indexOf(x.string()), categories.indexOf(y.string()));
        return Texts.compare(x.data, x.start, x.length, y.data, y.start, y.length);
    }

    private record Text(MemorySegment data, int start, int length) {
        static Text of(Column column, int row) {
            return switch (column) {
                case VariableColumn plain ->
                        new Text(plain.data(), plain.start(row), plain.length(row));
                case DictionaryColumn coded -> {
                    int code = coded.code(row);
                    int start = coded.values().start(code);
                    yield new Text(coded.values().data(), start, coded.values().end(code) - start);
                }
                case Column other -> throw new IllegalStateException(other.type() + " as text");
            };
        }

        String string() {
            byte[] bytes =
                    data.asSlice(start, length).toArray(java.lang.foreign.ValueLayout.JAVA_BYTE);
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }
}
