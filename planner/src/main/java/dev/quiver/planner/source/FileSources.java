package dev.quiver.planner.source;

import dev.quiver.columnar.memory.ByteSize;
import dev.quiver.dataframe.plan.CsvInput;
import dev.quiver.dataframe.plan.FilesInput;
import dev.quiver.dataframe.plan.InputFile;
import dev.quiver.dataframe.plan.LogicalPlan;
import dev.quiver.dataframe.plan.Origin;
import dev.quiver.dataframe.plan.ParquetInput;
import dev.quiver.dataframe.plan.ReadOptions;
import dev.quiver.dataframe.plan.SheetOptions;
import dev.quiver.dataframe.plan.SourceFiles;
import dev.quiver.dataframe.plan.TableRead;
import dev.quiver.error.ColumnNotFound;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.io.arrow.ArrowFile;
import dev.quiver.io.csv.CsvDialect;
import dev.quiver.io.csv.CsvInference;
import dev.quiver.io.excel.ExcelInference;
import dev.quiver.io.json.JsonInference;
import dev.quiver.io.json.JsonParsing;
import dev.quiver.io.store.Compression;
import dev.quiver.io.xml.XmlInference;
import dev.quiver.operator.CsvFormat;
import dev.quiver.operator.FileFormat;
import dev.quiver.planner.Widths;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Field;
import dev.quiver.schema.Schema;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// Files of this machine.
public final class FileSources implements SourceFiles {
    private static final List<String> CSV_SUFFIXES = compressedToo(".csv", ".tsv", ".txt");
    private static final List<String> JSON_SUFFIXES = compressedToo(".jsonl", ".ndjson", ".json");
    private static final List<String> ARROW_SUFFIXES =
            List.of(".arrow", ".arrows", ".feather", ".ipc");
    private static final List<String> EXCEL_SUFFIXES = List.of(".xlsx", ".xlsm");
    private static final List<String> XML_SUFFIXES = compressedToo(".xml");
    private static final List<String> PARQUET_SUFFIXES = List.of(".parquet", ".parq", ".pq");

    private static List<String> compressedToo(String... suffixes) {
        return Stream.of(suffixes)
                .flatMap(text ->
                        Stream.of(Compression.values()).map(packed -> text + packed.suffix()))
                .toList();
    }

    private final Path base;
    private final Consumer<String> hints;

    /// @param base where relative paths start
    /// @param hints hears sentences for the user: what may have been meant otherwise
    public FileSources(Path base, Consumer<String> hints) {
        this.base = base;
        this.hints = hints;
    }

    @Override
    public LogicalPlan.ScanCsv csv(List<String> paths, ReadOptions options) {
        List<Path> found = new FileListing("CSV", CSV_SUFFIXES, base, false).list(paths);
        CsvFormat format = format(options);
        CsvDialect.check(format);
        Schema schema = options.schema().map(s -> declared(s, options)).orElse(Schema.of());
        if (options.schema().isEmpty()) {
            CsvInference.Inferred inferred = CsvInference.infer(found, format, options.types());
            inferred.hints().forEach(hints);
            schema = inferred.schema();
        }
        boolean whole = format.text().isWhole();
        List<InputFile> files =
                found.stream().map(CsvSample::of).map(f -> whole ? f.whole() : f).toList();
        long bytes = partitionBytes(options, files, schema);
        var input = new CsvInput(label(paths), files, format, schema, bytes);
        return new LogicalPlan.ScanCsv(input, schema, Origin.here());
    }

    @Override
    public LogicalPlan.ScanFiles json(List<String> paths, ReadOptions options) {
        if (!options.format().equals(CsvFormat.DEFAULT)) throw csvOptions("JSON");
        List<Path> found = new FileListing("JSON", JSON_SUFFIXES, base, false).list(paths);
        int textBytesMax = lineBytesMax(options);
        boolean lines = true;
        for (Path file : found) lines &= JsonParsing.hasLines(file, textBytesMax);
        var format = new FileFormat.Json(lines, false, textBytesMax);
        Schema schema = options.schema().map(s -> declared(s, options)).orElse(Schema.of());
        if (options.schema().isEmpty()) {
            JsonInference.Inferred inferred = JsonInference.infer(found, format, options.types());
            schema = inferred.schema();
            format = new FileFormat.Json(lines, !inferred.whole(), textBytesMax);
        }
        boolean splittable = lines;
        List<InputFile> files =
                found.stream().map(CsvSample::of).map(f -> splittable ? f : f.whole()).toList();
        long bytes = partitionBytes(options, files, schema);
        return new LogicalPlan.ScanFiles(
                new FilesInput(label(paths), files, format, schema, bytes), schema, Origin.here());
    }

    @Override
    public LogicalPlan.ScanFiles xml(String rowElement, List<String> paths, ReadOptions options) {
        if (!options.format().equals(CsvFormat.DEFAULT)) throw csvOptions("XML");
        List<Path> found = new FileListing("XML", XML_SUFFIXES, base, false).list(paths);
        int textBytesMax = lineBytesMax(options);
        var format = new FileFormat.Xml(rowElement, false, textBytesMax);
        Schema schema = options.schema().map(s -> declared(s, options)).orElse(Schema.of());
        if (options.schema().isEmpty()) {
            XmlInference.Inferred inferred = XmlInference.infer(found, format, options.types());
            schema = inferred.schema();
            format = new FileFormat.Xml(rowElement, !inferred.whole(), textBytesMax);
        }
        List<InputFile> files = found.stream().map(CsvSample::of).map(InputFile::whole).toList();
        long bytes = partitionBytes(options, files, schema);
        return new LogicalPlan.ScanFiles(
                new FilesInput(label(paths), files, format, schema, bytes), schema, Origin.here());
    }

    @Override
    public LogicalPlan.ScanFiles excel(List<String> paths, ReadOptions options) {
        CsvFormat said = options.format();
        if (said.delimiter() != CsvFormat.DEFAULT.delimiter()) throw csvOptions("Excel");
        List<Path> found = new FileListing("Excel", EXCEL_SUFFIXES, base, false).list(paths);
        SheetOptions sheet = options.sheet();
        var format =
                new FileFormat.Excel(
                        sheet.name(),
                        sheet.number(),
                        sheet.cells(),
                        said.header(),
                        said.nulls(),
                        options.schema().isEmpty(),
                        lineBytesMax(options));
        Schema schema = options.schema().map(s -> declared(s, options)).orElse(Schema.of());
        long rows = 0;
        if (options.schema().isEmpty()) {
            ExcelInference.Inferred inferred = ExcelInference.infer(found, format, options.types());
            schema = inferred.schema();
            rows = inferred.rows() / found.size();
        }
        var files = new ArrayList<InputFile>();
        for (Path path : found) {
            InputFile file = CsvSample.of(path);
            long estimate = rows == 0 ? file.size() / ExcelInference.ROW_BYTES : rows;
            files.add(
                    new InputFile(file.path(), file.size(), file.modifiedNanos(), false, estimate));
        }
        long bytes = partitionBytes(options, files, schema);
        return new LogicalPlan.ScanFiles(
                new FilesInput(label(paths), files, format, schema, bytes), schema, Origin.here());
    }

    @Override
    public LogicalPlan.ScanFiles arrow(List<String> paths, ReadOptions options) {
        refuseTextOptions("Arrow", options);
        List<Path> found = new FileListing("Arrow", ARROW_SUFFIXES, base, false).list(paths);
        var files = new ArrayList<InputFile>();
        Schema schema = Schema.of();
        for (Path path : found) {
            try (ArrowFile file = ArrowFile.open(path)) {
                if (files.isEmpty()) schema = file.schema();
                else if (!file.schema().equals(schema))
                    throw columnsDiffer(found.getFirst(), path, schema, file.schema());
                InputFile bytes = CsvSample.of(path);
                files.add(
                        new InputFile(
                                bytes.path(),
                                bytes.size(),
                                bytes.modifiedNanos(),
                                true,
                                file.rows()));
            }
        }
        long bytes = partitionBytes(options, files, schema);
        return new LogicalPlan.ScanFiles(
                new FilesInput(label(paths), files, new FileFormat.Arrow(), schema, bytes),
                schema,
                Origin.here());
    }

    private static QuiverException columnsDiffer(
            Path first, Path other, Schema columns, Schema others) {
        return new QuiverException(
                ErrorCode.FILE_CORRUPT,
                "the columns of '%s' differ from those of '%s'"
                        .formatted(other.getFileName(), first.getFileName()),
                List.of("first: " + columns.fields(), "other: " + others.fields()),
                "read them apart, and union them after a select");
    }

    private static void refuseTextOptions(String format, ReadOptions options) {
        if (!options.format().equals(CsvFormat.DEFAULT)) throw csvOptions(format);
        if (options.schema().isEmpty() && options.types().isEmpty() && options.lineMax().isEmpty())
            return;
        throw new QuiverException(
                ErrorCode.ARGUMENT_INVALID,
                "types are declared on a read of %s files, which say them themselves"
                        .formatted(format),
                List.of("options: schema, type, lineMax"),
                "leave them out; change types with withColumn(\"…\", col(\"…\").cast(…))");
    }

    private static QuiverException csvOptions(String format) {
        return new QuiverException(
                ErrorCode.ARGUMENT_INVALID,
                "options of CSV files on a read of %s files".formatted(format),
                List.of("options: delimiter, quote, header, nulls, comment, encoding, skipLines"),
                "leave them out");
    }

    @Override
    public LogicalPlan.ScanParquet parquet(List<String> paths, ReadOptions options) {
        refuseCsvOptions(options);
        List<Path> found = new FileListing("Parquet", PARQUET_SUFFIXES, base, true).list(paths);
        ParquetFooters footers = ParquetFooters.read(found, options.types());
        footers.hint().ifPresent(hints);
        List<InputFile> files =
                footers.files().stream().map(ParquetInput.ParquetFile::file).toList();
        long bytes = partitionBytes(options, files, footers.schema());
        var input =
                new ParquetInput(
                        label(paths),
                        footers.files(),
                        footers.schema(),
                        bytes,
                        options.verifyChecksums());
        return new LogicalPlan.ScanParquet(
                input, footers.schema(), Optional.empty(), Origin.here());
    }

    @Override
    public LogicalPlan.ScanTable table(TableRead read) {
        return TableSources.scan(read);
    }

    private static void refuseCsvOptions(ReadOptions options) {
        boolean csv =
                options.schema().isPresent()
                        || !options.lineMax().isEmpty()
                        || !options.format().equals(CsvFormat.DEFAULT);
        if (!csv) return;
        throw new QuiverException(
                ErrorCode.ARGUMENT_INVALID,
                "options of CSV files on a read of Parquet files, which say all that themselves",
                List.of(
                        "options: schema, delimiter, quote, header, nulls, comment, encoding,"
                                + " lineMax"),
                "leave them out; change types with withColumn(\"…\", col(\"…\").cast(…))");
    }

    private static CsvFormat format(ReadOptions options) {
        return options.format().withLineBytesMax(lineBytesMax(options));
    }

    private static int lineBytesMax(ReadOptions options) {
        if (options.lineMax().isEmpty()) return options.format().lineBytesMax();
        long bytes = ByteSize.parse(options.lineMax());
        if (bytes < 1 || bytes > 1 << 30) {
            throw new QuiverException(
                    ErrorCode.ARGUMENT_INVALID,
                    "lineMax(\"%s\")".formatted(options.lineMax()),
                    List.of(),
                    "give a size from 1 byte to 1 GB");
        }
        return (int) bytes;
    }

    /// The declared columns, those with a type of their own changed.
    private static Schema declared(Schema schema, ReadOptions options) {
        Schema changed = schema;
        for (Map.Entry<String, DataType> entry : options.types().entrySet()) {
            String name = entry.getKey();
            if (!schema.has(name)) {
                throw new ColumnNotFound(name, "the declared schema", schema.names());
            }
            changed = changed.with(Field.of(name, entry.getValue()));
        }
        return changed;
    }

    /// About how many bytes of its files a partition reads, so that it keeps to all sizes that were
    /// said; 0 when none was.
    private static long partitionBytes(ReadOptions options, List<InputFile> files, Schema schema) {
        double bytes = Double.MAX_VALUE;
        double size = 0;
        double rows = 0;
        for (InputFile file : files) {
            size += file.size();
            rows += file.rows();
        }
        double bytesPerRow = rows == 0 ? 1 : size / rows;
        if (options.chunkRows() > 0) bytes = options.chunkRows() * bytesPerRow;
        if (!options.chunkBytes().isEmpty()) {
            bytes =
                    Math.min(
                            bytes, (double) ByteSize.positive("a partition", options.chunkBytes()));
        }
        if (!options.chunkMemory().isEmpty()) {
            double rowsThatFit =
                    ByteSize.positive("a partition", options.chunkMemory()) / Widths.ofRow(schema);
            bytes = Math.min(bytes, rowsThatFit * bytesPerRow);
        }
        return bytes == Double.MAX_VALUE ? 0 : Math.max(1, (long) bytes);
    }

    /// What people call the files: a file by its name, a pattern or directory as it was written.
    private static String label(List<String> paths) {
        String first = paths.getFirst();
        int slash = first.lastIndexOf('/');
        boolean isFile = slash + 1 < first.length() && first.indexOf('*') < 0;
        String label = isFile ? first.substring(slash + 1) : first;
        return paths.size() == 1 ? label : "%s and %d more".formatted(label, paths.size() - 1);
    }
}
