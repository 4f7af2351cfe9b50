package dev.quiver.operator;

import dev.quiver.expression.Expression;
import dev.quiver.schema.DataType;

/// An aggregate and the column that it makes.
///
/// @param aggregate its input and filter are bound to the aggregation's input
/// @param type of the result
public record NamedAggregate(String name, Expression.Aggregate aggregate, DataType type) {}
