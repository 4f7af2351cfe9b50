package dev.quiver.io.csv;

import dev.quiver.columnar.BoolColumn;
import dev.quiver.columnar.Chunk;
import dev.quiver.columnar.Column;
import dev.quiver.columnar.ColumnValues;
import dev.quiver.columnar.Dictionary;
import dev.quiver.columnar.DictionaryColumn;
import dev.quiver.columnar.DictionaryValues;
import dev.quiver.columnar.FixedColumn;
import dev.quiver.columnar.ListColumn;
import dev.quiver.columnar.StructColumn;
import dev.quiver.columnar.VariableColumn;
import dev.quiver.columnar.memory.Buffer;
import dev.quiver.columnar.memory.Layouts;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.io.ChunkWriter;
import dev.quiver.io.FileWritten;
import dev.quiver.io.TextOutput;
import dev.quiver.io.store.Compression;
import dev.quiver.operator.CsvFormat;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Field;
import dev.quiver.schema.Schema;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.BitSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;

/// Writes chunks as one CSV file, plain or compressed, that [CsvReader] reads back as it was: RFC
/// 4180 with LF, quotes only where they are needed.
///
/// With an escape sign, texts that hold one are quoted too, so that readers which take it as one
/// outside quotes read the same.
///
/// Null is the empty field, or the format's first text for null, and the empty text `""`. Numbers
/// read back exactly (`1.0`, `0.1`, `NaN`), dates and times are ISO 8601 (`2013-01-31`,
/// `2013-01-31T10:00:00.25`, with `Z` where a zone is), decimals have all digits of their scale,
/// and binary is base64.
public final class CsvWriter implements ChunkWriter {
    private final Schema schema;
    private final byte delimiter;
    private final byte quote;
    private final byte escape;
    private final NullTokens nulls;
    private final MemorySegment nullText;
    private final MemoryAccount account;
    private final TextOutput output;

    /// The codes of texts that need no quotes, as far as they came.
    private final IdentityHashMap<Dictionary, BitSet> plainTexts = new IdentityHashMap<>();

    private long rows;
    private boolean closed;

    /// Puts the value of a row.
    private interface Cell {
        void put(int row);
    }

    /// Creates `file`, the temporary name of one that is published later, and writes the header.
    ///
    /// @param codec `none`, `gzip` or `zstd`
    /// @param account pays for a block of text
    /// @throws QuiverException UNSUPPORTED for a column of a type that CSV can't hold; IO_FAILED
    public static CsvWriter open(
            Path file, Schema schema, CsvFormat format, String codec, MemoryAccount account) {
        CsvDialect.check(format);
        for (Field field : schema.fields()) checkType(field);
        Compression compression = Compression.written("CSV", codec);
        account.reserve(TextOutput.BYTES);
        CsvWriter writer;
        try {
            writer = new CsvWriter(schema, format, account, new TextOutput(file, compression));
        } catch (RuntimeException | Error e) {
            account.release(TextOutput.BYTES);
            throw e;
        }
        try {
            if (format.header()) writer.putHeader();
            return writer;
        } catch (RuntimeException | Error e) {
            writer.close();
            throw e;
        }
    }

    private CsvWriter(Schema schema, CsvFormat format, MemoryAccount account, TextOutput output) {
        this.schema = schema;
        this.delimiter = (byte) format.delimiter();
        this.quote = (byte) format.quote();
        this.escape = (byte) format.escape();
        this.nulls = new NullTokens(format.nulls());
        this.nullText = MemorySegment.ofArray(nullText(format).getBytes(StandardCharsets.UTF_8));
        this.account = account;
        this.output = output;
    }

    private static String nullText(CsvFormat format) {
        String text = format.nulls().isEmpty() ? "" : format.nulls().getFirst();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == format.delimiter() || c == format.quote() || c == '\n' || c == '\r')
                throw new QuiverException(
                        ErrorCode.ARGUMENT_INVALID,
                        "null can't be written as '%s'".formatted(text),
                        List.of("it would need quotes, and in quotes it is a text"),
                        "choose a text without delimiters, quotes and line ends");
        }
        return text;
    }

    private static void checkType(Field field) {
        if (field.type() instanceof DataType.ListOf || field.type() instanceof DataType.Struct)
            throw CsvTrouble.unsupported(field);
    }

    private void putHeader() {
        for (int i = 0; i < schema.size(); i++) {
            if (i > 0) output.put(delimiter);
            byte[] name = schema.field(i).name().getBytes(StandardCharsets.UTF_8);
            try (Buffer buffer = account.allocate(name.length)) {
                MemorySegment.copy(
                        name, 0, buffer.segment(), ValueLayout.JAVA_BYTE, 0, name.length);
                putText(buffer.segment(), 0, name.length);
            }
        }
        output.put((byte) '\n');
    }

    @Override
    public void append(Chunk chunk) {
        Column[] columns = chunk.columns().toArray(Column[]::new);
        var cells = new Cell[columns.length];
        for (int i = 0; i < columns.length; i++) cells[i] = cell(columns[i]);
        for (int row = 0; row < chunk.rows(); row++) {
            for (int i = 0; i < cells.length; i++) {
                if (i > 0) output.put(delimiter);
                if (columns[i].nullCount() == 0 || !columns[i].isNull(row)) cells[i].put(row);
                else output.put(nullText, 0, (int) nullText.byteSize());
            }
            output.put((byte) '\n');
        }
        rows += chunk.rows();
    }

    private Cell cell(Column column) {
        return switch (column) {
            case BoolColumn bools -> row -> putPlain(bools.get(row) ? "true" : "false");
            case VariableColumn bytes when bytes.type() instanceof DataType.Binary ->
                    row -> putBase64(bytes.get(row));
            case VariableColumn texts -> {
                MemorySegment data = texts.data();
                yield row -> putText(data, texts.start(row), texts.length(row));
            }
            case DictionaryColumn coded -> {
                DictionaryValues values = coded.values();
                MemorySegment data = values.data();
                BitSet plain = plainTexts.computeIfAbsent(coded.dictionary(), _ -> new BitSet());
                yield row -> {
                    int code = coded.code(row);
                    int start = values.start(code);
                    int length = values.end(code) - start;
                    if (plain.get(code)) {
                        output.put(data, start, length);
                        return;
                    }
                    if (!needsQuotes(data, start, length)) plain.set(code);
                    putText(data, start, length);
                };
            }
            case FixedColumn fixed -> fixedCell(fixed);
            case ListColumn _, StructColumn _ ->
                    throw new IllegalArgumentException(column.type().toString());
        };
    }

    private Cell fixedCell(FixedColumn column) {
        MemorySegment values = column.values();
        DataType type = column.type();
        if (type.equals(DataType.INT64)) return row -> putLong(values.get(Layouts.LONG, row * 8L));
        if (type.equals(DataType.INT32)) return row -> putLong(values.get(Layouts.INT, row * 4L));
        if (type.equals(DataType.FLOAT64))
            return row -> {
                byte[] to = output.room();
                double value = values.get(Layouts.DOUBLE, row * 8L);
                output.advance(NumberText.putDouble(to, output.position(), value));
            };
        if (type.equals(DataType.FLOAT32))
            return row -> {
                byte[] to = output.room();
                float value = values.get(Layouts.FLOAT, row * 4L);
                output.advance(NumberText.putFloat(to, output.position(), value));
            };
        if (type instanceof DataType.Decimal(_, var scale) && column.width() == 8)
            return row -> {
                byte[] to = output.room();
                long value = values.get(Layouts.LONG, row * 8L);
                output.advance(NumberText.putDecimal(to, output.position(), value, scale));
            };
        if (type instanceof DataType.Date)
            return row -> {
                byte[] to = output.room();
                int days = values.get(Layouts.INT, row * 4L);
                output.advance(NumberText.putDate(to, output.position(), days));
            };
        if (type instanceof DataType.Timestamp timestamp) return timestampCell(values, timestamp);
        if (type instanceof DataType.Time(var unit)) return timeCell(values, unit.perSecond());
        return row -> putPlain(plain(Objects.requireNonNull(ColumnValues.get(column, row))));
    }

    private Cell timestampCell(MemorySegment values, DataType.Timestamp type) {
        long perSecond = type.unit().perSecond();
        boolean zoned = type.zone().isPresent();
        return row -> {
            byte[] to = output.room();
            long units = values.get(Layouts.LONG, row * 8L);
            int end = NumberText.putTimestamp(to, output.position(), units, perSecond);
            if (zoned) to[end++] = 'Z';
            output.advance(end);
        };
    }

    private Cell timeCell(MemorySegment values, long perSecond) {
        return row -> {
            byte[] to = output.room();
            long units = values.get(Layouts.LONG, row * 8L);
            output.advance(
                    NumberText.putTime(
                            to,
                            output.position(),
                            units / perSecond,
                            units % perSecond,
                            perSecond));
        };
    }

    private static String plain(Object value) {
        return value instanceof java.math.BigDecimal decimal
                ? decimal.toPlainString()
                : value.toString();
    }

    private void putBase64(byte[] bytes) {
        MemorySegment text = MemorySegment.ofArray(Base64.getEncoder().encode(bytes));
        if (bytes.length == 0) output.putQuoted(text, 0, 0, quote, escape);
        else output.put(text, 0, Math.toIntExact(text.byteSize()));
    }

    private void putLong(long value) {
        byte[] to = output.room();
        output.advance(NumberText.putLong(to, output.position(), value));
    }

    private void putPlain(String ascii) {
        byte[] to = output.room();
        output.advance(NumberText.put(to, output.position(), ascii));
    }

    private void putText(MemorySegment data, long from, int length) {
        if (needsQuotes(data, from, length)) output.putQuoted(data, from, length, quote, escape);
        else output.put(data, from, length);
    }

    private boolean needsQuotes(MemorySegment data, long from, int length) {
        if (length == 0) return true;
        for (long at = from; at < from + length; at++) {
            byte value = data.get(Layouts.BYTE, at);
            boolean isSign = value == delimiter || value == quote || value == escape;
            if (isSign || value == '\n' || value == '\r') return true;
        }
        return !nulls.isEmpty()
                && nulls.match(data, Math.toIntExact(from), Math.toIntExact(from + length));
    }

    @Override
    public FileWritten finish() {
        return new FileWritten(rows, output.finish());
    }

    @Override
    public void close() {
        if (closed) return;
        closed = true;
        account.release(TextOutput.BYTES);
        output.close();
    }
}
