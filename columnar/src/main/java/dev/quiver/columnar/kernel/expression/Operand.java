package dev.quiver.columnar.kernel.expression;

import dev.quiver.columnar.Column;
import dev.quiver.columnar.ColumnValues;
import dev.quiver.columnar.memory.Buffer;
import dev.quiver.schema.DataType;
import org.jspecify.annotations.Nullable;

/// What a part of an expression is for the rows of a chunk. Whoever gets one closes it.
sealed interface Operand extends AutoCloseable {
    DataType type();

    /// The value of a row as an object; undefined where the mask it was computed under is off.
    @Nullable Object get(int row);

    @Override
    void close();

    /// One value for all rows.
    record Constant(@Nullable Object value, DataType type) implements Operand {
        @Override
        public @Nullable Object get(int row) {
            return value;
        }

        @Override
        public void close() {}
    }

    /// A value a row; owns a share of the column.
    record Vector(Column column) implements Operand {
        @Override
        public DataType type() {
            return column.type();
        }

        @Override
        public @Nullable Object get(int row) {
            return ColumnValues.get(column, row);
        }

        @Nullable Buffer validity() {
            return column.validity();
        }

        @Override
        public void close() {
            column.close();
        }
    }
}
