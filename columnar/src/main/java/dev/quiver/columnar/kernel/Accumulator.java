package dev.quiver.columnar.kernel;

import dev.quiver.columnar.Column;
import dev.quiver.schema.DataType;
import java.util.List;

/// The states of one aggregate, one a group, and the loops over them.
sealed interface Accumulator extends AutoCloseable
        permits CountAccumulator,
                SumAccumulator,
                WideSumAccumulator,
                MeanAccumulator,
                VarianceAccumulator,
                ExtremeAccumulator,
                TextExtremeAccumulator,
                EdgeAccumulator,
                DistinctAccumulator {
    /// Makes room for groups below `groupCount`; new states are those of no values.
    void grow(int groupCount);

    /// Takes in the selected rows.
    void update(Batch batch);

    /// Takes in states of the same aggregate, each into the group of its row.
    ///
    /// @param states as [#states] made them
    void merge(List<Column> states, int[] groups, int rows);

    /// The types of the columns that [#states] makes.
    List<DataType> stateTypes();

    /// The states of the groups `[from, from + count)`; the caller owns the columns.
    List<Column> states(int from, int count);

    /// The results of the groups `[from, from + count)`; the caller owns the column.
    Column result(int from, int count);

    @Override
    void close();
}
