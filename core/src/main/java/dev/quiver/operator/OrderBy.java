package dev.quiver.operator;

import dev.quiver.expression.Expression;

/// One key of an order. NaN is greater than any number; nulls stand where `nullsFirst` says,
/// whatever the direction.
public record OrderBy(Expression expression, boolean descending, boolean nullsFirst) {}
