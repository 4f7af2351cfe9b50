package dev.quiver.io.excel;

import dev.quiver.columnar.Chunk;
import dev.quiver.columnar.ColumnValues;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.columnar.memory.MemoryPool;
import dev.quiver.columnar.memory.Owner;
import dev.quiver.io.DictionarySet;
import dev.quiver.io.UnreadableRows;
import dev.quiver.io.csv.ByteSource;
import dev.quiver.operator.FileFormat;
import dev.quiver.operator.Source;
import dev.quiver.schema.Schema;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;

/// Workbooks of tests: files that other programs made, and small ones made of their XML.
final class Workbooks {
    static final MemoryPool POOL = new MemoryPool(64L << 20);
    static final FileFormat.Excel FIRST = sheet("");

    private static final Path FILES = Path.of("src/test/resources/excel");

    private Workbooks() {}

    static FileFormat.Excel sheet(String name) {
        return cells(name, "");
    }

    static FileFormat.Excel cells(String sheet, String cells) {
        return new FileFormat.Excel(
                sheet, 1, cells, true, List.of(), true, FileFormat.TEXT_BYTES_MAX);
    }

    static FileFormat.Excel withoutHeader(String sheet) {
        return new FileFormat.Excel(
                sheet, 1, "", false, List.of(), true, FileFormat.TEXT_BYTES_MAX);
    }

    static FileFormat.Excel nulls(String... nulls) {
        return new FileFormat.Excel(
                "", 1, "", true, List.of(nulls), true, FileFormat.TEXT_BYTES_MAX);
    }

    static FileFormat.Excel declared(boolean header) {
        return new FileFormat.Excel("", 1, "", header, List.of(), false, FileFormat.TEXT_BYTES_MAX);
    }

    static Path file(String name) {
        Path here = FILES.resolve(name);
        return Files.exists(here) ? here : Path.of("io").resolve(here);
    }

    static Schema infer(FileFormat.Excel format, Path file) {
        return ExcelInference.infer(List.of(file), format, Map.of()).schema();
    }

    static List<List<@Nullable Object>> read(FileFormat.Excel format, Path file) {
        Schema schema = infer(format, file);
        return read(format, file, schema, schema);
    }

    static List<List<@Nullable Object>> read(
            FileFormat.Excel format, Path file, Schema all, Schema wanted) {
        return read(format, file, all, wanted, Optional.empty());
    }

    static List<List<@Nullable Object>> read(
            FileFormat.Excel format,
            Path file,
            Schema all,
            Schema wanted,
            Optional<UnreadableRows> unreadable) {
        var scan = new Source.ScanFiles(format, all, wanted, List.of(ByteSource.whole(file)));
        var rows = new ArrayList<List<@Nullable Object>>();
        try (MemoryAccount account = POOL.account(new Owner("test", "scan", 0));
                var dictionaries = new DictionarySet(account);
                var reader = ExcelReader.open(scan, format, 0, account, dictionaries)) {
            reader.watch(unreadable);
            for (Chunk next = reader.next(); next != null; next = reader.next()) {
                try (Chunk chunk = next) {
                    for (int row = 0; row < chunk.rows(); row++) {
                        var values = new ArrayList<@Nullable Object>();
                        for (var column : chunk.columns())
                            values.add(ColumnValues.get(column, row));
                        rows.add(values);
                    }
                }
            }
        }
        return rows;
    }

    /// A workbook of one sheet.
    ///
    /// @param rows XML: `row` elements
    static Path of(Path file, String rows) throws IOException {
        return of(file, rows, "");
    }

    /// @param strings XML: `si` elements
    static Path of(Path file, String rows, String strings) throws IOException {
        String office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
        try (var zip = new ZipOutputStream(Files.newOutputStream(file))) {
            add(
                    zip,
                    "_rels/.rels",
                    "<Relationships><Relationship Id='a' Type='%s/officeDocument' Target='/b/book.xml'/></Relationships>"
                            .formatted(office));
            add(
                    zip,
                    "b/book.xml",
                    "<workbook xmlns:r='%s'><sheets><sheet name='One' r:id='x'/></sheets></workbook>"
                            .formatted(office));
            add(
                    zip,
                    "b/_rels/book.xml.rels",
                    "<Relationships><Relationship Id='x' Type='%s/worksheet' Target='../s/one.xml'/><Relationship Id='y' Type='%s/sharedStrings' Target='texts.xml'/></Relationships>"
                            .formatted(office, office));
            add(zip, "b/texts.xml", "<sst>" + strings + "</sst>");
            add(zip, "s/one.xml", "<worksheet><sheetData>" + rows + "</sheetData></worksheet>");
        }
        return file;
    }

    private static void add(ZipOutputStream zip, String name, String text) throws IOException {
        zip.putNextEntry(new ZipEntry(name));
        zip.write(text.getBytes(StandardCharsets.UTF_8));
        zip.closeEntry();
    }
}
