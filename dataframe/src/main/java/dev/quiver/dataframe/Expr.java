package dev.quiver.dataframe;

import dev.quiver.schema.DataType;
import java.util.Collection;

/// What to compute from the columns of a row, or, with an aggregate, of a group.
///
/// ```java
/// col("dep_delay").gt(15).and(col("carrier").isIn("UA", "AA"))
/// col("amount").multiply(lit(1).minus(col("discount"))).as("net")
/// sum("net").divide(count()).as("mean_net")
/// ```
///
/// Immutable; made by [Functions]. Where an operand is an `Object`, an [Expr] is taken as it is and
/// any other value (number, String, boolean, LocalDate, LocalDateTime, Instant, LocalTime,
/// Duration, BigDecimal, enum) is a literal. A String is always a literal here; `col("…")` says a
/// column. Nothing is compared by `equals`: write [#eq]. Types are checked when a frame takes the
/// expression.
public sealed interface Expr permits TreeExpr {
    /// Names the column that this makes.
    Expr as(String name);

    /// The value as another type; one that doesn't fit stops the query.
    Expr cast(DataType type);

    /// To sort by this, smallest first.
    SortKey asc();

    /// To sort by this, greatest first.
    SortKey desc();

    /// Equal. Null if either is null.
    ///
    /// @throws QuiverException when `value` is null: write [#isNull]
    Expr eq(Object value);

    Expr ne(Object value);

    Expr lt(Object value);

    Expr le(Object value);

    Expr gt(Object value);

    Expr ge(Object value);

    /// From `low` to `high`, both included.
    Expr between(Object low, Object high);

    /// Equal to one of the values.
    ///
    /// @throws QuiverException when a value is null or an array
    Expr isIn(Object... values);

    Expr isIn(Collection<?> values);

    Expr isNull();

    Expr isNotNull();

    /// Not a number; false for numbers, null for null.
    Expr isNaN();

    /// This if it isn't null, else the value.
    Expr fillNull(Object value);

    Expr plus(Object value);

    Expr minus(Object value);

    Expr multiply(Object value);

    /// The quotient; of whole numbers a float64.
    Expr divide(Object value);

    /// What remains of the division, with the sign of this.
    Expr mod(Object value);

    Expr negate();

    Expr abs();

    /// To the nearest number with that many digits behind the point, halves away from zero.
    Expr round(int digits);

    Expr floor();

    Expr ceil();

    Expr sqrt();

    /// Both; false and null is false.
    Expr and(Expr other);

    /// Either; true or null is true.
    Expr or(Expr other);

    Expr not();

    /// The sum of a group's values; null of none.
    Expr sum();

    /// How many values of a group aren't null.
    Expr count();

    Expr min();

    Expr max();

    Expr mean();

    /// Sample variance: divided by n − 1, null of fewer than two values.
    Expr var();

    /// Sample standard deviation.
    Expr std();

    /// How many different values a group has, nulls aside.
    Expr nUnique();

    /// The first value that isn't null. The frame must have an order.
    Expr first();

    /// The last value that isn't null. The frame must have an order.
    Expr last();

    /// Aggregates only the rows for which the condition is true: `sum("x").filter(col("y").gt(0))`.
    ///
    /// @throws QuiverException when this isn't an aggregate
    Expr filter(Expr condition);

    /// Calls `f` with each value that isn't null. Both classes are given because erasure hides
    /// them.
    <A, R> Expr map(Class<A> in, Class<R> out, Fn<A, R> f);

    /// What can be done with a text.
    TextExpr str();

    /// What can be done with a date or a timestamp.
    TimeExpr dt();

    /// What can be done with a categorical.
    CategoryExpr cat();
}
