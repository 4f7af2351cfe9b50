package dev.quiver.worker.exec;

import dev.quiver.columnar.Chunk;
import dev.quiver.columnar.Column;
import dev.quiver.columnar.kernel.JoinTable;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.operator.Sink;
import dev.quiver.worker.store.TaskOutput;
import java.util.List;

/// Makes the table of a join.
final class TableSink implements SinkRun {
    private final Sink.BuildTable sink;
    private final MemoryAccount account;
    private final List<Evaluation> keys;
    private final KeptRows kept;

    TableSink(Sink.BuildTable sink, MemoryAccount account) {
        this.sink = sink;
        this.account = account;
        this.keys = Evaluation.all(sink.keys(), account);
        this.kept = new KeptRows(account);
    }

    @Override
    public void accept(Chunk chunk) {
        kept.add(chunk);
    }

    @Override
    public TaskOutput finish() {
        Chunk rows = kept.take(sink.schema());
        List<Column> values = List.of();
        try {
            values = Evaluation.columns(keys, rows);
            return TaskOutput.ofTable(JoinTable.build(rows, values, account));
        } catch (RuntimeException | Error e) {
            rows.close();
            throw e;
        } finally {
            values.forEach(Column::close);
        }
    }

    @Override
    public void close() {
        keys.forEach(Evaluation::close);
        kept.close();
    }
}
