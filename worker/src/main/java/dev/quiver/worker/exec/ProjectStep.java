package dev.quiver.worker.exec;

import dev.quiver.columnar.Chunk;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.expression.Named;
import dev.quiver.schema.Schema;
import java.util.List;
import java.util.function.Consumer;

/// Makes columns: one chunk of each chunk, or, to expand, one for each of several projections.
final class ProjectStep implements Step {
    private final List<List<Evaluation>> projections;
    private final Schema schema;

    ProjectStep(List<List<Named>> projections, Schema schema, MemoryAccount account) {
        this.projections =
                projections.stream()
                        .map(columns ->
                                Evaluation.all(
                                        columns.stream().map(Named::expression).toList(), account))
                        .toList();
        this.schema = schema;
    }

    @Override
    public void accept(Chunk chunk, Consumer<Chunk> out) {
        for (List<Evaluation> columns : projections)
            out.accept(new Chunk(schema, Evaluation.columns(columns, chunk), chunk.rows()));
    }

    @Override
    public void close() {
        projections.forEach(columns -> columns.forEach(Evaluation::close));
    }
}
