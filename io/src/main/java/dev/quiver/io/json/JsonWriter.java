package dev.quiver.io.json;

import dev.quiver.columnar.BoolColumn;
import dev.quiver.columnar.Chunk;
import dev.quiver.columnar.Column;
import dev.quiver.columnar.ColumnValues;
import dev.quiver.columnar.DictionaryColumn;
import dev.quiver.columnar.FixedColumn;
import dev.quiver.columnar.ListColumn;
import dev.quiver.columnar.StructColumn;
import dev.quiver.columnar.VariableColumn;
import dev.quiver.columnar.memory.Layouts;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.io.ChunkWriter;
import dev.quiver.io.FileWritten;
import dev.quiver.io.TextOutput;
import dev.quiver.io.csv.NumberText;
import dev.quiver.io.store.Compression;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Field;
import dev.quiver.schema.Schema;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;

/// Writes chunks as JSON, one object a line, that [JsonReader] reads back as it was.
///
/// Numbers read back exactly, decimals have all digits of their scale, NaN and the infinities are
/// texts. Dates and times are texts in ISO 8601 (with `Z` where a zone is), binary is base64. Null
/// is `null`, so that each line has all keys.
public final class JsonWriter implements ChunkWriter {
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final int ASCII_CONTROLS = 0x20;

    private final List<byte[]> keys = new ArrayList<>();
    private final MemoryAccount account;
    private final TextOutput output;
    private long rows;
    private boolean closed;

    /// Puts the value of a row that isn't null.
    private interface Cell {
        void put(int row);
    }

    /// Creates `file`, the temporary name of one that is published later.
    ///
    /// @param codec `none`, `gzip` or `zstd`
    /// @param account pays for a block of text
    /// @throws QuiverException IO_FAILED
    public static JsonWriter open(Path file, Schema schema, String codec, MemoryAccount account) {
        Compression compression = Compression.written("JSON", codec);
        account.reserve(TextOutput.BYTES);
        try {
            return new JsonWriter(schema, account, new TextOutput(file, compression));
        } catch (RuntimeException | Error e) {
            account.release(TextOutput.BYTES);
            throw e;
        }
    }

    private JsonWriter(Schema schema, MemoryAccount account, TextOutput output) {
        this.account = account;
        this.output = output;
        for (Field field : schema.fields()) keys.add(key(field.name()));
    }

    /// A key and its colon, as they are written.
    private static byte[] key(String name) {
        var text = new StringBuilder("\"");
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c == '"' || c == '\\') text.append('\\').append(c);
            else if (c < ASCII_CONTROLS) text.append("\\u%04x".formatted((int) c));
            else text.append(c);
        }
        return text.append("\":").toString().getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void append(Chunk chunk) {
        var cells = new Cell[keys.size()];
        for (int i = 0; i < cells.length; i++) cells[i] = nullable(chunk.column(i));
        for (int row = 0; row < chunk.rows(); row++) {
            output.put((byte) '{');
            for (int i = 0; i < cells.length; i++) {
                if (i > 0) output.put((byte) ',');
                put(keys.get(i));
                cells[i].put(row);
            }
            output.put((byte) '}');
            output.put((byte) '\n');
        }
        rows += chunk.rows();
    }

    private Cell nullable(Column column) {
        Cell cell = cell(column);
        if (column.nullCount() == 0) return cell;
        return row -> {
            if (column.isNull(row)) putPlain("null");
            else cell.put(row);
        };
    }

    private Cell cell(Column column) {
        return switch (column) {
            case BoolColumn bools -> row -> putPlain(bools.get(row) ? "true" : "false");
            case VariableColumn bytes when bytes.type() instanceof DataType.Binary ->
                    row -> putQuoted(Base64.getEncoder().encode(bytes.get(row)));
            case VariableColumn texts -> {
                MemorySegment data = texts.data();
                yield row -> putText(data, texts.start(row), texts.length(row));
            }
            case DictionaryColumn coded -> {
                MemorySegment data = coded.values().data();
                yield row -> {
                    int code = coded.code(row);
                    int start = coded.values().start(code);
                    putText(data, start, coded.values().end(code) - start);
                };
            }
            case FixedColumn fixed -> fixedCell(fixed);
            case ListColumn list -> {
                Cell element = nullable(list.elements());
                yield row -> putList(element, list.start(row), list.end(row));
            }
            case StructColumn struct -> structCell(struct);
        };
    }

    private void putList(Cell element, int from, int to) {
        output.put((byte) '[');
        for (int i = from; i < to; i++) {
            if (i > from) output.put((byte) ',');
            element.put(i);
        }
        output.put((byte) ']');
    }

    private Cell structCell(StructColumn struct) {
        var names = new ArrayList<byte[]>();
        var cells = new ArrayList<Cell>();
        for (int i = 0; i < struct.fields().size(); i++) {
            names.add(key(struct.type().fields().get(i).name()));
            cells.add(nullable(struct.fields().get(i)));
        }
        return row -> {
            output.put((byte) '{');
            for (int i = 0; i < cells.size(); i++) {
                if (i > 0) output.put((byte) ',');
                put(names.get(i));
                cells.get(i).put(row);
            }
            output.put((byte) '}');
        };
    }

    private Cell fixedCell(FixedColumn column) {
        MemorySegment values = column.values();
        return switch (column.type()) {
            case DataType.Int(var bits, var signed) when signed && bits == 64 ->
                    row -> putLong(values.get(Layouts.LONG, row * 8L));
            case DataType.Int(var bits, var signed) when signed && bits == 32 ->
                    row -> putLong(values.get(Layouts.INT, row * 4L));
            case DataType.FloatingPoint(var bits) when bits == 64 ->
                    row -> putDouble(values.get(Layouts.DOUBLE, row * 8L));
            case DataType.FloatingPoint(var bits) when bits == 32 ->
                    row -> putFloat(values.get(Layouts.FLOAT, row * 4L));
            case DataType.FloatingPoint _ ->
                    row -> putFloat(Float.float16ToFloat(values.get(Layouts.SHORT, row * 2L)));
            case DataType.Date _ ->
                    row -> {
                        byte[] to = quote();
                        int days = values.get(Layouts.INT, row * 4L);
                        unquote(NumberText.putDate(to, output.position(), days));
                    };
            case DataType.Timestamp(var unit, var zone) -> {
                boolean zoned = zone.isPresent();
                yield row -> {
                    byte[] to = quote();
                    long units = values.get(Layouts.LONG, row * 8L);
                    int at = output.position();
                    int end = NumberText.putTimestamp(to, at, units, unit.perSecond());
                    if (zoned) to[end++] = 'Z';
                    unquote(end);
                };
            }
            case DataType.Time(var unit) ->
                    row -> {
                        byte[] to = quote();
                        long units = values.get(Layouts.LONG, row * 8L);
                        long each = unit.perSecond();
                        int at = output.position();
                        unquote(NumberText.putTime(to, at, units / each, units % each, each));
                    };
            case DataType.Duration _ -> row -> putQuoted(ascii(value(column, row).toString()));
            case DataType.Decimal _ ->
                    row -> putPlain(((java.math.BigDecimal) value(column, row)).toPlainString());
            default -> row -> putPlain(value(column, row).toString());
        };
    }

    private static Object value(Column column, int row) {
        return Objects.requireNonNull(ColumnValues.get(column, row));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /// Puts a quote, and makes room for a value behind it.
    private byte[] quote() {
        output.room();
        output.put((byte) '"');
        return output.room();
    }

    private void unquote(int end) {
        output.advance(end);
        output.put((byte) '"');
    }

    private void putDouble(double value) {
        boolean finite = Double.isFinite(value);
        byte[] to = finite ? output.room() : quote();
        int end = NumberText.putDouble(to, output.position(), value);
        if (finite) output.advance(end);
        else unquote(end);
    }

    private void putFloat(float value) {
        boolean finite = Float.isFinite(value);
        byte[] to = finite ? output.room() : quote();
        int end = NumberText.putFloat(to, output.position(), value);
        if (finite) output.advance(end);
        else unquote(end);
    }

    private void putLong(long value) {
        byte[] to = output.room();
        output.advance(NumberText.putLong(to, output.position(), value));
    }

    private void putPlain(String text) {
        byte[] to = output.room();
        output.advance(NumberText.put(to, output.position(), text));
    }

    private void putQuoted(byte[] plain) {
        output.put((byte) '"');
        put(plain);
        output.put((byte) '"');
    }

    private void put(byte[] bytes) {
        output.put(MemorySegment.ofArray(bytes), 0, bytes.length);
    }

    private void putText(MemorySegment data, long from, int length) {
        output.put((byte) '"');
        long to = from + length;
        long start = from;
        for (long at = from; at < to; at++) {
            byte c = data.get(Layouts.BYTE, at);
            if (c != '"' && c != '\\' && (c < 0 || c >= ASCII_CONTROLS)) continue;
            output.put(data, start, (int) (at - start));
            putEscaped(c);
            start = at + 1;
        }
        output.put(data, start, (int) (to - start));
        output.put((byte) '"');
    }

    private void putEscaped(byte c) {
        output.put((byte) '\\');
        switch (c) {
            case '"', '\\' -> output.put(c);
            case '\n' -> output.put((byte) 'n');
            case '\r' -> output.put((byte) 'r');
            case '\t' -> output.put((byte) 't');
            case '\b' -> output.put((byte) 'b');
            case '\f' -> output.put((byte) 'f');
            default -> {
                putPlain("u00");
                output.put(HEX[c >> 4]);
                output.put(HEX[c & 15]);
            }
        }
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
