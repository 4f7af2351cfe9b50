package dev.quiver.worker.exec;

import dev.quiver.columnar.BoolColumn;
import dev.quiver.columnar.Chunk;
import dev.quiver.columnar.Column;
import dev.quiver.columnar.kernel.Aggregation;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.expression.Expression;
import dev.quiver.expression.Named;
import dev.quiver.operator.NamedAggregate;
import dev.quiver.operator.Sink;
import dev.quiver.schema.DataType;
import dev.quiver.worker.store.TaskOutput;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Groups and aggregates.
final class AggregateSink implements SinkRun {
    private final Sink.Aggregate sink;
    private final MemoryAccount account;
    private final List<Evaluation> keys;
    private final List<@Nullable Evaluation> inputs = new ArrayList<>();
    private final List<@Nullable Evaluation> filters = new ArrayList<>();
    private @Nullable Aggregation aggregation;

    AggregateSink(Sink.Aggregate sink, MemoryAccount account) {
        this.sink = sink;
        this.account = account;
        this.keys = Evaluation.all(sink.keys().stream().map(Named::expression).toList(), account);
        for (NamedAggregate aggregate : sink.aggregates()) {
            inputs.add(evaluation(aggregate.aggregate().input()));
            filters.add(evaluation(aggregate.aggregate().filter()));
        }
    }

    private @Nullable Evaluation evaluation(Optional<Expression> expression) {
        return expression.map(e -> new Evaluation(e, account)).orElse(null);
    }

    @Override
    public void accept(Chunk chunk) {
        if (sink.phase() == Sink.Phase.FINAL) {
            merge(chunk);
            return;
        }
        var owned = new ArrayList<Column>();
        try {
            List<Column> keyColumns = new ArrayList<>();
            for (Evaluation key : keys) keyColumns.add(own(key.evaluate(chunk), owned));
            List<@Nullable Column> inputColumns = new ArrayList<>();
            List<@Nullable BoolColumn> filterColumns = new ArrayList<>();
            for (int i = 0; i < inputs.size(); i++) {
                Evaluation input = inputs.get(i);
                inputColumns.add(input == null ? null : own(input.evaluate(chunk), owned));
                Evaluation filter = filters.get(i);
                filterColumns.add(
                        filter == null ? null : (BoolColumn) own(filter.evaluate(chunk), owned));
            }
            ofRows(keyColumns, inputColumns)
                    .update(keyColumns, inputColumns, filterColumns, chunk.rows());
        } finally {
            owned.forEach(Column::close);
        }
    }

    private static Column own(Column column, List<Column> owned) {
        owned.add(column);
        return column;
    }

    private Aggregation ofRows(List<Column> keyColumns, List<@Nullable Column> inputColumns) {
        Aggregation known = aggregation;
        if (known != null) return known;
        List<@Nullable DataType> inputTypes = new ArrayList<>();
        for (Column input : inputColumns) inputTypes.add(input == null ? null : input.type());
        var made =
                Aggregation.ofRows(
                        keyColumns.stream().map(Column::type).toList(),
                        sink.aggregates(),
                        inputTypes,
                        account);
        aggregation = made;
        return made;
    }

    private void merge(Chunk partial) {
        Aggregation known = aggregation;
        if (known == null) {
            known = Aggregation.ofStates(keys.size(), sink.aggregates(), partial.schema(), account);
            aggregation = known;
        }
        known.merge(partial);
    }

    @Override
    public TaskOutput finish() {
        Aggregation known = aggregation;
        if (known != null)
            return TaskOutput.ofSlices(
                    sink.phase() == Sink.Phase.PARTIAL
                            ? known.states(sink.buckets())
                            : known.results(sink.schema(), sink.buckets()));
        List<List<Chunk>> slices =
                new ArrayList<>(Collections.nCopies(sink.buckets(), List.<Chunk>of()));
        if (keys.isEmpty() && sink.phase() != Sink.Phase.PARTIAL)
            slices.set(
                    0, List.of(Aggregation.ofNothing(sink.schema(), sink.aggregates(), account)));
        return TaskOutput.ofSlices(slices);
    }

    @Override
    public void close() {
        keys.forEach(Evaluation::close);
        for (Evaluation input : inputs) if (input != null) input.close();
        for (Evaluation filter : filters) if (filter != null) filter.close();
        if (aggregation != null) aggregation.close();
        aggregation = null;
    }
}
