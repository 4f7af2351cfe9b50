package dev.quiver.dataframe.plan;

import dev.quiver.operator.Database;
import dev.quiver.schema.DataType;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What a reader of a database was told.
///
/// @param text a table's name, or a query
/// @param parameters of the query
/// @param partitionColumn empty when all is read as one partition
/// @param types declared by column
public record TableRead(
        Database database,
        String text,
        boolean isQuery,
        List<Object> parameters,
        String partitionColumn,
        int partitions,
        Map<String, DataType> types) {
    public TableRead {
        parameters = List.copyOf(parameters);
        types = Collections.unmodifiableMap(new LinkedHashMap<>(types));
    }
}
