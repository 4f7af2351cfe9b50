package dev.quiver.io.excel;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// How the cells of each style show numbers.
record CellFormats(List<NumberLook> looks) {
    /// All are plain numbers.
    static final CellFormats NONE = new CellFormats(List.of());

    private static final int STYLES_MAX = 1 << 20;

    CellFormats {
        looks = List.copyOf(looks);
    }

    static CellFormats read(Part styles) {
        Map<String, NumberLook> own = new HashMap<>();
        var looks = new ArrayList<NumberLook>();
        boolean inCells = false;
        while (styles.nextElement()) {
            switch (styles.name()) {
                case "numFmt" ->
                        own.putIfAbsent(
                                styles.attribute("numFmtId"),
                                NumberLook.of(styles.attribute("formatCode")));
                case "cellXfs" -> inCells = true;
                case "cellStyleXfs", "cellStyles", "dxfs", "fonts", "fills", "borders" ->
                        inCells = false;
                case "xf" -> {
                    if (inCells) looks.add(look(styles.attribute("numFmtId"), own));
                }
                default -> {}
            }
            if (looks.size() > STYLES_MAX || own.size() > STYLES_MAX)
                throw styles.damaged("it has too many styles");
        }
        return new CellFormats(looks);
    }

    private static NumberLook look(String id, Map<String, NumberLook> own) {
        NumberLook found = own.get(id);
        if (found != null) return found;
        return id.matches("[0-9]{1,4}")
                ? NumberLook.builtIn(Integer.parseInt(id))
                : NumberLook.NUMBER;
    }

    NumberLook look(int style) {
        return style < looks.size() ? looks.get(style) : NumberLook.NUMBER;
    }
}
