package dev.quiver.dataframe;

import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.expression.AggregateFunction;
import dev.quiver.expression.Expression;
import dev.quiver.expression.Function;
import dev.quiver.schema.DataType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// An expression tree and, when it was said, its name.
record TreeExpr(Expression tree, Optional<String> given) implements Expr {
    TreeExpr(Expression tree) {
        this(tree, Optional.empty());
    }

    static Expression treeOf(Expr expr) {
        return switch (expr) {
            case TreeExpr(var tree, _) -> tree;
        };
    }

    /// The name that was given, else the one that follows from the tree.
    Optional<String> name() {
        return given.or(() -> Naming.of(tree));
    }

    /// `function(this, arguments…)`.
    TreeExpr call(Function function, Object... arguments) {
        var trees = new ArrayList<Expression>();
        trees.add(tree);
        for (Object argument : arguments) {
            trees.add(Operands.of(argument, function.name()));
        }
        return wrap(new Expression.Call(function, trees));
    }

    TreeExpr wrap(Expression other) {
        return new TreeExpr(other);
    }

    @Override
    public Expr as(String name) {
        if (name.isEmpty()) {
            throw new QuiverException(
                    ErrorCode.ARGUMENT_INVALID,
                    "as(\"\"): a column needs a name",
                    List.of(),
                    "give one, such as as(\"total\")");
        }
        return new TreeExpr(tree, Optional.of(name));
    }

    @Override
    public Expr cast(DataType type) {
        return wrap(new Expression.Cast(tree, type));
    }

    @Override
    public SortKey asc() {
        return new TreeSortKey(tree, false, false);
    }

    @Override
    public SortKey desc() {
        return new TreeSortKey(tree, true, false);
    }

    private Expr compare(Function function, String method, Object value) {
        Operands.refuseNull(value, method);
        return call(function, value);
    }

    @Override
    public Expr eq(Object value) {
        return compare(Function.EQUAL, "eq", value);
    }

    @Override
    public Expr ne(Object value) {
        return compare(Function.NOT_EQUAL, "ne", value);
    }

    @Override
    public Expr lt(Object value) {
        return compare(Function.LESS, "lt", value);
    }

    @Override
    public Expr le(Object value) {
        return compare(Function.LESS_EQUAL, "le", value);
    }

    @Override
    public Expr gt(Object value) {
        return compare(Function.GREATER, "gt", value);
    }

    @Override
    public Expr ge(Object value) {
        return compare(Function.GREATER_EQUAL, "ge", value);
    }

    @Override
    public Expr between(Object low, Object high) {
        return ge(low).and(le(high));
    }

    @Override
    public Expr isIn(Object... values) {
        return isIn(Arrays.asList(values));
    }

    @Override
    public Expr isIn(Collection<?> values) {
        return wrap(new Expression.In(tree, Operands.members(values)));
    }

    @Override
    public Expr isNull() {
        return call(Function.IS_NULL);
    }

    @Override
    public Expr isNotNull() {
        return call(Function.IS_NOT_NULL);
    }

    @Override
    public Expr isNaN() {
        return call(Function.IS_NAN);
    }

    @Override
    public Expr fillNull(Object value) {
        var filled = call(Function.COALESCE, value);
        return new TreeExpr(filled.tree, name());
    }

    @Override
    public Expr plus(Object value) {
        return call(Function.ADD, value);
    }

    @Override
    public Expr minus(Object value) {
        return call(Function.SUBTRACT, value);
    }

    @Override
    public Expr multiply(Object value) {
        return call(Function.MULTIPLY, value);
    }

    @Override
    public Expr divide(Object value) {
        return call(Function.DIVIDE, value);
    }

    @Override
    public Expr mod(Object value) {
        return call(Function.MODULO, value);
    }

    @Override
    public Expr negate() {
        return call(Function.NEGATE);
    }

    @Override
    public Expr abs() {
        return call(Function.ABS);
    }

    @Override
    public Expr round(int digits) {
        return call(Function.ROUND, digits);
    }

    @Override
    public Expr floor() {
        return call(Function.FLOOR);
    }

    @Override
    public Expr ceil() {
        return call(Function.CEIL);
    }

    @Override
    public Expr sqrt() {
        return call(Function.SQRT);
    }

    @Override
    public Expr and(Expr other) {
        return call(Function.AND, other);
    }

    @Override
    public Expr or(Expr other) {
        return call(Function.OR, other);
    }

    @Override
    public Expr not() {
        return call(Function.NOT);
    }

    private Expr aggregate(AggregateFunction function) {
        return new TreeExpr(
                new Expression.Aggregate(function, Optional.of(tree), Optional.empty()),
                given.map(name -> Naming.aggregate(name, function)));
    }

    @Override
    public Expr sum() {
        return aggregate(AggregateFunction.SUM);
    }

    @Override
    public Expr count() {
        return aggregate(AggregateFunction.COUNT);
    }

    @Override
    public Expr min() {
        return aggregate(AggregateFunction.MIN);
    }

    @Override
    public Expr max() {
        return aggregate(AggregateFunction.MAX);
    }

    @Override
    public Expr mean() {
        return aggregate(AggregateFunction.MEAN);
    }

    @Override
    public Expr var() {
        return aggregate(AggregateFunction.VARIANCE);
    }

    @Override
    public Expr std() {
        return aggregate(AggregateFunction.STANDARD_DEVIATION);
    }

    @Override
    public Expr nUnique() {
        return aggregate(AggregateFunction.COUNT_DISTINCT);
    }

    @Override
    public Expr first() {
        return aggregate(AggregateFunction.FIRST);
    }

    @Override
    public Expr last() {
        return aggregate(AggregateFunction.LAST);
    }

    @Override
    public Expr filter(Expr condition) {
        if (!(tree instanceof Expression.Aggregate(var function, var input, var before))) {
            throw new QuiverException(
                    ErrorCode.EXPRESSION_INVALID,
                    "filter(…) on an expression that isn't an aggregate",
                    List.of(),
                    "write it behind the aggregate, as in sum(\"x\").filter(col(\"y\").gt(0)), or"
                            + " filter the frame");
        }
        Expression both =
                before.<Expression>map(first ->
                                new Expression.Call(
                                        Function.AND, List.of(first, treeOf(condition))))
                        .orElse(treeOf(condition));
        return new TreeExpr(new Expression.Aggregate(function, input, Optional.of(both)), given);
    }

    @Override
    public <A, R> Expr map(Class<A> in, Class<R> out, Fn<A, R> f) {
        var call = new Expression.UserCall(tree, f, in, RecordShape.columnType(out));
        return new TreeExpr(call, name());
    }

    @Override
    public TextExpr str() {
        return new TextExpr(this);
    }

    @Override
    public TimeExpr dt() {
        return new TimeExpr(this);
    }

    @Override
    public CategoryExpr cat() {
        return new CategoryExpr(this);
    }
}
