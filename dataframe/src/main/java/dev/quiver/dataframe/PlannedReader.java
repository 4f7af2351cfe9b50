package dev.quiver.dataframe;

import dev.quiver.dataframe.plan.ReadOptions;
import dev.quiver.dataframe.plan.SheetOptions;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.operator.CsvFormat;
import dev.quiver.operator.CsvText;
import dev.quiver.operator.Database;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Schema;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// A reader that remembers what it was told.
record PlannedReader(QueryRunner runner, ReadOptions options) implements FrameReader {
    private PlannedReader with(ReadOptions changed) {
        return new PlannedReader(runner, changed);
    }

    private PlannedReader withFormat(UnaryOperator<CsvFormat> change) {
        return with(
                new ReadOptions(
                        options.schema(),
                        options.types(),
                        change.apply(options.format()),
                        options.lineMax(),
                        options.chunkRows(),
                        options.chunkBytes(),
                        options.chunkMemory(),
                        options.verifyChecksums(),
                        options.sheet()));
    }

    private PlannedReader withSizes(String lineMax, long rows, String bytes, String memory) {
        return with(
                new ReadOptions(
                        options.schema(),
                        options.types(),
                        options.format(),
                        lineMax,
                        rows,
                        bytes,
                        memory,
                        options.verifyChecksums(),
                        options.sheet()));
    }

    @Override
    public FrameReader schema(Schema schema) {
        return with(
                new ReadOptions(
                        Optional.of(schema),
                        options.types(),
                        options.format(),
                        options.lineMax(),
                        options.chunkRows(),
                        options.chunkBytes(),
                        options.chunkMemory(),
                        options.verifyChecksums(),
                        options.sheet()));
    }

    @Override
    public FrameReader type(String column, DataType type) {
        var types = new LinkedHashMap<>(options.types());
        types.put(column, type);
        return with(
                new ReadOptions(
                        options.schema(),
                        types,
                        options.format(),
                        options.lineMax(),
                        options.chunkRows(),
                        options.chunkBytes(),
                        options.chunkMemory(),
                        options.verifyChecksums(),
                        options.sheet()));
    }

    @Override
    public FrameReader delimiter(char delimiter) {
        if (delimiter == '\n' || delimiter == '\r' || delimiter > 127) {
            throw new QuiverException(
                    ErrorCode.ARGUMENT_INVALID,
                    "delimiter('%s') can't stand between fields".formatted(delimiter),
                    List.of(),
                    "use one ASCII character such as ';' or '\\t'; not a line break");
        }
        return withFormat(f -> f.withDelimiter(delimiter));
    }

    @Override
    public FrameReader header(boolean header) {
        return withFormat(f -> f.withHeader(header));
    }

    @Override
    public FrameReader nulls(String... tokens) {
        return withFormat(f -> {
            var all = new ArrayList<>(f.nulls());
            for (String token : tokens) {
                if (!all.contains(token)) all.add(token);
            }
            return f.withNulls(all);
        });
    }

    @Override
    public FrameReader quote(char quote) {
        return withFormat(f -> f.withQuote(quote));
    }

    @Override
    public FrameReader escape(char sign) {
        return withText(t -> t.withEscape(sign));
    }

    @Override
    public FrameReader comment(char sign) {
        return withText(t -> t.withComment(sign));
    }

    @Override
    public FrameReader encoding(String name) {
        CsvText text = options.format().text().withEncoding(name);
        text.charset();
        return withText(_ -> text);
    }

    @Override
    public FrameReader skipLines(int lines) {
        if (lines < 0) {
            throw new QuiverException(
                    ErrorCode.ARGUMENT_INVALID,
                    "skipLines(%d): there can't be fewer than none".formatted(lines),
                    List.of(),
                    "say how many lines stand before the header, as in skipLines(2)");
        }
        return withText(t -> t.withSkipLines(lines));
    }

    @Override
    public FrameReader quotedNulls() {
        return withText(CsvText::withQuotedNulls);
    }

    @Override
    public FrameReader decimalComma() {
        return withText(CsvText::withDecimalComma);
    }

    private FrameReader withText(UnaryOperator<CsvText> change) {
        return withFormat(f -> f.withText(change.apply(f.text())));
    }

    @Override
    public FrameReader lineMax(String size) {
        return withSizes(size, options.chunkRows(), options.chunkBytes(), options.chunkMemory());
    }

    @Override
    public FrameReader verifyChecksums(boolean verify) {
        return with(options.withVerifyChecksums(verify));
    }

    @Override
    public FrameReader chunkRows(long rows) {
        if (rows < 1) {
            throw new QuiverException(
                    ErrorCode.ARGUMENT_INVALID,
                    "chunkRows(%d): a partition has at least one row".formatted(rows),
                    List.of(),
                    "give a positive number, such as chunkRows(100_000)");
        }
        return withSizes(options.lineMax(), rows, options.chunkBytes(), options.chunkMemory());
    }

    @Override
    public FrameReader chunkBytes(String size) {
        return withSizes(options.lineMax(), options.chunkRows(), size, options.chunkMemory());
    }

    @Override
    public FrameReader chunkMemory(String size) {
        return withSizes(options.lineMax(), options.chunkRows(), options.chunkBytes(), size);
    }

    @Override
    public FrameReader sheet(String name) {
        if (name.isBlank()) throw noSheet("sheet(\"%s\")".formatted(name));
        return with(options.withSheet(new SheetOptions(name, 1, options.sheet().cells())));
    }

    @Override
    public FrameReader sheet(int number) {
        if (number < 1) throw noSheet("sheet(%d)".formatted(number));
        return with(options.withSheet(new SheetOptions("", number, options.sheet().cells())));
    }

    private static QuiverException noSheet(String said) {
        return new QuiverException(
                ErrorCode.ARGUMENT_INVALID,
                said + " names no sheet",
                List.of(),
                "name a sheet, as in sheet(\"Sales\"), or give its number, from 1: sheet(1)");
    }

    @Override
    public FrameReader cells(String range) {
        SheetOptions sheet = options.sheet();
        return with(options.withSheet(new SheetOptions(sheet.name(), sheet.number(), range)));
    }

    private static List<String> checked(String format, String... paths) {
        if (paths.length > 0) return List.of(paths);
        throw new QuiverException(
                ErrorCode.ARGUMENT_INVALID,
                "%s() without a path".formatted(format),
                List.of(),
                "name a file, a directory or a pattern, as in %s(\"data/*.%s\")"
                        .formatted(format, format.equals("excel") ? "xlsx" : format));
    }

    @Override
    public DataFrame csv(String... paths) {
        return Frames.frame(runner.files().csv(checked("csv", paths), options), runner);
    }

    @Override
    public DataFrame csv(Path path) {
        return csv(path.toString());
    }

    @Override
    public DataFrame json(String... paths) {
        return Frames.frame(runner.files().json(checked("json", paths), options), runner);
    }

    @Override
    public DataFrame json(Path path) {
        return json(path.toString());
    }

    @Override
    public DataFrame arrow(String... paths) {
        return Frames.frame(runner.files().arrow(checked("arrow", paths), options), runner);
    }

    @Override
    public DataFrame arrow(Path path) {
        return arrow(path.toString());
    }

    @Override
    public DataFrame excel(String... paths) {
        return Frames.frame(runner.files().excel(checked("excel", paths), options), runner);
    }

    @Override
    public DataFrame excel(Path path) {
        return excel(path.toString());
    }

    @Override
    public DataFrame xml(String rowElement, String... paths) {
        return Frames.frame(runner.files().xml(rowElement, checked("xml", paths), options), runner);
    }

    @Override
    public TableReader jdbc(String url) {
        return jdbc(url, "", "");
    }

    @Override
    public TableReader jdbc(String url, String user, String password) {
        var database = new Database(url, user, password);
        return new PlannedTableReader(runner, database, options.types(), "", 1);
    }

    @Override
    public DataFrame parquet(String... paths) {
        return Frames.frame(runner.files().parquet(checked("parquet", paths), options), runner);
    }

    @Override
    public DataFrame parquet(Path path) {
        return parquet(path.toString());
    }
}
