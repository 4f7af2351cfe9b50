package dev.quiver.io.excel;

import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.columnar.memory.MemoryPool;
import dev.quiver.columnar.memory.Owner;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.io.DeclaredTypes;
import dev.quiver.io.csv.ByteSource;
import dev.quiver.operator.FileFormat;
import dev.quiver.operator.FileRange;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Field;
import dev.quiver.schema.Schema;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Finds the columns of a sheet: names out of its first row that has a value, types out of the
/// values.
///
/// Texts are typed as CSV is. Numbers are int64 where all are whole, else float64; by their format
/// they are dates, timestamps, times of day or durations. The begin of the sheets is looked at, up
/// to [#WHOLE_BYTES_MAX] of their text.
public final class ExcelInference {
    /// The most text that is looked at.
    public static final long WHOLE_BYTES_MAX = 64L << 20;

    /// About what a row takes in a file, where nothing is known.
    public static final long ROW_BYTES = 50;

    private static final long POOL_BYTES = 2L << 30;

    private final FileFormat.Excel format;
    private final Map<String, Integer> kinds = new LinkedHashMap<>();
    private List<String> header = List.of();
    private long bytesLeft = WHOLE_BYTES_MAX;
    private long rowsSeen;

    private ExcelInference(FileFormat.Excel format) {
        this.format = format;
    }

    /// What was found.
    ///
    /// @param rows of the files, an estimate
    public record Inferred(Schema schema, long rows) {}

    /// The columns of files, which have the same names in any order.
    ///
    /// @param declared types of columns by name, which aren't inferred
    /// @throws QuiverException FILE_NOT_FOUND; FILE_CORRUPT and UNSUPPORTED for what isn't a
    ///   workbook, and for a sheet without a value; ARGUMENT_INVALID for a sheet that isn't there;
    ///   COLUMN_DUPLICATE; COLUMN_NOT_FOUND for a declared type of a column that isn't there
    public static Inferred infer(
            List<Path> files, FileFormat.Excel format, Map<String, DataType> declared) {
        var inference = new ExcelInference(format);
        try (var pool = new MemoryPool(POOL_BYTES);
                MemoryAccount account = pool.account(new Owner("plan", "ExcelInference", -1))) {
            for (Path file : files) inference.look(ByteSource.whole(file), account);
        }
        if (inference.kinds.isEmpty()) throw inference.empty(files.getFirst());
        return new Inferred(inference.schema(files.getFirst(), declared), inference.rowsSeen);
    }

    private void look(FileRange file, MemoryAccount account) {
        try (var book = new Workbook(file, format.textBytesMax());
                SharedStrings strings = book.strings(account);
                SheetRows rows = book.rows(format)) {
            var meaning = new CellMeaning(book.formats(), book.serial(), strings, format.nulls());
            CellRange range = CellRange.parse(format.cells());
            SheetColumns columns = SheetColumns.NONE;
            if (format.header()) {
                if (!nextFilled(rows, meaning)) return;
                String place =
                        "file: %s, sheet '%s'".formatted(file.path(), book.sheetName(format));
                columns = SheetColumns.header(rows, meaning, place);
                checkSame(file, List.copyOf(columns.names().values()));
            }
            Map<Integer, Integer> found = new TreeMap<>();
            columns.names().keySet().forEach(column -> found.put(column, 0));
            while (rows.textBytes() <= bytesLeft && nextFilled(rows, meaning)) {
                rowsSeen++;
                for (int i = 0; i < rows.size(); i++) {
                    Cell cell = rows.cell(i);
                    int more = meaning.isNull(cell) ? 0 : meaning.kinds(cell);
                    if (!meaning.isBlank(cell)) found.merge(cell.column, more, (a, b) -> a | b);
                }
            }
            bytesLeft -= rows.textBytes();
            for (var column : found.entrySet())
                kinds.merge(
                        columns.name(column.getKey(), range), column.getValue(), (a, b) -> a | b);
        }
    }

    /// Goes to the next row with a cell that isn't blank.
    private static boolean nextFilled(SheetRows rows, CellMeaning meaning) {
        while (rows.next())
            for (int i = 0; i < rows.size(); i++) if (!meaning.isBlank(rows.cell(i))) return true;
        return false;
    }

    private void checkSame(FileRange file, List<String> names) {
        if (header.isEmpty()) header = names;
        if (names.size() == header.size() && names.containsAll(header)) return;
        throw new QuiverException(
                ErrorCode.FILE_CORRUPT,
                "the columns of '%s' differ from those of the first file".formatted(file.path()),
                List.of(
                        "first: " + String.join(", ", header),
                        "other: " + String.join(", ", names)),
                "read them apart, and union them after a select; or declare what they share with"
                        + " .schema(…)");
    }

    private QuiverException empty(Path file) {
        String sheet =
                format.sheet().isEmpty()
                        ? "sheet %d".formatted(format.sheetNumber())
                        : "sheet '%s'".formatted(format.sheet());
        String cells = format.cells().isEmpty() ? "" : " in " + format.cells();
        return new QuiverException(
                ErrorCode.FILE_CORRUPT,
                "%s of '%s' has no value%s".formatted(sheet, file, cells),
                List.of(),
                "name another sheet with .sheet(\"…\"), or other cells with .cells(\"B2:F100\")");
    }

    private Schema schema(Path file, Map<String, DataType> declared) {
        DeclaredTypes.check(declared, kinds.keySet(), file);
        var fields = new ArrayList<Field>();
        kinds.forEach((name, bits) -> {
            DataType type = declared.get(name);
            fields.add(Field.of(name, type != null ? type : CellMeaning.typeOf(bits)));
        });
        return new Schema(fields);
    }
}
