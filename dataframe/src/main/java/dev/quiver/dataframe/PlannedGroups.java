package dev.quiver.dataframe;

import java.util.ArrayList;
import java.util.List;

/// The groups of a frame by bound keys.
record PlannedGroups(PlannedFrame frame, Columns keys) implements GroupBy {
    @Override
    public DataFrame agg(Expr first, Expr... more) {
        var exprs = new ArrayList<Expr>();
        exprs.add(first);
        exprs.addAll(List.of(more));
        return frame.with(new Grouping(frame.plan(), keys).plan(exprs));
    }

    @Override
    public DataFrame count() {
        return agg(Functions.count());
    }
}
