package dev.quiver.worker.exec;

import dev.quiver.columnar.Chunk;
import dev.quiver.columnar.Column;
import dev.quiver.columnar.ColumnBuilder;
import dev.quiver.columnar.kernel.Take;
import dev.quiver.columnar.memory.Buffer;
import dev.quiver.columnar.memory.Layouts;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.dataframe.RecordShape;
import dev.quiver.error.TaskFailed;
import dev.quiver.operator.Operator;
import dev.quiver.schema.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// Calls user code with records: keeps the rows for which it is true, or makes new rows of what it
/// returns.
final class RecordStep implements Step {
    private final Operator.MapRecords map;
    private final MemoryAccount account;
    private final RecordCalls calls;
    private final ColumnBuilders columns;

    RecordStep(Operator.MapRecords map, MemoryAccount account) {
        this.map = map;
        this.account = account;
        this.calls = new RecordCalls(map.function(), map.input(), account);
        this.columns = new ColumnBuilders(account);
    }

    @Override
    public void accept(Chunk chunk, Consumer<Chunk> out) {
        if (map.output() == Boolean.class) filter(chunk, out);
        else out.accept(mapped(chunk));
        calls.passed(chunk.rows());
    }

    private void filter(Chunk chunk, Consumer<Chunk> out) {
        Chunk taken;
        try (Buffer rows = account.allocate(chunk.rows() * 4L)) {
            int count = 0;
            for (int i = 0; i < chunk.rows(); i++)
                if (calls.call(chunk, i) instanceof Boolean kept && kept)
                    rows.segment().set(Layouts.INT, count++ * 4L, i);
            if (count == 0) return;
            taken = Take.chunk(chunk, rows.segment(), 0, count, account);
        }
        out.accept(taken);
    }

    private Chunk mapped(Chunk chunk) {
        var shape = RecordShape.of(map.output().asSubclass(Record.class));
        var builders = new ArrayList<ColumnBuilder>();
        for (Field field : map.schema().fields()) builders.add(columns.of(field.type()));
        for (int i = 0; i < chunk.rows(); i++) {
            if (!(calls.call(chunk, i) instanceof Record row))
                throw new TaskFailed(
                        "the function returned null for row %d".formatted(calls.row(i)),
                        List.of("makes: " + map.output().getName()),
                        "return a record for each row, and filter rows out before");
            for (int c = 0; c < builders.size(); c++) builders.get(c).append(shape.value(row, c));
        }
        var made = new ArrayList<Column>();
        try {
            for (ColumnBuilder builder : builders) made.add(builder.build());
            return new Chunk(map.schema(), made, chunk.rows());
        } catch (RuntimeException | Error e) {
            made.forEach(Column::close);
            throw e;
        }
    }

    @Override
    public void close() {
        columns.close();
    }
}
