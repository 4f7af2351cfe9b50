package dev.quiver.io.excel;

import java.util.ArrayList;
import java.util.List;
import javax.xml.stream.XMLStreamConstants;

/// The rows of a sheet that have a value, in order.
final class SheetRows implements AutoCloseable {
    private final Part part;
    private final CellRange range;

    /// Cells of the row, in order; only the first [#size] count.
    private final List<Cell> cells = new ArrayList<>();

    private int size;
    private int row = -1;
    private int column;
    private boolean ended;

    /// @param part the sheet's, taken over
    /// @param range all outside it is left out
    SheetRows(Part part, CellRange range) {
        this.part = part;
        this.range = range;
    }

    /// Goes to the next row that has a value; false at the end.
    boolean next() {
        while (!ended) {
            int event = part.next();
            if (event == XMLStreamConstants.END_DOCUMENT) ended = true;
            if (event == XMLStreamConstants.END_ELEMENT && part.is("sheetData")) {
                part.finish();
                ended = true;
            }
            if (event != XMLStreamConstants.START_ELEMENT || !part.is("row")) continue;
            row = rowNumber();
            if (row > range.lastRow()) ended = true;
            else if (row < range.firstRow()) part.skip();
            else if (takeCells()) return true;
        }
        return false;
    }

    private int rowNumber() {
        String text = part.attribute("r");
        int number = text.isEmpty() ? row + 1 : number(text, CellRange.ROWS_MAX) - 1;
        if (number <= row)
            throw part.damaged("row %d stands behind row %d".formatted(number + 1, row + 1));
        return number;
    }

    private int number(String text, int max) {
        int number = wholeNumber(text, max);
        if (number >= 0) return number;
        throw part.damaged("'%s' is no number of a row or a style".formatted(text));
    }

    /// The number that digits say; -1 when they say none up to `max`, which is below 10⁹.
    static int wholeNumber(String text, int max) {
        int number = 0;
        for (int i = 0; i < text.length(); i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) return -1;
            number = number * 10 + digit;
            if (number > max) return -1;
        }
        return text.isEmpty() ? -1 : number;
    }

    /// Takes the cells of the row; false when none has a value.
    private boolean takeCells() {
        size = 0;
        column = -1;
        boolean hasValue = false;
        long length = 0;
        while (true) {
            int event = part.next();
            if (event == XMLStreamConstants.END_ELEMENT && part.is("row")) return hasValue;
            if (event != XMLStreamConstants.START_ELEMENT) continue;
            if (!part.is("c")) {
                part.skip();
                continue;
            }
            Cell cell = taken();
            length += cell.text.length();
            part.checkLength(length);
            if (cell.content == Cell.Content.NOTHING || !range.hasColumn(cell.column)) size--;
            else hasValue = true;
        }
    }

    private Cell taken() {
        if (size == cells.size()) cells.add(new Cell());
        Cell cell = cells.get(size++);
        cell.style = 0;
        cell.content = Cell.Content.NOTHING;
        cell.text = "";
        String type = "n";
        int at = column + 1;
        for (int i = 0; i < part.attributes(); i++) {
            switch (part.attributeName(i)) {
                case "r" -> at = columnOf(part.attribute(i));
                case "s" -> cell.style = number(part.attribute(i), 1 << 20);
                case "t" -> type = part.attribute(i);
                default -> {}
            }
        }
        if (at <= column || at >= CellRange.COLUMNS_MAX)
            throw part.damaged("the cells of row %d are out of order".formatted(row + 1));
        column = at;
        cell.column = at;
        fill(cell, type);
        return cell;
    }

    private int columnOf(String address) {
        int number = 0;
        int letters = 0;
        while (letters < address.length() && letters < 4) {
            int letter = (address.charAt(letters) & ~0x20) - 'A';
            if (letter < 0 || letter >= 26) break;
            number = number * 26 + letter + 1;
            letters++;
        }
        if (letters == 0 || letters > 3) throw part.damaged("'%s' is no cell".formatted(address));
        return number - 1;
    }

    /// Reads what stands in the cell, up to its end.
    private void fill(Cell cell, String type) {
        boolean isComputed = false;
        while (true) {
            int event = part.next();
            if (event == XMLStreamConstants.END_ELEMENT && part.is("c")) break;
            if (event != XMLStreamConstants.START_ELEMENT) continue;
            switch (part.name()) {
                case "v" -> cell.text = part.text();
                case "is" -> cell.text = SharedStrings.text(part, "is");
                case "f" -> {
                    isComputed = true;
                    part.skip();
                }
                default -> part.skip();
            }
        }
        if (!cell.text.isEmpty()) cell.content = content(cell, type);
        else if (isComputed && !type.equals("str")) cell.content = Cell.Content.UNCOMPUTED;
    }

    private Cell.Content content(Cell cell, String type) {
        return switch (type) {
            case "n" -> Cell.Content.NUMBER;
            case "s" -> Cell.Content.SHARED;
            case "b" -> Cell.Content.BOOL;
            case "d" -> Cell.Content.DATE;
            case "e" -> Cell.Content.ERROR;
            case "str" -> {
                cell.text = SharedStrings.unescaped(cell.text);
                yield Cell.Content.TEXT;
            }
            case "inlineStr" -> Cell.Content.TEXT;
            default -> throw part.damaged("a cell is of the type '%s'".formatted(type));
        };
    }

    /// How many cells of the row have a value.
    int size() {
        return size;
    }

    Cell cell(int index) {
        return cells.get(index);
    }

    /// The row's number, from 0.
    int row() {
        return row;
    }

    /// What people call a cell of the row.
    String address(Cell cell) {
        return CellRange.cell(row, cell.column);
    }

    double share() {
        return part.share();
    }

    long textBytes() {
        return part.textBytes();
    }

    @Override
    public void close() {
        part.close();
    }
}
