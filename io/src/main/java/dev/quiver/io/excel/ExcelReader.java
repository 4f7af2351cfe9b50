package dev.quiver.io.excel;

import dev.quiver.columnar.Chunk;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.NearestName;
import dev.quiver.error.QuiverException;
import dev.quiver.io.ChunkReader;
import dev.quiver.io.DictionarySet;
import dev.quiver.io.RowOrigin;
import dev.quiver.io.RowOrigins;
import dev.quiver.io.UnreadableRows;
import dev.quiver.io.csv.ByteSource;
import dev.quiver.io.rows.BoolAppender;
import dev.quiver.io.rows.ColumnAppender;
import dev.quiver.io.rows.FixedAppender;
import dev.quiver.io.rows.ListAppender;
import dev.quiver.io.rows.RowChunk;
import dev.quiver.io.rows.StructAppender;
import dev.quiver.io.rows.TextAppender;
import dev.quiver.operator.FileFormat;
import dev.quiver.operator.FileRange;
import dev.quiver.operator.Source;
import dev.quiver.schema.DataType;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads one sheet of a workbook into chunks of typed columns, row by row.
///
/// A row is one that has a value; blank ones are left out. Empty cells and empty texts are null,
/// and so are all but the first of cells that are merged, which have no value of their own. A
/// formula is the value that the program which saved the file computed. Anything that isn't of its
/// column's type is an error that names file, sheet and cell.
public final class ExcelReader implements ChunkReader {
    private final FileRange range;
    private final FileFormat.Excel format;
    private final Source.ScanFiles scan;
    private final MemoryAccount account;
    private final RowChunk chunk;
    private final int[] origins = new int[Chunk.ROWS];
    private @Nullable Workbook book;
    private @Nullable SharedStrings strings;
    private @Nullable SheetRows rows;
    private Optional<UnreadableRows> unreadable = Optional.empty();

    /// The appenders by column of the sheet, and the columns that the scan knows.
    private final Map<Integer, ColumnAppender> appenders = new HashMap<>();

    private final BitSet known = new BitSet();
    private CellMeaning meaning;
    private String sheet = "";
    private boolean ended;
    private boolean closed;

    /// Opens partition `partition` of a scan, a whole file.
    ///
    /// @param account pays for the chunks and for the texts of the workbook
    /// @throws QuiverException FILE_NOT_FOUND, FILE_CHANGED, FILE_CORRUPT, UNSUPPORTED;
    ///   COLUMN_NOT_FOUND for a declared column that the sheet lacks
    public static ExcelReader open(
            Source.ScanFiles scan,
            FileFormat.Excel format,
            int partition,
            MemoryAccount account,
            DictionarySet dictionaries) {
        refuseNested(scan);
        String sheet = format.sheet().isEmpty() ? "" + format.sheetNumber() : format.sheet();
        String name = scan.ranges().getFirst().path() + "!" + sheet;
        var chunk = new RowChunk(scan.schema(), account, dictionaries.open(name));
        var reader = new ExcelReader(scan, format, scan.ranges().get(partition), account, chunk);
        try {
            reader.begin();
            return reader;
        } catch (RuntimeException | Error e) {
            reader.close();
            throw e;
        }
    }

    private static void refuseNested(Source.ScanFiles scan) {
        for (var field : scan.schema().fields()) {
            boolean isNested =
                    field.type() instanceof DataType.ListOf
                            || field.type() instanceof DataType.Struct;
            if (!isNested) continue;
            throw new QuiverException(
                    ErrorCode.UNSUPPORTED,
                    "column '%s' is declared as %s, and a cell has one value"
                            .formatted(field.name(), field.type()),
                    List.of(),
                    "declare it as text");
        }
    }

    private ExcelReader(
            Source.ScanFiles scan,
            FileFormat.Excel format,
            FileRange range,
            MemoryAccount account,
            RowChunk chunk) {
        this.scan = scan;
        this.format = format;
        this.range = range;
        this.account = account;
        this.chunk = chunk;
        this.meaning =
                new CellMeaning(
                        CellFormats.NONE,
                        new Serial(false),
                        new SharedStrings(account),
                        format.nulls());
    }

    private void begin() {
        var opened = new Workbook(range, format.textBytesMax());
        book = opened;
        sheet = opened.sheetName(format);
        SharedStrings texts = opened.strings(account);
        strings = texts;
        meaning = new CellMeaning(opened.formats(), opened.serial(), texts, format.nulls());
        SheetRows from = opened.rows(format);
        rows = from;
        CellRange cells = CellRange.parse(format.cells());
        SheetColumns columns = SheetColumns.NONE;
        if (format.header()) {
            while (!ended && isBlank(from)) ended = !from.next();
            if (ended) return;
            columns = SheetColumns.header(from, meaning, place());
        }
        List<String> names = scan.file().names();
        boolean inOrder = !format.header() && !format.inferred();
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            int column = inOrder ? cells.firstColumn() + i : columns.find(name, cells);
            if (column >= 0) known.set(column);
            for (ColumnAppender appender : chunk.columns()) {
                if (!appender.field().name().equals(name)) continue;
                if (column < 0) throw missing(name, columns);
                appenders.put(column, appender);
            }
        }
    }

    /// Whether none of the row's cells has a value, as before the first row.
    private boolean isBlank(SheetRows from) {
        for (int i = 0; i < from.size(); i++) if (!meaning.isBlank(from.cell(i))) return false;
        return true;
    }

    private QuiverException missing(String name, SheetColumns columns) {
        List<String> names = List.copyOf(columns.names().values());
        return new QuiverException(
                ErrorCode.COLUMN_NOT_FOUND,
                "no column '%s' in the sheet".formatted(name),
                List.of(place(), "has: " + String.join(", ", names)),
                NearestName.of(name, names)
                        .map("did you mean '%s'?"::formatted)
                        .orElse("say where the header stands with .cells(\"B2:F100\")"));
    }

    private String place() {
        return "file: %s, sheet '%s'".formatted(range.path(), sheet);
    }

    @Override
    public void watch(Optional<UnreadableRows> to) {
        unreadable = to;
    }

    @Override
    public RowOrigins origins() {
        return row -> Optional.of(origin(origins[row]));
    }

    private RowOrigin origin(int row) {
        return new RowOrigin(range.path(), row + 1L, Optional.empty());
    }

    @Override
    public @Nullable Chunk next() {
        SheetRows from = rows;
        while (from != null && !ended && !chunk.isFull()) {
            if (!from.next()) {
                ended = true;
                ByteSource.checkUnchanged(range);
            } else take(from);
        }
        return chunk.take();
    }

    private void take(SheetRows from) {
        boolean isRow = false;
        @Nullable ColumnAppender at = null;
        try {
            for (int i = 0; i < from.size(); i++) {
                Cell cell = from.cell(i);
                if (meaning.isBlank(cell)) continue;
                if (!known.get(cell.column)) {
                    if (format.inferred() || !format.header()) throw unknown(from, cell);
                    continue;
                }
                isRow = true;
                at = appenders.get(cell.column);
                if (at != null && !meaning.isNull(cell)) put(from, cell, at);
            }
        } catch (QuiverException e) {
            boolean isValue = e.code() == ErrorCode.BAD_VALUE;
            if (unreadable.isEmpty() || !isValue && e.code() != ErrorCode.BAD_ROW) throw e;
            chunk.dropRow();
            String column = at == null || !isValue ? "" : at.field().name();
            String rule = isValue ? UnreadableRows.TYPE : UnreadableRows.SHAPE;
            unreadable.get().add(origin(from.row()), column, rule);
            return;
        }
        if (!isRow) return;
        origins[chunk.rows()] = from.row();
        chunk.endRow();
    }

    private void put(SheetRows from, Cell cell, ColumnAppender column) {
        switch (column) {
            case FixedAppender fixed -> {
                Object value = value(from, cell, column);
                try {
                    fixed.append(value);
                } catch (ArithmeticException e) {
                    throw bad(from, cell, column);
                }
            }
            case BoolAppender bool -> bool.append((Boolean) value(from, cell, column));
            case TextAppender text -> putText(from, cell, text);
            case ListAppender _, StructAppender _ -> throw new IllegalStateException();
        }
    }

    private Object value(SheetRows from, Cell cell, ColumnAppender column) {
        Object value = meaning.value(column.field().type(), cell);
        if (value == null) throw bad(from, cell, column);
        return value;
    }

    private void putText(SheetRows from, Cell cell, TextAppender column) {
        boolean isBinary = column.field().type() instanceof DataType.Binary;
        try {
            if (cell.content == Cell.Content.SHARED && !isBinary) {
                int index = meaning.index(cell);
                if (index < 0) throw bad(from, cell, column);
                SharedStrings texts = meaning.strings();
                column.append(texts.data(index), texts.begin(index), texts.length(index));
                return;
            }
            String text = meaning.text(cell);
            if (text == null) throw bad(from, cell, column);
            if (isBinary) column.append(java.util.Base64.getDecoder().decode(text.strip()));
            else column.append(text);
        } catch (IllegalArgumentException e) {
            throw bad(from, cell, column);
        } catch (QuiverException e) {
            if (e.code() != ErrorCode.BAD_VALUE || !e.where().isEmpty()) throw e;
            throw new QuiverException(
                    e.code(), e.what(), List.of(place(from, cell, column)), e.fix(), e);
        }
    }

    private String place(SheetRows from, Cell cell, ColumnAppender column) {
        return "%s, cell %s, column '%s'"
                .formatted(place(), from.address(cell), column.field().name());
    }

    private QuiverException bad(SheetRows from, Cell cell, ColumnAppender column) {
        List<String> where = List.of(place(from, cell, column));
        return switch (cell.content) {
            case ERROR ->
                    new QuiverException(
                            ErrorCode.BAD_VALUE,
                            "a cell has the error " + cell.text,
                            where,
                            "correct the sheet, or read such cells as null: .nulls(\"%s\")"
                                    .formatted(cell.text));
            case UNCOMPUTED ->
                    new QuiverException(
                            ErrorCode.BAD_VALUE,
                            "a cell has a formula whose value isn't in the file",
                            where,
                            "open the file in a spreadsheet program, which computes it, and save"
                                    + " it");
            case NOTHING, NUMBER, TEXT, SHARED, BOOL, DATE ->
                    new QuiverException(
                            ErrorCode.BAD_VALUE,
                            "'%s'%s is not of type %s"
                                    .formatted(
                                            meaning.shown(cell),
                                            meaning.looks(cell),
                                            column.field().type()),
                            where,
                            "correct the sheet, or declare the column otherwise: .type(\"%s\", …)"
                                    .formatted(column.field().name()));
        };
    }

    private QuiverException unknown(SheetRows from, Cell cell) {
        return new QuiverException(
                ErrorCode.BAD_ROW,
                "a cell has a value, and its column isn't known",
                List.of(
                        "%s, cell %s".formatted(place(), from.address(cell)),
                        "has: " + String.join(", ", scan.file().names())),
                "leave the column out with .cells(\"…\"), or declare all columns with .schema(…)");
    }

    @Override
    public long bytesRead() {
        SheetRows from = rows;
        return from == null ? 0 : (long) (range.size() * from.share());
    }

    @Override
    public void close() {
        if (closed) return;
        closed = true;
        chunk.close();
        if (rows != null) rows.close();
        if (strings != null) strings.close();
        if (book != null) book.close();
    }

    @Override
    public String toString() {
        return "ExcelReader[%s, %s]"
                .formatted(place(), Arrays.toString(scan.schema().names().toArray()));
    }
}
