package dev.quiver.dataframe;

import dev.quiver.expression.AggregateFunction;
import dev.quiver.expression.Expression;
import dev.quiver.expression.ExpressionParser;
import dev.quiver.expression.Function;
import dev.quiver.schema.DataType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// The words that expressions begin with, meant for a static import.
///
/// ```java
/// import static dev.quiver.dataframe.Functions.*;
///
/// flights.filter(col("dep_delay").gt(15))
///         .groupBy("carrier")
///         .agg(count().as("late"), mean("dep_delay"), max("dep_delay"))
///         .sort(desc("late"));
/// ```
public final class Functions {
    private Functions() {}

    /// The column of that name.
    public static Expr col(String name) {
        return new TreeExpr(new Expression.Column(name));
    }

    /// A constant; see [Expr] for the classes it may have.
    ///
    /// @throws QuiverException for null (write [#nullOf]) and for other classes
    public static Expr lit(Object value) {
        return new TreeExpr(Operands.of(value, "lit"));
    }

    /// The null of a type.
    public static Expr nullOf(DataType type) {
        return new TreeExpr(new Expression.Literal(null, type));
    }

    /// An expression written as text: `expr("amount * (1 - discount)")`. A `?` stands for the next
    /// parameter, so that values are never pasted into text: `expr("amount > ?", 100)`.
    ///
    /// @throws QuiverException naming the position when the text can't be read
    public static Expr expr(String text, Object... parameters) {
        return new TreeExpr(ExpressionParser.parse(text, parameters));
    }

    /// Begins a choice: `when(col("x").gt(0)).then("up").when(col("x").lt(0)).then("down")
    /// .otherwise("flat")`.
    public static When when(Expr condition) {
        return new Choice(List.of(), TreeExpr.treeOf(condition));
    }

    /// To sort by a column, smallest first.
    public static SortKey asc(String column) {
        return col(column).asc();
    }

    public static SortKey asc(Expr value) {
        return value.asc();
    }

    /// To sort by a column, greatest first.
    public static SortKey desc(String column) {
        return col(column).desc();
    }

    public static SortKey desc(Expr value) {
        return value.desc();
    }

    /// How many rows a group has; called `count` unless named.
    public static Expr count() {
        return new TreeExpr(
                new Expression.Aggregate(
                        AggregateFunction.COUNT, Optional.empty(), Optional.empty()));
    }

    /// How many values of a column aren't null.
    public static Expr count(String column) {
        return col(column).count();
    }

    public static Expr count(Expr value) {
        return value.count();
    }

    public static Expr sum(String column) {
        return col(column).sum();
    }

    public static Expr sum(Expr value) {
        return value.sum();
    }

    public static Expr min(String column) {
        return col(column).min();
    }

    public static Expr min(Expr value) {
        return value.min();
    }

    public static Expr max(String column) {
        return col(column).max();
    }

    public static Expr max(Expr value) {
        return value.max();
    }

    public static Expr mean(String column) {
        return col(column).mean();
    }

    public static Expr mean(Expr value) {
        return value.mean();
    }

    /// Sample variance; see [Expr#var].
    public static Expr var(String column) {
        return col(column).var();
    }

    public static Expr var(Expr value) {
        return value.var();
    }

    /// Sample standard deviation.
    public static Expr std(String column) {
        return col(column).std();
    }

    public static Expr std(Expr value) {
        return value.std();
    }

    public static Expr nUnique(String column) {
        return col(column).nUnique();
    }

    public static Expr nUnique(Expr value) {
        return value.nUnique();
    }

    public static Expr first(String column) {
        return col(column).first();
    }

    public static Expr first(Expr value) {
        return value.first();
    }

    public static Expr last(String column) {
        return col(column).last();
    }

    public static Expr last(Expr value) {
        return value.last();
    }

    /// The first of the values that isn't null. Strings are literals; `col("…")` says a column.
    public static Expr coalesce(Object first, Object... more) {
        return call(Function.COALESCE, "coalesce", first, more);
    }

    /// The texts one after the other, nulls left out. Strings are literals; `col("…")` says a
    /// column.
    public static Expr concat(Object first, Object... more) {
        return call(Function.CONCAT, "concat", first, more);
    }

    /// Not.
    public static Expr not(Expr condition) {
        return condition.not();
    }

    private static Expr call(Function function, String name, Object first, Object... more) {
        var arguments = new ArrayList<Expression>();
        arguments.add(Operands.of(first, name));
        Arrays.stream(more).map(value -> Operands.of(value, name)).forEach(arguments::add);
        return new TreeExpr(new Expression.Call(function, arguments));
    }
}
