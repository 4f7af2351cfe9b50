package dev.quiver.expression;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/// Walks over expressions.
public final class Traversal {
    private Traversal() {}

    /// The expressions directly inside, in the order they are written.
    public static List<Expression> children(Expression expression) {
        return switch (expression) {
            case Expression.Column _, Expression.Literal _ -> List.of();
            case Expression.Call(_, var arguments) -> arguments;
            case Expression.Cast(var input, _) -> List.of(input);
            case Expression.Case(var branches, var otherwise) -> {
                var children = new java.util.ArrayList<Expression>();
                for (Expression.Branch branch : branches) {
                    children.add(branch.condition());
                    children.add(branch.value());
                }
                children.add(otherwise);
                yield children;
            }
            case Expression.In(var input, _) -> List.of(input);
            case Expression.Aggregate(_, var input, var filter) -> {
                var children = new java.util.ArrayList<Expression>();
                input.ifPresent(children::add);
                filter.ifPresent(children::add);
                yield children;
            }
            case Expression.UserCall(var input, _, _, _) -> List.of(input);
        };
    }

    /// The names of the columns that are read, in the order of their first use.
    public static Set<String> columns(Expression expression) {
        var names = new LinkedHashSet<String>();
        collect(expression, names);
        return names;
    }

    private static void collect(Expression expression, Set<String> names) {
        if (expression instanceof Expression.Column(var name)) names.add(name);
        for (Expression child : children(expression)) collect(child, names);
    }

    /// Whether the expression or one inside it fulfils the condition.
    public static boolean any(Expression expression, Predicate<Expression> condition) {
        if (condition.test(expression)) return true;
        for (Expression child : children(expression)) {
            if (any(child, condition)) return true;
        }
        return false;
    }

    public static boolean hasAggregate(Expression expression) {
        return any(expression, e -> e instanceof Expression.Aggregate);
    }

    public static boolean hasUserCall(Expression expression) {
        return any(expression, e -> e instanceof Expression.UserCall);
    }

    /// The expression with each one inside, innermost first, replaced by what `change` makes of it.
    public static Expression rewrite(Expression expression, UnaryOperator<Expression> change) {
        return change.apply(mapChildren(expression, child -> rewrite(child, change)));
    }

    /// The expression with `change` made to those directly inside.
    public static Expression mapChildren(Expression expression, UnaryOperator<Expression> change) {
        return switch (expression) {
            case Expression.Column _, Expression.Literal _ -> expression;
            case Expression.Call(var function, var arguments) ->
                    new Expression.Call(function, arguments.stream().map(change).toList());
            case Expression.Cast(var input, var type) ->
                    new Expression.Cast(change.apply(input), type);
            case Expression.Case(var branches, var otherwise) ->
                    new Expression.Case(
                            branches.stream()
                                    .map(b ->
                                            new Expression.Branch(
                                                    change.apply(b.condition()),
                                                    change.apply(b.value())))
                                    .toList(),
                            change.apply(otherwise));
            case Expression.In(var input, var values) ->
                    new Expression.In(change.apply(input), values);
            case Expression.Aggregate(var function, var input, var filter) ->
                    new Expression.Aggregate(
                            function, changed(input, change), changed(filter, change));
            case Expression.UserCall(var input, var function, var parameter, var type) ->
                    new Expression.UserCall(change.apply(input), function, parameter, type);
        };
    }

    private static Optional<Expression> changed(
            Optional<Expression> expression, UnaryOperator<Expression> change) {
        return expression.isPresent()
                ? Optional.of(change.apply(expression.get()))
                : Optional.empty();
    }

    /// The conditions that `and` joins, so that all of them true means the expression is true.
    public static List<Expression> conjuncts(Expression expression) {
        var conditions = new java.util.ArrayList<Expression>();
        split(expression, conditions);
        return conditions;
    }

    private static void split(Expression expression, List<Expression> conditions) {
        if (expression instanceof Expression.Call(var function, var arguments)
                && function == Function.AND) {
            for (Expression argument : arguments) split(argument, conditions);
        } else {
            conditions.add(expression);
        }
    }

    /// The conditions joined by `and`, left to right; the literal true when there are none.
    public static Expression conjunction(List<Expression> conditions) {
        return conditions.stream()
                .reduce((a, b) -> new Expression.Call(Function.AND, List.of(a, b)))
                .orElse(new Expression.Literal(true, dev.quiver.schema.DataType.BOOL));
    }
}
