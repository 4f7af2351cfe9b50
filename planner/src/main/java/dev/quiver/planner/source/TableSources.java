package dev.quiver.planner.source;

import dev.quiver.dataframe.plan.LogicalPlan;
import dev.quiver.dataframe.plan.Origin;
import dev.quiver.dataframe.plan.TableInput;
import dev.quiver.dataframe.plan.TableRead;
import dev.quiver.io.jdbc.TableDescription;

/// Tables and queries of databases as leaves of plans.
final class TableSources {
    private TableSources() {}

    static LogicalPlan.ScanTable scan(TableRead read) {
        TableDescription found =
                TableDescription.of(
                        new TableDescription.Asked(
                                read.database(),
                                read.text(),
                                read.isQuery(),
                                read.parameters(),
                                read.partitionColumn(),
                                read.partitions(),
                                read.types()));
        var input =
                new TableInput(
                        read.database(),
                        found.query(),
                        found.schema(),
                        found.conditions(),
                        found.rows());
        return new LogicalPlan.ScanTable(input, found.schema(), Origin.here());
    }
}
