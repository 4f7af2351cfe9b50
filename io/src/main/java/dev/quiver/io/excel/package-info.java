/// Excel: one sheet of a workbook (.xlsx, .xlsm) to rows of typed columns.
@NullMarked
package dev.quiver.io.excel;

import org.jspecify.annotations.NullMarked;
