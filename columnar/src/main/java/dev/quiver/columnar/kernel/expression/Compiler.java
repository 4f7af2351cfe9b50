package dev.quiver.columnar.kernel.expression;

import dev.quiver.columnar.Column;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.expression.Binder;
import dev.quiver.expression.Casts;
import dev.quiver.expression.Expression;
import dev.quiver.expression.Expression.Branch;
import dev.quiver.expression.Expression.Call;
import dev.quiver.expression.Expression.Case;
import dev.quiver.expression.Expression.Cast;
import dev.quiver.expression.Expression.Literal;
import dev.quiver.expression.Expression.UserCall;
import dev.quiver.expression.ExpressionPrinter;
import dev.quiver.expression.Function;
import dev.quiver.expression.Interpreter;
import dev.quiver.expression.Scalar;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Schema;
import java.util.ArrayList;
import java.util.List;

/// Turns a bound expression into nodes.
final class Compiler {
    private final Schema schema;
    private final Interpreter.UserFunctions users;

    Compiler(Schema schema, Interpreter.UserFunctions users) {
        this.schema = schema;
        this.users = users;
    }

    Node compile(Expression expression) {
        return switch (expression) {
            case Expression.Column(var name) -> new ColumnNode(name, schema.type(name));
            case Literal(var value, var type) ->
                    new ConstantNode(new Operand.Constant(value, type));
            case Call call -> call(call);
            case Cast(var input, var type) -> cast(expression, compile(input), type);
            case Case choice -> choice(choice);
            case Expression.In(var input, var values) ->
                    new CallNode(
                            expression,
                            List.of(compile(input)),
                            DataType.BOOL,
                            membership(expression, values),
                            Membership.kernel(values, typeOf(input)),
                            values.size() > 0);
            case UserCall call -> new UserCallNode(call, compile(call.input()), users);
            case Expression.Aggregate _ ->
                    throw new QuiverException(
                            ErrorCode.EXPRESSION_INVALID,
                            "an aggregate where single rows are evaluated",
                            List.of("in: " + ExpressionPrinter.brief(expression)),
                            "use it inside agg(…)");
        };
    }

    private DataType typeOf(Expression bound) {
        return Binder.bind(bound, schema, "a bound expression").type();
    }

    private Scalar membership(Expression expression, List<Literal> values) {
        DataType type = typeOf(((Expression.In) expression).input());
        return Membership.scalar(values, type);
    }

    private record ColumnNode(String name, DataType type) implements Node {
        @Override
        public Operand evaluate(Input in, Mask mask) {
            Column column = in.chunk().column(name);
            return new Operand.Vector(column.retain());
        }
    }

    private record ConstantNode(Operand.Constant constant) implements Node {
        @Override
        public DataType type() {
            return constant.type();
        }

        @Override
        public Operand evaluate(Input in, Mask mask) {
            return constant;
        }
    }

    private Node call(Call call) {
        var arguments = new ArrayList<Node>();
        for (Expression argument : call.arguments()) arguments.add(compile(argument));
        List<DataType> types = arguments.stream().map(Node::type).toList();
        DataType type = Binder.resultType(call, types);
        boolean down = call.function() == Function.FLOOR || call.function() == Function.CEIL;
        if (down && type instanceof DataType.Int) return arguments.getFirst();
        return switch (call.function()) {
            case AND -> new LogicNode(true, arguments.get(0), arguments.get(1));
            case OR -> new LogicNode(false, arguments.get(0), arguments.get(1));
            case NOT -> new NotNode(arguments.getFirst());
            case IS_NULL -> new NullNode(true, arguments.getFirst());
            case IS_NOT_NULL -> new NullNode(false, arguments.getFirst());
            case COALESCE -> new ChoiceNode(List.of(), arguments, type);
            case CONCAT ->
                    new CallNode(
                            call,
                            arguments,
                            type,
                            Scalar.of(call, types, type),
                            TextKernels.of(call, types),
                            false);
            default ->
                    new CallNode(
                            call,
                            arguments,
                            type,
                            Scalar.of(call, types, type),
                            kernel(call, types, type),
                            true);
        };
    }

    private static CallNode.Kernel kernel(Call call, List<DataType> types, DataType type) {
        return switch (call.function()) {
            case ADD, SUBTRACT, MULTIPLY, DIVIDE, MODULO ->
                    ArithmeticKernels.binary(call.function(), types, type);
            case NEGATE, ABS, ROUND, FLOOR, CEIL, SQRT, IS_NAN ->
                    ArithmeticKernels.unary(call, types.getFirst());
            case EQUAL, NOT_EQUAL, LESS, LESS_EQUAL, GREATER, GREATER_EQUAL ->
                    ComparisonKernels.of(call.function(), types.getFirst());
            case LOWER, UPPER, TRIM, LENGTH, CONTAINS, STARTS_WITH, ENDS_WITH, SUBSTRING ->
                    TextKernels.of(call, types);
            case YEAR, QUARTER, MONTH, WEEK, DAY, DAY_OF_WEEK, DAY_OF_YEAR, HOUR, MINUTE, SECOND ->
                    TemporalKernels.part(call.function(), types.getFirst());
            case TRUNCATE -> TemporalKernels.truncate(call, types.get(1));
            default -> CallNode.Kernel.NONE;
        };
    }

    private static Node cast(Expression expression, Node input, DataType type) {
        DataType from = input.type();
        if (from.equals(type)) return input;
        if (type instanceof DataType.Categorical && from instanceof DataType.Utf8)
            return new EncodeNode(input);
        Scalar scalar =
                arguments -> {
                    Object value = arguments[0];
                    return value == null ? null : Casts.cast(value, from, type);
                };
        return new CallNode(
                expression, List.of(input), type, scalar, CastKernels.of(from, type), true);
    }

    private Node choice(Case choice) {
        var conditions = new ArrayList<Node>();
        var values = new ArrayList<Node>();
        for (Branch branch : choice.branches()) {
            conditions.add(compile(branch.condition()));
            values.add(compile(branch.value()));
        }
        values.add(compile(choice.otherwise()));
        return new ChoiceNode(conditions, values, values.getLast().type());
    }
}
