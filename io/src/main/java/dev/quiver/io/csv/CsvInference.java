package dev.quiver.io.csv;

import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.columnar.memory.MemoryPool;
import dev.quiver.columnar.memory.Owner;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.io.DeclaredTypes;
import dev.quiver.io.csv.kernel.FieldIndex;
import dev.quiver.io.csv.kernel.FieldKind;
import dev.quiver.io.csv.kernel.Fields;
import dev.quiver.io.store.Stores;
import dev.quiver.operator.CsvFormat;
import dev.quiver.operator.CsvText;
import dev.quiver.operator.FileRange;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Field;
import dev.quiver.schema.Schema;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Finds the columns of CSV files: names out of the header (`c1`, `c2` … without one), types out of
/// the values.
///
/// A column's type is the first of these that all its values have: bool, int64, float64 (also whole
/// numbers among others), date, timestamp (also dates among others), timestamp in UTC (values with
/// `Z` or an offset), else utf8. Numbers with leading zeros, whole numbers beyond int64 and columns
/// without values are utf8. Timestamps count microseconds, or nanoseconds where values have them.
/// Nothing is inferred to be decimal, categorical or a narrow integer: those are declared.
///
/// Files up to [#WHOLE_BYTES_MAX] are read whole; of larger ones, the begin and samples all over
/// the file. A compressed file is read from its begin up to so many bytes of text.
public final class CsvInference {
    /// The largest file that is read whole.
    public static final long WHOLE_BYTES_MAX = 64L << 20;

    private static final long HEAD_BYTES = 4L << 20;
    private static final int SAMPLE_BYTES = 128 << 10;
    private static final int SAMPLES = 64;
    private static final int MARKED_SHOWN_MAX = 3;
    private static final long POOL_BYTES = 4L << 30;

    /// What was found.
    ///
    /// @param hints sentences for the user: what may have been meant otherwise
    public record Inferred(Schema schema, List<String> hints) {
        public Inferred {
            hints = List.copyOf(hints);
        }
    }

    private final CsvFormat format;
    private final MemoryAccount account;

    private CsvInference(CsvFormat format, MemoryAccount account) {
        this.format = format;
        this.account = account;
    }

    /// The columns of files that all have the same header.
    ///
    /// @param files at least one, in the order they are read; with many, the first that has rows
    ///   and the last are looked at for types, and all for their header
    /// @param declared types of columns by name, which aren't inferred
    /// @throws QuiverException FILE_NOT_FOUND; FILE_CORRUPT for a file without a byte; BAD_ROW for
    ///   headers that differ, and where all rows are ragged; COLUMN_DUPLICATE; COLUMN_NOT_FOUND for
    ///   a declared type of a column that isn't there
    public static Inferred infer(
            List<Path> files, CsvFormat format, Map<String, DataType> declared) {
        if (files.isEmpty()) throw new IllegalArgumentException("no files");
        try (var pool = new MemoryPool(POOL_BYTES);
                MemoryAccount account = pool.account(new Owner("plan", "CsvInference", -1))) {
            return new CsvInference(format, account).infer(files, declared);
        }
    }

    private Inferred infer(List<Path> files, Map<String, DataType> declared) {
        List<String> names = List.of();
        List<ColumnKinds> kinds = List.of();
        long bytesLeft = WHOLE_BYTES_MAX;
        for (Path path : files) {
            FileRange file = ByteSource.whole(path);
            if (file.size() == 0 && files.size() > 1) continue;
            FoundHeader header = header(file);
            List<String> found = header.names();
            if (names.isEmpty()) {
                names = found;
                kinds = names.stream().map(n -> new ColumnKinds(declared.containsKey(n))).toList();
            } else if (!names.equals(found)) {
                throw new CsvTrouble(file, format, account)
                        .headerDiffers(header.position(), names, found);
            }
            if (bytesLeft <= 0) continue;
            look(file, names, kinds);
            bytesLeft -= Math.min(file.size(), WHOLE_BYTES_MAX);
        }
        if (names.isEmpty()) throw empty(files.getFirst());
        DeclaredTypes.check(declared, names, files.getFirst());
        var fields = new ArrayList<Field>();
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            DataType type = declared.get(name);
            fields.add(Field.of(name, type != null ? type : kinds.get(i).type()));
        }
        return new Inferred(new Schema(fields), hints(fields, declared, kinds, files.getFirst()));
    }

    private List<String> hints(
            List<Field> fields,
            Map<String, DataType> declared,
            List<ColumnKinds> kinds,
            Path file) {
        List<String> names = fields.stream().map(Field::name).toList();
        var hints =
                new ArrayList<>(CsvHeader.hint(names, file.toString(), format).stream().toList());
        Map<String, List<String>> marked = new LinkedHashMap<>();
        for (int i = 0; i < fields.size(); i++) {
            String name = names.get(i);
            if (!declared.containsKey(name))
                kinds.get(i)
                        .mark()
                        .ifPresent(mark ->
                                marked.computeIfAbsent(mark, _ -> new ArrayList<>()).add(name));
            boolean text = fields.get(i).type().equals(DataType.UTF8);
            if (text && !declared.containsKey(name))
                kinds.get(i).dates.hint(name, file.toString()).ifPresent(hints::add);
        }
        marked.forEach((mark, columns) -> hints.add(markHint(mark, columns, file)));
        return hints;
    }

    private static String markHint(String mark, List<String> columns, Path file) {
        int more = columns.size() - MARKED_SHOWN_MAX;
        List<String> shown = columns.stream().limit(MARKED_SHOWN_MAX).toList();
        return "of %s, %s%s would not be text without '%s': where it means a missing value, say"
                        .formatted(
                                file,
                                String.join(", ", shown),
                                more > 0 ? " and %d more columns".formatted(more) : "",
                                mark)
                + " .nulls(\"%1$s\"), or --nulls %1$s on the command line".formatted(mark);
    }

    private static QuiverException empty(Path file) {
        return new QuiverException(
                ErrorCode.FILE_CORRUPT,
                "'%s' is empty, it has not even a header".formatted(file),
                List.of(),
                "declare the columns with .schema(…), or check what wrote the file");
    }

    private QuiverException noHeader(Path file) {
        if (format.text().equals(CsvText.PLAIN)) return empty(file);
        return new QuiverException(
                ErrorCode.FILE_CORRUPT,
                "'%s' has no header behind its comments and skipped lines".formatted(file),
                List.of("skipped: %d lines".formatted(format.text().skipLines())),
                "check .skipLines(…) and .comment(…), or what wrote the file");
    }

    private record FoundHeader(List<String> names, long position) {}

    /// The names that a file's columns have.
    private FoundHeader header(FileRange file) {
        if (file.size() == 0) throw empty(Stores.path(file.path()));
        try (var rows = new RowIndexer(file, format, account)) {
            rows.skipPreamble();
            String line = rows.takeHeader();
            if (line == null) throw noHeader(Stores.path(file.path()));
            List<String> names = CsvHeader.names(line, format);
            if (!format.header()) {
                var numbered = new ArrayList<String>();
                for (int i = 0; i < names.size(); i++) numbered.add(CsvHeader.name(i));
                return new FoundHeader(numbered, rows.headerPosition());
            }
            CsvHeader.checkDistinct(names, rows.trouble().place(rows.headerPosition()));
            return new FoundHeader(names, rows.headerPosition());
        }
    }

    private void look(FileRange file, List<String> names, List<ColumnKinds> kinds) {
        boolean stream =
                !format.text().isUtf8() || ByteSource.isCompressed(Stores.path(file.path()));
        boolean whole = file.size() <= WHOLE_BYTES_MAX;
        long to = whole || stream ? file.size() : HEAD_BYTES;
        FileRange head = part(file, 0, to);
        // Rows that break the format are the scan's to judge, unless there are no others.
        if (rowsOf(head, names, kinds, true) == 0) rowsOf(head, names, kinds, false);
        if (whole || stream) return;
        long between = (file.size() - HEAD_BYTES) / SAMPLES;
        for (int i = 1; i <= SAMPLES; i++) {
            long from = HEAD_BYTES + between * i - SAMPLE_BYTES;
            sample(part(file, from, from + SAMPLE_BYTES), names, kinds);
        }
    }

    /// Looks at the rows of a range from a file's begin.
    ///
    /// @param lenient whether rows that break the format are passed over
    /// @return how many rows there were
    private long rowsOf(
            FileRange head, List<String> names, List<ColumnKinds> kinds, boolean lenient) {
        long count = 0;
        try (var rows = new RowIndexer(head, format, account)) {
            if (lenient) rows.diversion().drop();
            rows.skipPreamble();
            if (format.header()) rows.takeHeader();
            rows.setColumns(names);
            while (rows.next(Integer.MAX_VALUE)) {
                addRows(rows, kinds);
                addDates(rows, kinds);
                count += rows.index().rows;
                if (rows.window().position(rows.window().start()) > WHOLE_BYTES_MAX) break;
            }
        }
        return count;
    }

    /// Looks at rows in the middle of a file. Where a line begins is guessed (the first line feed
    /// ends one), which may be wrong inside quotes: then rows don't have the right number of
    /// fields, and the sample is left.
    private void sample(FileRange part, List<String> names, List<ColumnKinds> kinds) {
        try (var rows = new RowIndexer(part, format, account)) {
            rows.skipLine();
            rows.setColumns(names);
            var found = kinds.stream().map(ColumnKinds::copy).toList();
            while (rows.next(Integer.MAX_VALUE)) addRows(rows, found);
            for (int i = 0; i < kinds.size(); i++) kinds.get(i).set(found.get(i));
        } catch (QuiverException e) {
            if (e.code() != ErrorCode.BAD_ROW && e.code() != ErrorCode.BAD_VALUE) throw e;
        }
    }

    private static FileRange part(FileRange file, long from, long to) {
        return new FileRange(
                file.path(), from, Math.min(to, file.size()), file.size(), file.modifiedNanos());
    }

    private void addRows(RowIndexer rows, List<ColumnKinds> kinds) {
        FieldIndex index = rows.index();
        var nulls = new NullTokens(format.nulls());
        boolean commas = format.text().decimalComma();
        for (int i = 0; i < kinds.size(); i++)
            kinds.get(i).add(new Fields(rows.window().data(), index, i, 0), nulls, commas);
    }

    private void addDates(RowIndexer rows, List<ColumnKinds> kinds) {
        var nulls = new NullTokens(format.nulls());
        for (int i = 0; i < kinds.size(); i++)
            kinds.get(i).dates.add(new Fields(rows.window().data(), rows.index(), i, 0), nulls);
    }

    /// The kinds of values that a column has shown.
    private static final class ColumnKinds {
        private final DateForms dates = new DateForms();
        private OnlyText onlyText = new OnlyText();
        private int bits;

        /// @param declared then nothing needs to be known
        ColumnKinds(boolean declared) {
            if (!declared) return;
            bits = FieldKind.TEXT.bit();
            onlyText = OnlyText.unwanted();
        }

        ColumnKinds copy() {
            var copy = new ColumnKinds(false);
            copy.set(this);
            return copy;
        }

        void set(ColumnKinds other) {
            bits = other.bits;
            onlyText = other.onlyText.copy();
        }

        /// The text that alone keeps the column from being of another type.
        Optional<String> mark() {
            boolean others = !FieldKind.typeOf(bits & ~FieldKind.TEXT.bit()).equals(DataType.UTF8);
            return others ? onlyText.text() : Optional.empty();
        }

        void add(Fields fields, NullTokens nulls, boolean commas) {
            for (int row = 0; row < fields.rows(); row++) {
                if ((bits & FieldKind.TEXT.bit()) != 0 && !onlyText.isOpen()) return;
                int quoteBytes = fields.isQuoted(row) ? 1 : 0;
                int start = fields.start(row) + quoteBytes;
                int end = fields.end(row) - quoteBytes;
                if (start == end || nulls.match(fields.data(), start, end)) continue;
                FieldKind kind = FieldKind.of(fields.data(), start, end);
                if (commas) kind = withComma(kind, fields.data(), start, end);
                if (kind == FieldKind.TEXT) onlyText.add(fields.data(), start, end);
                bits |= kind.bit();
            }
        }

        /// The kind of a text where numbers have commas, given what it is where they have points.
        private static FieldKind withComma(FieldKind kind, MemorySegment data, int start, int end) {
            if (kind != FieldKind.TEXT && kind != FieldKind.FLOAT64) return kind;
            DecimalComma.swap(data, start, end);
            FieldKind swapped = FieldKind.of(data, start, end);
            DecimalComma.swap(data, start, end);
            return swapped == FieldKind.FLOAT64 ? swapped : FieldKind.TEXT;
        }

        DataType type() {
            return FieldKind.typeOf(bits);
        }
    }
}
