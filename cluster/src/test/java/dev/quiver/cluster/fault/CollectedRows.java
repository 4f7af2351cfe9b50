package dev.quiver.cluster.fault;

import dev.quiver.dataframe.DataFrame;
import dev.quiver.dataframe.Table;
import java.util.ArrayList;
import java.util.List;

/// What a query answers, to be compared.
final class CollectedRows {
    private CollectedRows() {}

    static List<String> rows(DataFrame frame) {
        var rows = new ArrayList<String>();
        try (Table table = frame.collect()) {
            table.rows().forEach(row -> rows.add(row.toString()));
        }
        return rows;
    }
}
