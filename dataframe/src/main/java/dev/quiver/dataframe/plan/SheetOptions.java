package dev.quiver.dataframe.plan;

/// Which cells of a workbook are read.
///
/// @param name of the sheet; empty for the one that `number` says
/// @param number of the sheet, from 1
/// @param cells a range such as `B2:F100`; empty for all
public record SheetOptions(String name, int number, String cells) {
    /// All of the first sheet.
    public static final SheetOptions DEFAULT = new SheetOptions("", 1, "");
}
