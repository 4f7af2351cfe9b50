package dev.quiver.dataframe.plan;

import dev.quiver.operator.Database;
import dev.quiver.operator.TableMode;
import java.util.List;

/// What a writer into a database was told.
///
/// @param table as the user wrote its name
/// @param keys the columns by which rows replace those that are there; empty unless `UPSERT`
public record TableWrite(Database database, String table, TableMode mode, List<String> keys) {
    public TableWrite {
        keys = List.copyOf(keys);
    }
}
