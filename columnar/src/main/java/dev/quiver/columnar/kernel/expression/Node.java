package dev.quiver.columnar.kernel.expression;

import dev.quiver.schema.DataType;

/// A part of an expression, ready to run. Not for concurrent use.
interface Node extends AutoCloseable {
    DataType type();

    /// The values of the rows that the mask wants; the caller closes the result. Only a node whose
    /// arguments are all constant answers with a constant.
    Operand evaluate(Input in, Mask mask);

    /// Gives back what was kept between chunks.
    @Override
    default void close() {}
}
