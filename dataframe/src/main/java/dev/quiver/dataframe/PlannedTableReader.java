package dev.quiver.dataframe;

import dev.quiver.dataframe.plan.TableRead;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.operator.Database;
import dev.quiver.schema.DataType;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// A reader of a database that remembers what it was told.
record PlannedTableReader(
        QueryRunner runner,
        Database database,
        Map<String, DataType> types,
        String partitionColumn,
        int partitions)
        implements TableReader {
    private static final int PARTITIONS_MAX = 10_000;

    @Override
    public TableReader partitionBy(String column, int count) {
        if (count < 1 || count > PARTITIONS_MAX)
            throw new QuiverException(
                    ErrorCode.ARGUMENT_INVALID,
                    "partitionBy(\"%s\", %d)".formatted(column, count),
                    List.of(),
                    "give 1 to %d partitions".formatted(PARTITIONS_MAX));
        return new PlannedTableReader(runner, database, types, column, count);
    }

    @Override
    public DataFrame table(String name) {
        return read(name, false);
    }

    @Override
    public DataFrame query(String sql, Object... parameters) {
        for (int i = 0; i < parameters.length; i++) {
            if (parameters[i] != null) continue;
            throw new QuiverException(
                    ErrorCode.ARGUMENT_INVALID,
                    "parameter %d of a query is null".formatted(i + 1),
                    List.of("query: " + sql),
                    "write IS NULL in the query: nothing is equal to null");
        }
        return read(sql, true, parameters);
    }

    private DataFrame read(String text, boolean isQuery, Object... parameters) {
        if (text.isBlank())
            throw new QuiverException(
                    ErrorCode.ARGUMENT_INVALID,
                    isQuery ? "query(\"\")" : "table(\"\")",
                    List.of(),
                    "name a table, or write a query");
        var read =
                new TableRead(
                        database,
                        text,
                        isQuery,
                        Arrays.stream(parameters).map(Objects::requireNonNull).toList(),
                        partitionColumn,
                        partitions,
                        types);
        return Frames.frame(runner.files().table(read), runner);
    }

    /// What people see of it, without secrets.
    @Override
    public String toString() {
        return "TableReader[%s]".formatted(database);
    }
}
