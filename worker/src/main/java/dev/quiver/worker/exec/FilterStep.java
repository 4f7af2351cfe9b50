package dev.quiver.worker.exec;

import dev.quiver.columnar.Chunk;
import dev.quiver.columnar.kernel.Take;
import dev.quiver.columnar.kernel.expression.Selection;
import dev.quiver.columnar.memory.Buffer;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.operator.Operator;
import java.util.function.Consumer;

/// Keeps the rows for which the condition is true.
final class FilterStep implements Step {
    private final Evaluation condition;
    private final MemoryAccount account;

    FilterStep(Operator.Filter filter, MemoryAccount account) {
        this.condition = new Evaluation(filter.condition(), account);
        this.account = account;
    }

    @Override
    public void accept(Chunk chunk, Consumer<Chunk> out) {
        Selection kept = condition.select(chunk);
        if (kept.count() == 0) return;
        if (kept.count() == chunk.rows()) {
            out.accept(chunk.retain());
            return;
        }
        Chunk taken;
        try (Buffer rows = account.allocate(kept.count() * 4L)) {
            kept.positions(rows.segment());
            taken = Take.chunk(chunk, rows.segment(), 0, kept.count(), account);
        }
        out.accept(taken);
    }

    @Override
    public void close() {
        condition.close();
    }
}
