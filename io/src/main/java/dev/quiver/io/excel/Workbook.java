package dev.quiver.io.excel;

import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.NearestName;
import dev.quiver.error.QuiverException;
import dev.quiver.io.csv.ByteSource;
import dev.quiver.io.store.Stores;
import dev.quiver.operator.FileFormat;
import dev.quiver.operator.FileRange;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/// An open workbook: a zip of parts that name each other. Source: ECMA-376, parts 1 and 2.
final class Workbook implements AutoCloseable {
    private static final int SHEETS_MAX = 1 << 16;

    private record Sheet(String name, String part) {}

    private record Target(String type, String part) {}

    private final FileRange file;

    /// Where the zip is: the file, or a copy of a remote one, which goes at the end.
    private final Path local;

    private final ZipFile zip;
    private final int textBytesMax;
    private final Map<String, ZipEntry> entries = new HashMap<>();
    private final List<Sheet> sheets = new ArrayList<>();
    private String strings = "";
    private String styles = "";
    private boolean from1904;

    /// @throws QuiverException FILE_NOT_FOUND, FILE_CHANGED; FILE_CORRUPT and UNSUPPORTED for what
    ///   isn't a workbook
    Workbook(FileRange file, int textBytesMax) {
        this.file = file;
        this.textBytesMax = textBytesMax;
        ByteSource.checkUnchanged(file);
        this.local = local(file);
        try {
            ForeignFiles.refuse(file, local);
            this.zip = open(file, local);
        } catch (RuntimeException | Error e) {
            removeCopy();
            throw e;
        }
        try {
            zip.stream().forEach(entry -> entries.putIfAbsent(key(entry.getName()), entry));
            read();
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    private static Path local(FileRange file) {
        Path path = Stores.path(file.path());
        if (!Stores.isRemote(path)) return path;
        Path copy = null;
        try (var in = Channels.newInputStream(FileChannel.open(path, StandardOpenOption.READ))) {
            copy = Files.createTempFile("quiver-workbook-", ".xlsx");
            Files.copy(in, copy, StandardCopyOption.REPLACE_EXISTING);
            return copy;
        } catch (IOException e) {
            remove(copy);
            throw ByteSource.failed(file.path(), e);
        } catch (RuntimeException | Error e) {
            remove(copy);
            throw e;
        }
    }

    private void removeCopy() {
        if (Stores.isRemote(Stores.path(file.path()))) remove(local);
    }

    private static void remove(@Nullable Path copy) {
        try {
            if (copy != null) Files.deleteIfExists(copy);
        } catch (IOException e) {
            throw ByteSource.failed(copy.toString(), e);
        }
    }

    private static ZipFile open(FileRange file, Path local) {
        try {
            return new ZipFile(local.toFile());
        } catch (ZipException e) {
            throw new QuiverException(
                    ErrorCode.FILE_CORRUPT,
                    "'%s' is a damaged zip, so it isn't a workbook: %s"
                            .formatted(file.path(), e.getMessage()),
                    List.of(),
                    "copy it again: it may have been cut off on the way",
                    e);
        } catch (IOException e) {
            throw ByteSource.failed(file.path(), e);
        }
    }

    private static String key(String name) {
        String plain = name.replace('\\', '/').toLowerCase(Locale.ROOT);
        return plain.startsWith("/") ? plain.substring(1) : plain;
    }

    private void read() {
        String book = "";
        for (Target target : targets("").values())
            if (target.type().equals("officeDocument")) book = target.part();
        if (!entries.containsKey(key(book)) || !isWorkbook(book))
            throw ForeignFiles.noWorkbook(file, zip);
        Map<String, Target> targets = targets(book);
        for (Target target : targets.values()) {
            if (target.type().equals("sharedStrings")) strings = target.part();
            if (target.type().equals("styles")) styles = target.part();
        }
        try (Part part = part(book)) {
            while (part.nextElement()) {
                if (part.is("workbookPr"))
                    from1904 = List.of("1", "true").contains(part.attribute("date1904"));
                if (!part.is("sheet")) continue;
                Target target = targets.get(part.relationship());
                if (target == null || !target.type().equals("worksheet")) continue;
                sheets.add(new Sheet(part.attribute("name"), target.part()));
                if (sheets.size() > SHEETS_MAX) throw part.damaged("it has too many sheets");
            }
        }
    }

    private boolean isWorkbook(String book) {
        try (Part part = part(book)) {
            return part.nextElement() && part.is("workbook");
        }
    }

    /// What a part names, by id; the whole workbook's for an empty name.
    private Map<String, Target> targets(String from) {
        int slash = from.lastIndexOf('/') + 1;
        String folder = from.substring(0, slash);
        String path = folder + "_rels/" + from.substring(slash) + ".rels";
        var targets = new HashMap<String, Target>();
        if (!entries.containsKey(key(path))) return targets;
        try (Part part = part(path)) {
            while (part.nextElement()) {
                if (!part.is("Relationship") || part.attribute("TargetMode").equals("External"))
                    continue;
                String type = part.attribute("Type");
                targets.put(
                        part.attribute("Id"),
                        new Target(
                                type.substring(type.lastIndexOf('/') + 1),
                                resolved(folder, part.attribute("Target"))));
            }
        }
        return targets;
    }

    static String resolved(String folder, String target) {
        if (target.startsWith("/")) return target.substring(1);
        var steps = new ArrayDeque<String>();
        for (String step : (folder + target).split("/", -1)) {
            if (step.equals("..")) steps.pollLast();
            else if (!step.isEmpty() && !step.equals(".")) steps.addLast(step);
        }
        return String.join("/", steps);
    }

    private Part part(String name) {
        @Nullable ZipEntry entry = entries.get(key(name));
        if (entry == null)
            throw new QuiverException(
                    ErrorCode.FILE_CORRUPT,
                    "the workbook is damaged: it names the part '%s' and has none".formatted(name),
                    List.of("file: " + file.path()),
                    "open it in a spreadsheet program and save it again, or copy it again");
        return new Part(zip, entry, file.path(), textBytesMax);
    }

    /// What the numbers' formats make of numbers.
    CellFormats formats() {
        if (!entries.containsKey(key(styles)) || styles.isEmpty()) return CellFormats.NONE;
        try (Part part = part(styles)) {
            return CellFormats.read(part);
        }
    }

    /// The texts of all sheets; the caller owns them.
    SharedStrings strings(MemoryAccount account) {
        if (strings.isEmpty()) return new SharedStrings(account);
        try (Part part = part(strings)) {
            return SharedStrings.read(part, account);
        }
    }

    Serial serial() {
        return new Serial(from1904);
    }

    /// Opens the sheet that a format names; the caller owns it.
    ///
    /// @throws QuiverException ARGUMENT_INVALID when there is no such sheet
    SheetRows rows(FileFormat.Excel format) {
        Sheet sheet = sheet(format);
        return new SheetRows(part(sheet.part()), CellRange.parse(format.cells()));
    }

    /// The name of the sheet that a format names.
    String sheetName(FileFormat.Excel format) {
        return sheet(format).name();
    }

    private Sheet sheet(FileFormat.Excel format) {
        List<String> names = sheets.stream().map(Sheet::name).toList();
        if (format.sheet().isEmpty()) {
            if (format.sheetNumber() <= sheets.size()) return sheets.get(format.sheetNumber() - 1);
            throw noSheet("no sheet number %d".formatted(format.sheetNumber()), names, "");
        }
        for (Sheet sheet : sheets) if (sheet.name().equals(format.sheet())) return sheet;
        for (Sheet sheet : sheets) if (sheet.name().equalsIgnoreCase(format.sheet())) return sheet;
        throw noSheet("no sheet '%s'".formatted(format.sheet()), names, format.sheet());
    }

    private QuiverException noSheet(String what, List<String> names, String wanted) {
        return new QuiverException(
                ErrorCode.ARGUMENT_INVALID,
                "%s in '%s'".formatted(what, file.path()),
                List.of(
                        "has: "
                                + (names.isEmpty()
                                        ? "no sheet of cells"
                                        : String.join(", ", names))),
                NearestName.of(wanted, names)
                        .map("did you mean '%s'?"::formatted)
                        .orElse("name one of its sheets, or its number, from 1: sheet(1)"));
    }

    @Override
    public void close() {
        try {
            zip.close();
        } catch (IOException e) {
            throw ByteSource.failed(file.path(), e);
        } finally {
            removeCopy();
        }
    }
}
