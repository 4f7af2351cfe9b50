package dev.quiver.columnar.kernel.expression;

import dev.quiver.expression.Expression;
import dev.quiver.expression.Expression.Branch;
import dev.quiver.expression.Expression.Call;
import dev.quiver.expression.Expression.Case;
import dev.quiver.expression.Expression.Cast;
import dev.quiver.expression.Expression.Literal;
import dev.quiver.expression.Function;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// Expressions several levels deep, of a wanted type where the binder agrees.
final class RandomExpressions {
    private static final Function[] COMPARISONS = {
        Function.EQUAL,
        Function.NOT_EQUAL,
        Function.LESS,
        Function.LESS_EQUAL,
        Function.GREATER,
        Function.GREATER_EQUAL
    };
    private static final Function[] OPERATORS = {
        Function.ADD, Function.SUBTRACT, Function.MULTIPLY, Function.MODULO
    };

    private final Random random;
    private final RandomColumns values;

    RandomExpressions(Random random, RandomColumns values) {
        this.random = random;
        this.values = values;
    }

    Expression of(DataType type, int depth) {
        if (depth == 0) return leaf(type);
        switch (random.nextInt(6)) {
            case 0 -> {
                var branches = new ArrayList<Branch>();
                for (int i = 0; i <= random.nextInt(3); i++)
                    branches.add(new Branch(of(DataType.BOOL, depth - 1), of(type, depth - 1)));
                return new Case(branches, of(type, depth - 1));
            }
            case 1 -> {
                return new Call(
                        Function.COALESCE, List.of(of(type, depth - 1), of(type, depth - 1)));
            }
            case 2 -> {
                return leaf(type);
            }
            default -> {
                return function(type, depth - 1);
            }
        }
    }

    private Expression function(DataType type, int depth) {
        if (type instanceof DataType.Bool) return condition(depth);
        if (DataType.isText(type)) return text(depth);
        if (DataType.isNumeric(type)) {
            if (random.nextInt(4) == 0) return new Cast(of(numeric(), depth), type);
            Function operator = OPERATORS[random.nextInt(OPERATORS.length)];
            return new Call(operator, List.of(of(type, depth), of(type, depth)));
        }
        return leaf(type);
    }

    private DataType numeric() {
        List<DataType> types =
                List.of(
                        DataType.INT32,
                        DataType.INT64,
                        DataType.FLOAT64,
                        DataType.decimal(9, 2),
                        DataType.INT8);
        return types.get(random.nextInt(types.size()));
    }

    private Expression condition(int depth) {
        DataType any =
                RandomColumns.SCHEMA.field(random.nextInt(RandomColumns.SCHEMA.size())).type();
        return switch (random.nextInt(6)) {
            case 0 ->
                    new Call(
                            Function.AND,
                            List.of(of(DataType.BOOL, depth), of(DataType.BOOL, depth)));
            case 1 ->
                    new Call(
                            Function.OR,
                            List.of(of(DataType.BOOL, depth), of(DataType.BOOL, depth)));
            case 2 -> new Call(Function.NOT, List.of(of(DataType.BOOL, depth)));
            case 3 -> new Call(Function.IS_NULL, List.of(of(any, depth)));
            default ->
                    new Call(
                            COMPARISONS[random.nextInt(COMPARISONS.length)],
                            List.of(of(any, depth), of(any, depth)));
        };
    }

    private Expression text(int depth) {
        Function[] functions = {Function.LOWER, Function.UPPER, Function.TRIM};
        if (random.nextBoolean())
            return new Call(
                    functions[random.nextInt(functions.length)], List.of(of(DataType.UTF8, depth)));
        return new Call(
                Function.CONCAT, List.of(of(DataType.UTF8, depth), of(DataType.UTF8, depth)));
    }

    private Expression leaf(DataType type) {
        if (random.nextInt(4) == 0) return new Literal(values.value(type, false), type);
        var candidates = new ArrayList<Field>();
        for (Field field : RandomColumns.SCHEMA.fields()) {
            if (field.type().equals(type)) candidates.add(field);
        }
        if (candidates.isEmpty()) return new Literal(values.value(type, false), type);
        return new Expression.Column(candidates.get(random.nextInt(candidates.size())).name());
    }
}
