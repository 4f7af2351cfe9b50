/// Evaluates bound expressions over whole chunks, a column at a time; agrees with the scalar
/// interpreter in every row.
@NullMarked
package dev.quiver.columnar.kernel.expression;

import org.jspecify.annotations.NullMarked;
