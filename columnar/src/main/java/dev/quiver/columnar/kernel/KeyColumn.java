package dev.quiver.columnar.kernel;

import dev.quiver.columnar.Column;
import dev.quiver.columnar.Dictionary;
import dev.quiver.columnar.DictionaryColumn;
import dev.quiver.columnar.DictionaryValues;
import dev.quiver.columnar.FixedColumn;
import dev.quiver.columnar.Hashing;
import dev.quiver.columnar.Validity;
import dev.quiver.columnar.VariableColumn;
import dev.quiver.columnar.memory.Buffer;
import dev.quiver.columnar.memory.Layouts;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.schema.DataType;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// One key of a table: turns values of any type into longs that are equal exactly where the values
/// are, and back.
///
/// Numbers are their own longs (floats: one NaN, one zero). Texts, byte strings and 128-bit
/// decimals become numbers `0, 1, 2 …`: the codes of the dictionary as long as all columns share
/// one, else the numbers of a table of values, which begins with that dictionary's values so that
/// numbers that were given stay.
final class KeyColumn implements AutoCloseable {
    private enum Kind {
        NUMBER,
        FLOAT,
        TEXT,
        WIDE
    }

    private final DataType type;
    private final Kind kind;
    private final MemoryAccount account;
    private @Nullable Dictionary shared;
    private @Nullable DictionaryValues sharedValues;
    private @Nullable TextTable texts;

    /// Whether other values than those of the shared dictionary were read.
    private boolean mixed;

    private final IdentityHashMap<Dictionary, int[]> mappings = new IdentityHashMap<>();
    private @Nullable Dictionary outputDictionary;
    private int @Nullable [] outputCodes;

    KeyColumn(DataType type, MemoryAccount account) {
        this.type = type;
        this.account = account;
        this.kind = kind(type);
    }

    private static Kind kind(DataType type) {
        if (Longs.fits(type)) return Longs.isFloat(type) ? Kind.FLOAT : Kind.NUMBER;
        if (DataType.isText(type) || type instanceof DataType.Binary) return Kind.TEXT;
        if (type instanceof DataType.Decimal) return Kind.WIDE;
        throw new QuiverException(
                ErrorCode.UNSUPPORTED,
                "a key of type %s".formatted(type),
                List.of(),
                "group, join and compare by columns of simple types");
    }

    DataType type() {
        return type;
    }

    /// Whether the longs are numbers from 0 below [#bound] rather than values.
    boolean isNumbered() {
        return kind == Kind.TEXT || kind == Kind.WIDE;
    }

    /// How many numbers were given, where [#isNumbered].
    int bound() {
        if (texts != null) return texts.size();
        return sharedValues == null ? 0 : sharedValues.size();
    }

    /// The longs of all rows of `column`; new values get numbers. Null rows are undefined, but
    /// below [#bound] where numbered.
    void read(Column column, long[] to) {
        int rows = column.rows();
        switch (column) {
            case DictionaryColumn coded -> readCodes(coded, to);
            case VariableColumn plain -> {
                mixed = true;
                readPlain(plain, table(), to);
            }
            case FixedColumn fixed when kind == Kind.WIDE -> {
                TextTable table = table();
                MemorySegment values = fixed.values();
                for (int i = 0; i < rows; i++) {
                    if (fixed.isNull(i)) to[i] = 0;
                    else to[i] = table.add(values, i * 16L, 16, Hashing.bytes(values, i * 16L, 16));
                }
            }
            default -> {
                Longs.read(column, 0, rows, to);
                if (kind == Kind.FLOAT) Longs.canonicalize(to, rows);
            }
        }
    }

    private void readCodes(DictionaryColumn column, long[] to) {
        if (texts == null && (shared == null || shared == column.dictionary())) {
            share(column);
            Longs.readInts(column.codes(), 0, column.rows(), to);
            return;
        }
        mixed = true;
        int[] mapping = insert(column, table());
        MemorySegment codes = column.codes();
        for (int i = 0; i < column.rows(); i++) {
            int code = codes.get(Layouts.INT, i * 4L);
            to[i] = code < mapping.length ? mapping[code] : 0;
        }
    }

    private void share(DictionaryColumn column) {
        shared = column.dictionary();
        if (sharedValues == null) {
            sharedValues = column.values().retain();
        } else if (column.values().size() > sharedValues.size()) {
            DictionaryValues shorter = sharedValues;
            sharedValues = column.values().retain();
            shorter.close();
        }
    }

    private int[] insert(DictionaryColumn column, TextTable table) {
        DictionaryValues values = column.values();
        int[] mapping = mappings.get(column.dictionary());
        int known = mapping == null ? 0 : mapping.length;
        if (mapping != null && known >= values.size()) return mapping;
        var longer = new int[values.size()];
        if (mapping != null) System.arraycopy(mapping, 0, longer, 0, known);
        for (int code = known; code < longer.length; code++) {
            int start = values.start(code);
            longer[code] =
                    table.add(values.data(), start, values.end(code) - start, values.hash(code));
        }
        mappings.put(column.dictionary(), longer);
        return longer;
    }

    private static void readPlain(VariableColumn column, TextTable table, long[] to) {
        MemorySegment data = column.data();
        for (int i = 0; i < column.rows(); i++) {
            if (column.isNull(i)) {
                to[i] = 0;
                continue;
            }
            int start = column.start(i);
            int length = column.end(i) - start;
            to[i] = table.add(data, start, length, Hashing.bytes(data, start, length));
        }
    }

    /// The table of values, made from the shared dictionary when it is first needed.
    private TextTable table() {
        if (texts != null) return texts;
        var made = new TextTable(account);
        texts = made;
        if (sharedValues != null) {
            for (int code = 0; code < sharedValues.size(); code++) {
                int start = sharedValues.start(code);
                int length = sharedValues.end(code) - start;
                made.add(sharedValues.data(), start, length, sharedValues.hash(code));
            }
        }
        return made;
    }

    /// The longs of all rows; −1 for numbered values that were never read. Safe from many threads
    /// once nobody reads any more.
    void find(Column column, long[] to) {
        int rows = column.rows();
        switch (column) {
            case DictionaryColumn coded -> findCodes(coded, to);
            case VariableColumn plain -> {
                TextTable table = index();
                MemorySegment data = plain.data();
                for (int i = 0; i < rows; i++) {
                    int start = plain.start(i);
                    int length = plain.end(i) - start;
                    to[i] =
                            plain.isNull(i)
                                    ? -1
                                    : table.find(
                                            data,
                                            start,
                                            length,
                                            Hashing.bytes(data, start, length));
                }
            }
            case FixedColumn fixed when kind == Kind.WIDE -> {
                TextTable table = index();
                MemorySegment values = fixed.values();
                for (int i = 0; i < rows; i++)
                    to[i] = table.find(values, i * 16L, 16, Hashing.bytes(values, i * 16L, 16));
            }
            default -> {
                Longs.read(column, 0, rows, to);
                if (kind == Kind.FLOAT) Longs.canonicalize(to, rows);
            }
        }
    }

    private void findCodes(DictionaryColumn column, long[] to) {
        MemorySegment codes = column.codes();
        if (isSharedBy(column)) {
            Longs.readInts(codes, 0, column.rows(), to);
            return;
        }
        int[] mapping = findAll(column);
        for (int i = 0; i < column.rows(); i++) {
            int code = codes.get(Layouts.INT, i * 4L);
            to[i] = code < mapping.length ? mapping[code] : -1;
        }
    }

    private synchronized boolean isSharedBy(DictionaryColumn column) {
        return !mixed && shared == column.dictionary();
    }

    private synchronized TextTable index() {
        return table();
    }

    private synchronized int[] findAll(DictionaryColumn column) {
        TextTable table = table();
        DictionaryValues values = column.values();
        int[] mapping = mappings.get(column.dictionary());
        int known = mapping == null ? 0 : mapping.length;
        if (mapping != null && known >= values.size()) return mapping;
        var longer = new int[values.size()];
        if (mapping != null) System.arraycopy(mapping, 0, longer, 0, known);
        for (int code = known; code < longer.length; code++) {
            int start = values.start(code);
            longer[code] =
                    table.find(values.data(), start, values.end(code) - start, values.hash(code));
        }
        mappings.put(column.dictionary(), longer);
        return longer;
    }

    /// As [#read], for one row that isn't null.
    void readOne(VariableColumn column, int row, long[] to) {
        mixed = true;
        int start = column.start(row);
        int length = column.end(row) - start;
        to[0] =
                table().add(
                                column.data(),
                                start,
                                length,
                                Hashing.bytes(column.data(), start, length));
    }

    /// Compares two numbered values, in the order of the type.
    int compare(int a, int b) {
        if (kind == Kind.WIDE) {
            TextTable table = table();
            return WideNumbers.compare(table.data(), table.start(a), table.data(), table.start(b));
        }
        if (type instanceof DataType.Enumeration(var categories))
            return Integer.compare(categories.indexOf(text(a)), categories.indexOf(text(b)));
        return Texts.compare(
                data(), start(a), end(a) - start(a), data(), start(b), end(b) - start(b));
    }

    /// Compares a row that isn't null with a numbered value, in the order of the type.
    int compare(VariableColumn column, int row, int b) {
        int start = column.start(row);
        return Texts.compare(
                column.data(), start, column.end(row) - start, data(), start(b), end(b) - start(b));
    }

    private String text(int id) {
        byte[] bytes = data().asSlice(start(id), end(id) - (long) start(id)).toArray(Layouts.BYTE);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private MemorySegment data() {
        if (texts != null) return texts.data();
        return Objects.requireNonNull(sharedValues).data();
    }

    private int start(int id) {
        if (texts != null) return texts.start(id);
        return Objects.requireNonNull(sharedValues).start(id);
    }

    private int end(int id) {
        if (texts != null) return texts.end(id);
        return Objects.requireNonNull(sharedValues).end(id);
    }

    /// The hash of the value that a long stands for, as [RowHash] makes it.
    long hash(long value) {
        if (!isNumbered()) return Hashing.number(value);
        if (texts != null) return texts.hash((int) value);
        return Objects.requireNonNull(sharedValues).hash((int) value);
    }

    /// The values that `longs[from … from + count)` stand for; the caller owns the column.
    ///
    /// @param validity taken over
    Column column(MemorySegment longs, int from, int count, @Nullable Buffer validity) {
        if (!isNumbered()) return Longs.column(type, longs, from, count, validity, account);
        if (kind == Kind.WIDE) return wide(longs, from, count, validity);
        if (texts == null && shared != null && sharedValues != null) {
            Buffer codes = account.allocate(count * 4L);
            MemorySegment to = codes.segment();
            for (int i = 0; i < count; i++)
                to.set(Layouts.INT, i * 4L, (int) longs.get(Layouts.LONG, (from + i) * 8L));
            if (validity != null)
                for (int i = 0; i < count; i++)
                    if (!Validity.isValid(validity, i)) to.set(Layouts.INT, i * 4L, 0);
            return new DictionaryColumn(
                    type, count, codes, shared, sharedValues.retain(), validity);
        }
        if (type instanceof DataType.Utf8 || type instanceof DataType.Binary)
            return plain(longs, from, count, validity);
        return coded(longs, from, count, validity);
    }

    private Column wide(MemorySegment longs, int from, int count, @Nullable Buffer validity) {
        Buffer values = account.allocateZeroed(count * 16L);
        TextTable table = table();
        for (int i = 0; i < count; i++) {
            if (!Validity.isValid(validity, i)) continue;
            int id = (int) longs.get(Layouts.LONG, (from + i) * 8L);
            MemorySegment.copy(table.data(), table.start(id), values.segment(), i * 16L, 16);
        }
        return new FixedColumn(type, count, values, validity);
    }

    private Column plain(MemorySegment longs, int from, int count, @Nullable Buffer validity) {
        TextTable table = table();
        Buffer offsets = account.allocate((count + 1) * 4L);
        long end = 0;
        for (int i = 0; i < count; i++) {
            offsets.segment().set(Layouts.INT, i * 4L, (int) end);
            if (Validity.isValid(validity, i))
                end += table.length((int) longs.get(Layouts.LONG, (from + i) * 8L));
        }
        if (end > Integer.MAX_VALUE - 64) throw Concat.tooMuchText(end);
        offsets.segment().set(Layouts.INT, count * 4L, (int) end);
        Buffer bytes = account.allocate(end + VariableColumn.PADDING_BYTES);
        long at = 0;
        for (int i = 0; i < count; i++) {
            if (!Validity.isValid(validity, i)) continue;
            int id = (int) longs.get(Layouts.LONG, (from + i) * 8L);
            MemorySegment.copy(
                    table.data(), table.start(id), bytes.segment(), at, table.length(id));
            at += table.length(id);
        }
        return new VariableColumn(type, count, offsets, bytes, validity);
    }

    /// Categories: all columns made share one new dictionary.
    private Column coded(MemorySegment longs, int from, int count, @Nullable Buffer validity) {
        TextTable table = table();
        Dictionary dictionary = outputDictionary;
        if (dictionary == null) {
            dictionary = new Dictionary(account);
            outputDictionary = dictionary;
        }
        int[] known = outputCodes;
        if (known == null || known.length < table.size()) {
            var more = new int[table.size()];
            int old = known == null ? 0 : known.length;
            if (known != null) System.arraycopy(known, 0, more, 0, old);
            for (int id = old; id < more.length; id++)
                more[id] =
                        dictionary.add(
                                table.data(), table.start(id), table.length(id), table.hash(id));
            known = more;
            outputCodes = more;
        }
        Buffer codes = account.allocateZeroed(count * 4L);
        for (int i = 0; i < count; i++) {
            if (!Validity.isValid(validity, i)) continue;
            int id = (int) longs.get(Layouts.LONG, (from + i) * 8L);
            codes.segment().set(Layouts.INT, i * 4L, known[id]);
        }
        return new DictionaryColumn(type, count, codes, dictionary, dictionary.pin(), validity);
    }

    @Override
    public void close() {
        if (sharedValues != null) sharedValues.close();
        if (texts != null) texts.close();
        if (outputDictionary != null) outputDictionary.close();
        sharedValues = null;
        texts = null;
        outputDictionary = null;
    }
}
