package dev.quiver.worker.exec;

import dev.quiver.columnar.Chunk;
import dev.quiver.columnar.Column;
import dev.quiver.columnar.kernel.expression.ExpressionEvaluator;
import dev.quiver.columnar.kernel.expression.Selection;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.dataframe.Fn;
import dev.quiver.expression.Expression;
import dev.quiver.schema.Schema;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One expression of a pipeline, evaluated chunk by chunk. A column's name is the column itself.
final class Evaluation implements AutoCloseable {
    private final Expression expression;
    private final MemoryAccount account;
    private @Nullable Schema schema;
    private @Nullable ExpressionEvaluator evaluator;

    Evaluation(Expression expression, MemoryAccount account) {
        this.expression = expression;
        this.account = account;
    }

    static List<Evaluation> all(List<Expression> expressions, MemoryAccount account) {
        return expressions.stream().map(e -> new Evaluation(e, account)).toList();
    }

    /// The values for the chunk's rows; the caller owns the column.
    Column evaluate(Chunk chunk) {
        if (expression instanceof Expression.Column(var name)) return chunk.column(name).retain();
        return evaluator(chunk).evaluate(chunk, account);
    }

    /// The rows for which the condition is true.
    Selection select(Chunk chunk) {
        return evaluator(chunk).select(chunk, account);
    }

    private ExpressionEvaluator evaluator(Chunk chunk) {
        ExpressionEvaluator made = evaluator;
        if (made != null && chunk.schema().equals(schema)) return made;
        if (made != null) made.close();
        made = ExpressionEvaluator.of(expression, chunk.schema(), Evaluation::call);
        evaluator = made;
        schema = chunk.schema();
        return made;
    }

    @SuppressWarnings("unchecked") // the frame checked the function's classes at the call
    private static @Nullable Object call(Serializable function, Object value) throws Exception {
        return ((Fn<Object, Object>) function).apply(value);
    }

    /// One column an expression; the caller owns them.
    static List<Column> columns(List<Evaluation> evaluations, Chunk chunk) {
        var columns = new ArrayList<Column>();
        try {
            for (Evaluation evaluation : evaluations) columns.add(evaluation.evaluate(chunk));
            return columns;
        } catch (RuntimeException | Error e) {
            columns.forEach(Column::close);
            throw e;
        }
    }

    @Override
    public void close() {
        if (evaluator != null) evaluator.close();
        evaluator = null;
    }
}
