package dev.quiver.client;

import dev.quiver.dataframe.plan.LogicalPlan;
import dev.quiver.dataframe.plan.RowOrder;
import dev.quiver.schema.Schema;
import org.jspecify.annotations.Nullable;

/// The frame of a table, which is held from the first time that somebody asks for it.
final class TableFrames {
    private final HeldFrames held;
    private final Schema schema;
    private final RowOrder order;
    private LogicalPlan.@Nullable Held frame;

    TableFrames(HeldFrames held, Schema schema, RowOrder order) {
        this.held = held;
        this.schema = schema;
        this.order = order;
    }

    synchronized LogicalPlan.Held frame(TableContent content) {
        LogicalPlan.Held made = frame;
        if (made == null) {
            made = held.hold("table", "Table", schema, content.share(), order);
            frame = made;
        }
        return made;
    }

    /// The table has been closed.
    synchronized void release() {
        if (frame != null) held.release(frame.id());
    }
}
