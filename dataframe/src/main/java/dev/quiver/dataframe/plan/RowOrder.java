package dev.quiver.dataframe.plan;

import dev.quiver.expression.ExpressionPrinter;
import dev.quiver.operator.OrderBy;
import java.util.List;

/// Whether the rows of a plan stand in an order that means something.
public sealed interface RowOrder {
    /// The order of the source: files as listed, rows as they stand.
    RowOrder SOURCE = new Ordered(List.of());

    /// No order that a user may rely on.
    RowOrder NONE = new Unordered();

    /// Rows stand in the order of `keys`; without keys in that of the source.
    record Ordered(List<OrderBy> keys) implements RowOrder {
        public Ordered {
            keys = List.copyOf(keys);
        }

        @Override
        public String toString() {
            return keys.isEmpty() ? "Ordered(source)" : "Ordered(" + text(keys) + ")";
        }
    }

    /// Rows stand anyhow (though always in the same way).
    record Unordered() implements RowOrder {
        @Override
        public String toString() {
            return "Unordered";
        }
    }

    /// Keys as people read them: `dep_delay desc, carrier`.
    static String text(List<OrderBy> keys) {
        return String.join(
                ", ",
                keys.stream()
                        .map(key ->
                                ExpressionPrinter.brief(key.expression())
                                        + (key.descending() ? " desc" : "")
                                        + (key.nullsFirst() ? " nulls first" : ""))
                        .toList());
    }
}
