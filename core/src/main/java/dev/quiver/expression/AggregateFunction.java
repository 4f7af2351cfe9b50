package dev.quiver.expression;

/// What an aggregate makes of the values of a group. All but [#COUNT] of rows skip nulls.
public enum AggregateFunction {
    COUNT,
    SUM,
    MIN,
    MAX,
    MEAN,
    /// Sample variance (divided by n − 1); null of fewer than two values.
    VARIANCE,
    /// Sample standard deviation.
    STANDARD_DEVIATION,
    COUNT_DISTINCT,
    /// The first value that isn't null, in the plan's order.
    FIRST,
    /// The last value that isn't null, in the plan's order.
    LAST
}
