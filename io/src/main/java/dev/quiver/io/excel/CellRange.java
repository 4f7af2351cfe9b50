package dev.quiver.io.excel;

import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Cells of a sheet, such as `B2:F100`; all numbers from 0, ends included.
record CellRange(int firstRow, int lastRow, int firstColumn, int lastColumn) {
    /// The most rows that a sheet has.
    static final int ROWS_MAX = 1 << 20;

    /// The most columns that a sheet has.
    static final int COLUMNS_MAX = 1 << 14;

    static final CellRange ALL = new CellRange(0, ROWS_MAX - 1, 0, COLUMNS_MAX - 1);

    private static final Pattern FORM =
            Pattern.compile(
                    "\\$?([A-Z]{1,3})?\\$?([0-9]{1,7})?:\\$?([A-Z]{1,3})?\\$?([0-9]{1,7})?");

    /// The range that a text says: `B2:F100`, whole columns as `B:F`, whole rows as `2:100`, or
    /// from a cell on as `B2:F`; empty for all.
    ///
    /// @throws QuiverException ARGUMENT_INVALID when it says none
    static CellRange parse(String text) {
        if (text.isBlank()) return ALL;
        Matcher found = FORM.matcher(text.strip().toUpperCase(Locale.ROOT));
        if (!found.matches() || text.strip().startsWith(":") || text.strip().endsWith(":"))
            throw refused(text);
        int firstColumn = found.group(1) == null ? 0 : column(found.group(1));
        int lastColumn = found.group(3) == null ? COLUMNS_MAX - 1 : column(found.group(3));
        int firstRow = found.group(2) == null ? 0 : Integer.parseInt(found.group(2)) - 1;
        int lastRow = found.group(4) == null ? ROWS_MAX - 1 : Integer.parseInt(found.group(4)) - 1;
        boolean isFine =
                firstRow >= 0
                        && firstRow <= lastRow
                        && lastRow < ROWS_MAX
                        && firstColumn <= lastColumn
                        && lastColumn < COLUMNS_MAX;
        if (!isFine) throw refused(text);
        return new CellRange(firstRow, lastRow, firstColumn, lastColumn);
    }

    private static QuiverException refused(String text) {
        return new QuiverException(
                ErrorCode.ARGUMENT_INVALID,
                "cells(\"%s\") is no range of cells".formatted(text),
                List.of("a sheet has the columns A to XFD and the rows 1 to 1048576"),
                "say the first and the last cell as \"B2:F100\", whole columns as \"B:F\", or all"
                        + " from a row on as \"B5:F\"");
    }

    /// The number of the column that letters name.
    static int column(String letters) {
        int number = 0;
        for (int i = 0; i < letters.length(); i++)
            number = number * 26 + (letters.charAt(i) - 'A' + 1);
        return number - 1;
    }

    /// What people call a cell.
    static String cell(int row, int column) {
        return letters(column) + (row + 1);
    }

    /// What people call a column.
    static String letters(int column) {
        var text = new StringBuilder();
        for (int rest = column + 1; rest > 0; rest = (rest - 1) / 26)
            text.append((char) ('A' + (rest - 1) % 26));
        return text.reverse().toString();
    }

    boolean hasColumn(int column) {
        return column >= firstColumn && column <= lastColumn;
    }
}
