package dev.quiver.columnar.kernel.expression;

import dev.quiver.columnar.Chunk;
import dev.quiver.columnar.Column;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.expression.Expression;
import dev.quiver.expression.Interpreter;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Schema;

/// Evaluates one bound expression over chunks, a column at a time.
///
/// Agrees with the [Interpreter] in every row; an error is one only in rows that are evaluated
/// there: the taken branch of a case, the right side of `and` where the left isn't false. Functions
/// of dictionary-encoded text are computed once an entry and remembered between chunks, so keep an
/// evaluator for all chunks of a partition, and close it. Not for concurrent use.
public final class ExpressionEvaluator implements AutoCloseable {
    private final Node root;

    private ExpressionEvaluator(Node root) {
        this.root = root;
    }

    /// An evaluator of an expression that `Binder` has bound to the schema.
    public static ExpressionEvaluator of(Expression bound, Schema schema) {
        return of(bound, schema, Interpreter.UserFunctions.NONE);
    }

    /// @param users how user functions are called
    public static ExpressionEvaluator of(
            Expression bound, Schema schema, Interpreter.UserFunctions users) {
        return new ExpressionEvaluator(new Compiler(schema, users).compile(bound));
    }

    /// The type of the values.
    public DataType type() {
        return root.type();
    }

    /// The value for each row of a chunk; the caller owns the column, which may share the chunk's
    /// memory.
    ///
    /// @param chunk of the schema, or one that has at least its columns
    /// @param account pays for the column
    /// @throws dev.quiver.error.QuiverException naming expression, row and values when a row has no
    ///   value, such as an overflow
    public Column evaluate(Chunk chunk, MemoryAccount account) {
        var in = new Input(chunk, account);
        Operand operand = root.evaluate(in, Mask.ALL);
        return switch (operand) {
            case Operand.Constant(var value, var type) -> Constants.column(value, type, in);
            case Operand.Vector(var column) -> column;
        };
    }

    /// The rows for which the expression, a condition, is true: not false, not null.
    public Selection select(Chunk chunk, MemoryAccount account) {
        var in = new Input(chunk, account);
        try (Operand condition = root.evaluate(in, Mask.ALL)) {
            return Selection.of(Mask.ALL.whereTrue(condition, in.rows()), in.rows());
        }
    }

    /// Gives back what was remembered of dictionaries.
    @Override
    public void close() {
        root.close();
    }
}
