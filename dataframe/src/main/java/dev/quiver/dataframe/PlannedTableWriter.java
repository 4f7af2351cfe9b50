package dev.quiver.dataframe;

import dev.quiver.dataframe.plan.LogicalPlan;
import dev.quiver.dataframe.plan.TableWrite;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.operator.Database;
import dev.quiver.operator.TableMode;
import java.util.ArrayList;
import java.util.List;

/// A writer into a database that remembers what it was told.
record PlannedTableWriter(PlannedFrame frame, Database database, TableMode mode, List<String> keys)
        implements TableWriter {
    @Override
    public TableWriter append() {
        return with(TableMode.APPEND, List.of());
    }

    @Override
    public TableWriter overwrite() {
        return with(TableMode.OVERWRITE, List.of());
    }

    @Override
    public TableWriter upsert(String key, String... more) {
        var names = new ArrayList<String>();
        names.add(key);
        names.addAll(List.of(more));
        LogicalPlan plan = frame.plan();
        for (String name : names) plan.schema().indexOf(name, plan.place());
        return with(TableMode.UPSERT, names);
    }

    private TableWriter with(TableMode wanted, List<String> names) {
        if (mode != TableMode.CREATE && mode != wanted)
            throw new QuiverException(
                    ErrorCode.ARGUMENT_INVALID,
                    "two of overwrite(), append() and upsert(…) on one write",
                    List.of(),
                    "keep the one that you mean");
        return new PlannedTableWriter(frame, database, wanted, names);
    }

    @Override
    public Written table(String name) {
        if (name.isBlank())
            throw new QuiverException(
                    ErrorCode.ARGUMENT_INVALID,
                    "a write into the table \"\"",
                    List.of(),
                    "name a table");
        return frame.runner().write(frame.plan(), new TableWrite(database, name, mode, keys));
    }
}
