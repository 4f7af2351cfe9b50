package dev.quiver.expression;

import dev.quiver.schema.DataType;

/// An expression whose names exist and whose conversions are explicit, with what it makes.
///
/// @param expression every operand has the type its function takes, by [Expression.Cast] where
///   needed; binding it again changes nothing
/// @param type of the value
/// @param nullable false only where no value can be null
public record Bound(Expression expression, DataType type, boolean nullable) {}
