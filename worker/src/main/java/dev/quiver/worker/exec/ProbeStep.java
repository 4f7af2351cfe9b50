package dev.quiver.worker.exec;

import dev.quiver.columnar.Chunk;
import dev.quiver.columnar.Column;
import dev.quiver.columnar.kernel.JoinProbe;
import dev.quiver.columnar.kernel.JoinTable;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.operator.Operator;
import java.util.List;
import java.util.function.Consumer;

/// Looks rows up in the table of a join.
final class ProbeStep implements Step {
    private final List<Evaluation> keys;
    private final JoinProbe probe;

    /// @param table stays its owner's
    ProbeStep(Operator.Probe join, JoinTable table, MemoryAccount account) {
        this.keys = Evaluation.all(join.keys(), account);
        this.probe = new JoinProbe(table, join.kind(), join.take(), join.schema(), account);
    }

    @Override
    public void accept(Chunk chunk, Consumer<Chunk> out) {
        List<Column> values = Evaluation.columns(keys, chunk);
        try {
            probe.probe(chunk, values, out);
        } finally {
            values.forEach(Column::close);
        }
    }

    @Override
    public void close() {
        keys.forEach(Evaluation::close);
        probe.close();
    }
}
