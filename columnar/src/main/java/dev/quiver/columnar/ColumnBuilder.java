package dev.quiver.columnar;

import dev.quiver.columnar.memory.Buffer;
import dev.quiver.columnar.memory.Layouts;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Schema;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Makes a column out of Java values, of the classes that `Values` lists; integers may come as any
/// `Number`.
///
/// For rows of Java objects and for tests: general, not fast. Values wait on the heap until
/// [#build] allocates. Not for concurrent use.
public final class ColumnBuilder {
    private final DataType type;
    private final MemoryAccount account;
    private final @Nullable Dictionary dictionary;
    private final List<@Nullable Object> values = new ArrayList<>();
    private final List<Buffer> allocated = new ArrayList<>();

    private ColumnBuilder(DataType type, MemoryAccount account, @Nullable Dictionary dictionary) {
        this.type = type;
        this.account = account;
        this.dictionary = dictionary;
    }

    /// A builder of any type that needs no dictionary; utf8 comes out plain.
    public static ColumnBuilder of(DataType type, MemoryAccount account) {
        if (type instanceof DataType.Categorical || type instanceof DataType.Enumeration)
            throw new IllegalArgumentException(type + " needs a dictionary");
        return new ColumnBuilder(type, account, null);
    }

    /// A builder of dictionary-encoded text: utf8, categorical or an enumeration.
    public static ColumnBuilder encoded(
            DataType type, MemoryAccount account, Dictionary dictionary) {
        if (!DataType.isText(type)) throw new IllegalArgumentException(type + " is not text");
        return new ColumnBuilder(type, account, dictionary);
    }

    /// A plain column of these values. The caller owns it.
    public static Column column(
            DataType type, MemoryAccount account, List<? extends @Nullable Object> values) {
        return of(type, account).appendAll(values).build();
    }

    /// A dictionary-encoded column of these texts. The caller owns it.
    public static DictionaryColumn encodedColumn(
            DataType type,
            MemoryAccount account,
            Dictionary dictionary,
            List<? extends @Nullable Object> values) {
        return (DictionaryColumn) encoded(type, account, dictionary).appendAll(values).build();
    }

    /// A chunk of plain columns out of rows, each with a value a field. The caller owns it.
    public static Chunk chunk(
            Schema schema,
            MemoryAccount account,
            List<? extends List<? extends @Nullable Object>> rows) {
        var columns = new ArrayList<Column>();
        try {
            for (int i = 0; i < schema.size(); i++) {
                var builder = of(schema.field(i).type(), account);
                for (var row : rows) builder.append(row.get(i));
                columns.add(builder.build());
            }
        } catch (RuntimeException | Error e) {
            columns.forEach(Column::close);
            throw e;
        }
        return new Chunk(schema, columns, rows.size());
    }

    public ColumnBuilder append(@Nullable Object value) {
        values.add(value);
        return this;
    }

    public ColumnBuilder appendAll(List<? extends @Nullable Object> more) {
        values.addAll(more);
        return this;
    }

    public int rows() {
        return values.size();
    }

    /// The column; the builder is empty afterwards. The caller owns it. When memory is refused,
    /// nothing is held.
    public Column build() {
        try {
            Column column = buildColumn();
            values.clear();
            return column;
        } catch (RuntimeException | Error e) {
            allocated.forEach(Buffer::close);
            throw e;
        } finally {
            allocated.clear();
        }
    }

    /// A buffer that goes back when the column isn't made.
    private Buffer allocate(long bytes) {
        Buffer buffer = account.allocateZeroed(bytes);
        allocated.add(buffer);
        return buffer;
    }

    private Column buildColumn() {
        Buffer validity = validity();
        return switch (type) {
            case DataType.Bool _ -> bools(validity);
            case DataType.Utf8 _ ->
                    dictionary == null ? variable(validity) : coded(dictionary, validity);
            case DataType.Binary _ -> variable(validity);
            case DataType.Categorical _, DataType.Enumeration _ ->
                    coded(java.util.Objects.requireNonNull(dictionary), validity);
            case DataType.ListOf list -> lists(list, validity);
            case DataType.Struct struct -> structs(struct, validity);
            case DataType.Int _,
                    DataType.FloatingPoint _,
                    DataType.Decimal _,
                    DataType.Date _,
                    DataType.Timestamp _,
                    DataType.Time _,
                    DataType.Duration _ ->
                    fixed(validity);
        };
    }

    private @Nullable Buffer validity() {
        if (!values.contains(null)) return null;
        Buffer bits = allocate(Validity.bytes(values.size()));
        for (int row = 0; row < values.size(); row++)
            if (values.get(row) != null) Validity.set(bits.segment(), row, true);
        return bits;
    }

    private Column fixed(@Nullable Buffer validity) {
        int width = FixedColumn.width(type);
        Buffer buffer = allocate((long) values.size() * width);
        for (int row = 0; row < values.size(); row++) {
            Object value = values.get(row);
            if (value != null) FixedValues.set(type, buffer.segment(), row, value);
        }
        return new FixedColumn(type, values.size(), buffer, validity);
    }

    private Column bools(@Nullable Buffer validity) {
        Buffer bits = allocate(Validity.bytes(values.size()));
        for (int row = 0; row < values.size(); row++)
            if (values.get(row) instanceof Boolean value && value)
                Validity.set(bits.segment(), row, true);
        return new BoolColumn(values.size(), bits, validity);
    }

    private Column variable(@Nullable Buffer validity) {
        Buffer offsets = allocate((values.size() + 1) * 4L);
        var texts = new ArrayList<byte[]>();
        int end = 0;
        for (int row = 0; row < values.size(); row++) {
            byte[] text = utf8(values.get(row));
            texts.add(text);
            end = Math.addExact(end, text.length);
            offsets.segment().set(Layouts.INT, (row + 1) * 4L, end);
        }
        Buffer bytes = allocate(end + (long) VariableColumn.PADDING_BYTES);
        long at = 0;
        for (byte[] text : texts) {
            MemorySegment.copy(text, 0, bytes.segment(), Layouts.BYTE, at, text.length);
            at += text.length;
        }
        return new VariableColumn(type, values.size(), offsets, bytes, validity);
    }

    private static byte[] utf8(@Nullable Object value) {
        return switch (value) {
            case null -> new byte[0];
            case byte[] bytes -> bytes;
            case String text -> text.getBytes(StandardCharsets.UTF_8);
            default -> throw new IllegalArgumentException(value + " is neither text nor bytes");
        };
    }

    private Column coded(Dictionary codes, @Nullable Buffer validity) {
        Buffer buffer = allocate(values.size() * 4L);
        for (int row = 0; row < values.size(); row++)
            if (values.get(row) instanceof String text)
                buffer.segment().set(Layouts.INT, row * 4L, codes.add(text));
        return new DictionaryColumn(type, values.size(), buffer, codes, codes.pin(), validity);
    }

    private Column lists(DataType.ListOf list, @Nullable Buffer validity) {
        Buffer offsets = allocate((values.size() + 1) * 4L);
        var elements = new ColumnBuilder(list.element().type(), account, dictionary);
        for (int row = 0; row < values.size(); row++) {
            if (values.get(row) instanceof List<?> items) elements.appendAll(items);
            offsets.segment().set(Layouts.INT, (row + 1) * 4L, elements.rows());
        }
        return new ListColumn(list, values.size(), offsets, elements.build(), validity);
    }

    private Column structs(DataType.Struct struct, @Nullable Buffer validity) {
        var fields = new ArrayList<Column>();
        for (int i = 0; i < struct.fields().size(); i++) {
            var builder = new ColumnBuilder(struct.fields().get(i).type(), account, dictionary);
            for (Object value : values)
                builder.append(value instanceof List<?> items ? items.get(i) : null);
            try {
                fields.add(builder.build());
            } catch (RuntimeException | Error e) {
                fields.forEach(Column::close);
                throw e;
            }
        }
        return new StructColumn(struct, values.size(), fields, validity);
    }
}
