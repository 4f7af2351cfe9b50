package dev.quiver.expression;

import dev.quiver.error.QuiverException;
import dev.quiver.expression.Expression.Branch;
import dev.quiver.expression.Expression.Call;
import dev.quiver.expression.Expression.Case;
import dev.quiver.expression.Expression.Cast;
import dev.quiver.expression.Expression.In;
import dev.quiver.expression.Expression.Literal;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Schema;
import java.util.ArrayList;
import java.util.List;

/// The same value with less work: constants computed, branches that can't be taken left out.
///
/// A part that fails when computed stays as it was: it fails at run time, and only in rows that
/// reach it.
public final class Simplification {
    private final Schema schema;

    private Simplification(Schema schema) {
        this.schema = schema;
    }

    /// An expression of the same type with the same value in every row.
    ///
    /// @param bound to the schema
    public static Expression of(Expression bound, Schema schema) {
        return Traversal.rewrite(bound, new Simplification(schema)::simplify);
    }

    private Expression simplify(Expression expression) {
        return switch (expression) {
            case Call(var function, var arguments)
                    when function == Function.AND || function == Function.OR ->
                    logic(expression, function, arguments);
            case Call(var function, var arguments) when function == Function.COALESCE ->
                    coalesce(arguments);
            case Case choice -> choice(choice);
            case Call _, Cast _, In _ -> folded(expression);
            default -> expression;
        };
    }

    private Expression folded(Expression expression) {
        boolean constant =
                Traversal.children(expression).stream().allMatch(child -> child instanceof Literal);
        if (!constant) return expression;
        try {
            DataType type = Binder.bind(expression, schema, "constant folding").type();
            return new Literal(Interpreter.of(expression, schema).evaluate(_ -> null), type);
        } catch (QuiverException _) {
            return expression; // fails where and when a row reaches it
        }
    }

    private static boolean is(Expression expression, boolean truth) {
        return expression instanceof Literal(var value, _) && Boolean.valueOf(truth).equals(value);
    }

    /// Whether a row may make this fail, as far as its functions tell.
    private static boolean mayFail(Expression expression) {
        return Traversal.any(
                expression,
                part ->
                        switch (part) {
                            case Call(var function, _) ->
                                    switch (function) {
                                        case ADD, SUBTRACT, MULTIPLY, DIVIDE, MODULO -> true;
                                        case NEGATE, ABS, ROUND, FLOOR, CEIL -> true;
                                        default -> false;
                                    };
                            case Cast _, Expression.UserCall _, Expression.Aggregate _ -> true;
                            default -> false;
                        });
    }

    private static Literal literal(boolean truth) {
        return new Literal(truth, DataType.BOOL);
    }

    private Expression logic(Expression expression, Function function, List<Expression> arguments) {
        boolean deciding = function == Function.OR;
        Expression left = arguments.get(0);
        Expression right = arguments.get(1);
        if (is(left, deciding)) return literal(deciding);
        if (is(left, !deciding)) return right;
        if (is(right, !deciding)) return left;
        if (is(right, deciding) && !mayFail(left)) return literal(deciding);
        if (left.equals(right)) return left;
        return folded(expression);
    }

    private Expression coalesce(List<Expression> arguments) {
        var kept = new ArrayList<Expression>();
        for (Expression argument : arguments) {
            boolean literal = argument instanceof Literal;
            if (literal && ((Literal) argument).value() == null) continue;
            kept.add(argument);
            if (literal || !Binder.bind(argument, schema, "simplification").nullable()) break;
        }
        if (kept.isEmpty()) return arguments.getFirst();
        return kept.size() == 1 ? kept.getFirst() : new Call(Function.COALESCE, kept);
    }

    private static Expression choice(Case choice) {
        var branches = new ArrayList<Branch>();
        Expression otherwise = choice.otherwise();
        for (Branch branch : choice.branches()) {
            if (is(branch.condition(), true)) {
                otherwise = branch.value();
                break;
            }
            if (!(branch.condition() instanceof Literal)) branches.add(branch);
        }
        return branches.isEmpty() ? otherwise : new Case(branches, otherwise);
    }
}
