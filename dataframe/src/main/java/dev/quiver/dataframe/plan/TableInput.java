package dev.quiver.dataframe.plan;

import dev.quiver.operator.Database;
import dev.quiver.operator.TableQuery;
import dev.quiver.schema.Schema;
import java.util.List;

/// A table or query of a database.
///
/// @param schema all its columns
/// @param conditions which rows each partition has, as SQL
/// @param rows about how many it has
public record TableInput(
        Database database, TableQuery query, Schema schema, List<String> conditions, long rows) {
    public TableInput {
        conditions = List.copyOf(conditions);
    }
}
