package dev.quiver.expression;

import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.error.TaskFailed;
import dev.quiver.expression.Expression.Aggregate;
import dev.quiver.expression.Expression.Branch;
import dev.quiver.expression.Expression.Call;
import dev.quiver.expression.Expression.Case;
import dev.quiver.expression.Expression.Cast;
import dev.quiver.expression.Expression.Column;
import dev.quiver.expression.Expression.In;
import dev.quiver.expression.Expression.Literal;
import dev.quiver.expression.Expression.UserCall;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Schema;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Evaluates a bound expression for one row: the one definition of meaning, which constant folding
/// uses and every kernel is tested against. General, not fast.
///
/// Arguments are evaluated from left to right, and only where they decide: the right side of `and`
/// not where the left is false, of `or` not where it is true, later arguments of `coalesce` not
/// after a value, branches of a case only where taken. What isn't evaluated can't fail.
public final class Interpreter {
    private final Expression expression;
    private final Node root;

    /// The values of a row by the names of their columns.
    @FunctionalInterface
    public interface Row {
        /// @return the value, of the class that [Values] says, or null
        @Nullable Object get(String column);
    }

    /// How user functions are called: they are of a type that this module doesn't know.
    @FunctionalInterface
    public interface UserFunctions {
        UserFunctions NONE =
                (function, value) -> {
                    throw new QuiverException(
                            ErrorCode.INTERNAL,
                            "a user function where none can be called",
                            List.of("function: " + function),
                            "report this");
                };

        @Nullable Object call(Serializable function, Object value) throws Exception;
    }

    @FunctionalInterface
    private interface Node {
        @Nullable Object value(Row row);
    }

    private record Typed(Node node, DataType type) {}

    private final Schema schema;
    private final UserFunctions users;

    private Interpreter(Expression expression, Schema schema, UserFunctions users) {
        this.expression = expression;
        this.schema = schema;
        this.users = users;
        this.root = compile(expression).node();
    }

    /// An interpreter of an expression that [Binder] has bound to the schema.
    public static Interpreter of(Expression bound, Schema schema) {
        return new Interpreter(bound, schema, UserFunctions.NONE);
    }

    public static Interpreter of(Expression bound, Schema schema, UserFunctions users) {
        return new Interpreter(bound, schema, users);
    }

    /// The value for a row.
    ///
    /// @throws QuiverException naming the expression when there is none, such as an overflow
    public @Nullable Object evaluate(Row row) {
        try {
            return root.value(row);
        } catch (EvaluationFailure failure) {
            throw failure.in(expression, List.of());
        }
    }

    private Typed compile(Expression part) {
        return switch (part) {
            case Column(var name) -> new Typed(row -> row.get(name), schema.type(name));
            case Literal(var value, var type) -> new Typed(_ -> value, type);
            case Call call -> call(call);
            case Cast(var input, var type) -> cast(compile(input), type);
            case Case choice -> choice(choice);
            case In(var input, var values) -> {
                Typed typed = compile(input);
                Node node = typed.node();
                yield new Typed(
                        row -> Scalar.in(node.value(row), values, typed.type()), DataType.BOOL);
            }
            case UserCall call -> userCall(call);
            case Aggregate aggregate ->
                    throw new QuiverException(
                            ErrorCode.EXPRESSION_INVALID,
                            "an aggregate where single rows are evaluated",
                            List.of("in: " + ExpressionPrinter.brief(aggregate)),
                            "use it inside agg(…)");
        };
    }

    private static Typed cast(Typed input, DataType type) {
        Node node = input.node();
        return new Typed(
                row -> {
                    Object value = node.value(row);
                    return value == null ? null : Casts.cast(value, input.type(), type);
                },
                type);
    }

    private Typed choice(Case choice) {
        var conditions = new ArrayList<Node>();
        var values = new ArrayList<Node>();
        for (Branch branch : choice.branches()) {
            conditions.add(compile(branch.condition()).node());
            values.add(compile(branch.value()).node());
        }
        Typed otherwise = compile(choice.otherwise());
        return new Typed(
                row -> {
                    for (int i = 0; i < conditions.size(); i++) {
                        if (Boolean.TRUE.equals(conditions.get(i).value(row)))
                            return values.get(i).value(row);
                    }
                    return otherwise.node().value(row);
                },
                otherwise.type());
    }

    private Typed userCall(UserCall call) {
        Node input = compile(call.input()).node();
        return new Typed(
                row -> {
                    Object value = input.value(row);
                    return value == null ? null : callUser(call, value);
                },
                call.type());
    }

    private @Nullable Object callUser(UserCall call, Object value) {
        try {
            return users.call(call.function(), value);
        } catch (QuiverException e) {
            throw e;
        } catch (Exception e) {
            throw new TaskFailed(
                    "a user function failed: " + e,
                    List.of("in: " + ExpressionPrinter.brief(call), "value: " + value),
                    "mend the function, or filter such values out first",
                    e);
        }
    }

    private Typed call(Call call) {
        var nodes = new ArrayList<Node>();
        var types = new ArrayList<DataType>();
        for (Expression argument : call.arguments()) {
            Typed typed = compile(argument);
            nodes.add(typed.node());
            types.add(typed.type());
        }
        DataType type = Binder.resultType(call, types);
        Scalar scalar = Scalar.of(call, types, type);
        return new Typed(
                switch (call.function()) {
                    case AND -> decided(nodes, scalar, false);
                    case OR -> decided(nodes, scalar, true);
                    case COALESCE -> row -> firstValue(nodes, row);
                    default -> row -> scalar.apply(values(nodes, row));
                },
                type);
    }

    /// `and` and `or`: the right side only where the left isn't the deciding value.
    private static Node decided(List<Node> nodes, Scalar scalar, boolean deciding) {
        return row -> {
            Object left = nodes.get(0).value(row);
            if (left instanceof Boolean truth && truth == deciding) return deciding;
            return scalar.apply(new @Nullable Object[] {left, nodes.get(1).value(row)});
        };
    }

    private static @Nullable Object firstValue(List<Node> nodes, Row row) {
        for (Node node : nodes) {
            Object value = node.value(row);
            if (value != null) return value;
        }
        return null;
    }

    private static @Nullable Object[] values(List<Node> nodes, Row row) {
        var values = new @Nullable Object[nodes.size()];
        for (int i = 0; i < values.length; i++) values[i] = nodes.get(i).value(row);
        return values;
    }
}
