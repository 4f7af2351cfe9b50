package dev.quiver.io.excel;

import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The names of a sheet's columns.
///
/// @param names by column, from 0; columns without a name aren't in it
record SheetColumns(Map<Integer, String> names) {
    /// No column has a name.
    static final SheetColumns NONE = new SheetColumns(Map.of());

    SheetColumns {
        names = Collections.unmodifiableMap(new TreeMap<>(names));
    }

    /// The names that the row says at which `rows` stands.
    ///
    /// @param place for messages
    /// @throws QuiverException COLUMN_DUPLICATE
    static SheetColumns header(SheetRows rows, CellMeaning meaning, String place) {
        var names = new TreeMap<Integer, String>();
        for (int i = 0; i < rows.size(); i++) {
            Cell cell = rows.cell(i);
            @Nullable String name = meaning.text(cell);
            if (name == null || name.isBlank()) continue;
            for (var before : names.entrySet())
                if (before.getValue().equals(name))
                    throw new QuiverException(
                            ErrorCode.COLUMN_DUPLICATE,
                            "the header has '%s' twice".formatted(name),
                            List.of(
                                    "%s, cells %s and %s"
                                            .formatted(
                                                    place,
                                                    CellRange.cell(rows.row(), before.getKey()),
                                                    rows.address(cell))),
                            "rename one in the file, or say .header(false) and give names with"
                                    + " .schema(…)");
            names.put(cell.column, name);
        }
        return new SheetColumns(names);
    }

    /// What a column is called: as the header says, else `c` and its number in the range, from 1.
    String name(int column, CellRange range) {
        String said = names.get(column);
        return said != null ? said : "c" + (column - range.firstColumn() + 1);
    }

    /// The column of a name; -1 for none.
    int find(String name, CellRange range) {
        for (var each : names.entrySet()) if (each.getValue().equals(name)) return each.getKey();
        if (!name.startsWith("c")) return -1;
        int number = SheetRows.wholeNumber(name.substring(1), CellRange.COLUMNS_MAX);
        int column = range.firstColumn() + number - 1;
        return number < 1 || column > range.lastColumn() || names.containsKey(column) ? -1 : column;
    }
}
