package dev.quiver.dataframe;

import dev.quiver.dataframe.plan.LogicalPlan;
import dev.quiver.dataframe.plan.Origin;
import java.util.List;

/// A frame and the record class that its rows are seen as; the two were checked.
record PlannedTyped<R extends Record>(PlannedFrame frame, Class<R> type) implements TypedFrame<R> {
    static <R extends Record> PlannedTyped<R> of(PlannedFrame frame, Class<R> type) {
        var _ = RecordShape.of(type).reading(frame.schema(), frame.plan().place());
        return new PlannedTyped<>(frame, type);
    }

    @Override
    public TypedFrame<R> filter(Fn<R, Boolean> f) {
        var kept =
                new LogicalPlan.MapRecords(
                        frame.plan(), f, type, Boolean.class, frame.schema(), Origin.here());
        return new PlannedTyped<>(frame.with(kept), type);
    }

    @Override
    public <S extends Record> TypedFrame<S> map(Class<S> output, Fn<R, S> f) {
        var mapped =
                new LogicalPlan.MapRecords(
                        frame.plan(),
                        f,
                        type,
                        output,
                        RecordShape.of(output).schema(),
                        Origin.here());
        return PlannedTyped.of(frame.with(mapped), output);
    }

    @Override
    public List<R> toList() {
        return frame.toList(type);
    }

    @Override
    public DataFrame df() {
        return frame;
    }
}
