package dev.quiver.client;

import dev.quiver.dataframe.plan.Holding;
import dev.quiver.dataframe.plan.LogicalPlan;
import dev.quiver.dataframe.plan.Origin;
import dev.quiver.dataframe.plan.RowOrder;
import dev.quiver.schema.Schema;
import org.jspecify.annotations.Nullable;

/// The frames of a table, whose chunks are held from the first time that somebody asks for one.
final class TableFrames {
    private final HeldFrames held;
    private final Schema schema;
    private final RowOrder order;
    private @Nullable String id;

    TableFrames(HeldFrames held, Schema schema, RowOrder order) {
        this.held = held;
        this.schema = schema;
        this.order = order;
    }

    /// A frame as long as which the table can be reached.
    synchronized LogicalPlan.Held frame(LocalTable table, TableContent content) {
        String made = id;
        if (made == null) {
            made = held.hold("table", content.share());
            id = made;
        }
        return new LogicalPlan.Held(
                new Holding(made, table), "Table", schema, order, Origin.here());
    }

    /// The table has been closed.
    synchronized void release() {
        if (id != null) held.release(id);
    }
}
