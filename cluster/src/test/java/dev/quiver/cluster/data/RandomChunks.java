package dev.quiver.cluster.data;

import dev.quiver.columnar.BoolColumn;
import dev.quiver.columnar.Chunk;
import dev.quiver.columnar.Column;
import dev.quiver.columnar.Dictionary;
import dev.quiver.columnar.DictionaryColumn;
import dev.quiver.columnar.FixedColumn;
import dev.quiver.columnar.ListColumn;
import dev.quiver.columnar.StructColumn;
import dev.quiver.columnar.Validity;
import dev.quiver.columnar.VariableColumn;
import dev.quiver.columnar.memory.Buffer;
import dev.quiver.columnar.memory.Layouts;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.schema.DataType;
import dev.quiver.schema.DataType.TimeUnit;
import dev.quiver.schema.Field;
import dev.quiver.schema.Schema;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/// Chunks of any type, with any bits.
final class RandomChunks implements AutoCloseable {
    private static final List<DataType> SIMPLE =
            List.of(
                    DataType.BOOL,
                    new DataType.Int(8, true),
                    new DataType.Int(16, false),
                    new DataType.Int(32, true),
                    new DataType.Int(64, false),
                    new DataType.FloatingPoint(16),
                    new DataType.FloatingPoint(32),
                    new DataType.FloatingPoint(64),
                    new DataType.Decimal(9, 2),
                    new DataType.Decimal(30, 5),
                    new DataType.Date(),
                    new DataType.Timestamp(TimeUnit.MICRO, Optional.of("UTC")),
                    new DataType.Timestamp(TimeUnit.NANO, Optional.empty()),
                    new DataType.Time(TimeUnit.MILLI),
                    new DataType.Duration(TimeUnit.SECOND),
                    DataType.UTF8,
                    DataType.UTF8,
                    new DataType.Binary(),
                    new DataType.Categorical(),
                    new DataType.Enumeration(List.of("low", "high", "unknown")));

    private final Random random;
    private final MemoryAccount account;
    private final List<Dictionary> dictionaries = new ArrayList<>();

    RandomChunks(Random random, MemoryAccount account) {
        this.random = random;
        this.account = account;
        for (int i = 0; i < 3; i++) dictionaries.add(new Dictionary(account));
    }

    Schema schema() {
        var fields = new ArrayList<Field>();
        int count = random.nextInt(6);
        for (int i = 0; i < count; i++) fields.add(Field.of("c" + i, type(2)));
        return new Schema(fields);
    }

    DataType type(int depth) {
        int kind = depth == 0 ? 0 : random.nextInt(10);
        if (kind == 8) return new DataType.ListOf(Field.of("element", type(depth - 1)));
        if (kind == 9) {
            var fields = new ArrayList<Field>();
            for (int i = 0; i < 1 + random.nextInt(3); i++)
                fields.add(Field.of("f" + i, type(depth - 1)));
            return new DataType.Struct(fields);
        }
        return SIMPLE.get(random.nextInt(SIMPLE.size()));
    }

    /// A chunk of so many rows, sometimes cut out of a larger one.
    Chunk chunk(Schema schema, int rows) {
        boolean cut = random.nextBoolean();
        int before = cut ? 64 * random.nextInt(4) : 0;
        int behind = cut ? random.nextInt(100) : 0;
        try (Chunk whole =
                new Chunk(
                        schema, columns(schema, before + rows + behind), before + rows + behind)) {
            return whole.slice(before, rows);
        }
    }

    private List<Column> columns(Schema schema, int rows) {
        return schema.fields().stream().map(f -> column(f.type(), rows)).toList();
    }

    private Buffer noise(long bytes) {
        Buffer buffer = account.allocate(Math.max(1, bytes));
        for (long i = 0; i + 8 <= buffer.capacityBytes(); i += 8)
            buffer.segment().set(Layouts.LONG, i, random.nextLong());
        return buffer;
    }

    private @Nullable Buffer validity(int rows) {
        return random.nextInt(3) == 0 ? noise(Validity.bytes(rows)) : null;
    }

    private Column column(DataType type, int rows) {
        Buffer validity = validity(rows);
        return switch (type) {
            case DataType.Bool _ -> new BoolColumn(rows, noise(Validity.bytes(rows)), validity);
            case DataType.Utf8 _ ->
                    random.nextBoolean()
                            ? coded(type, rows, validity)
                            : variable(type, rows, validity);
            case DataType.Binary _ -> variable(type, rows, validity);
            case DataType.Categorical _, DataType.Enumeration _ -> coded(type, rows, validity);
            case DataType.ListOf list -> {
                Buffer offsets = offsets(rows, 3);
                int elements = offsets.segment().get(Layouts.INT, rows * 4L);
                yield new ListColumn(
                        list, rows, offsets, column(list.element().type(), elements), validity);
            }
            case DataType.Struct struct ->
                    new StructColumn(
                            struct,
                            rows,
                            struct.fields().stream().map(f -> column(f.type(), rows)).toList(),
                            validity);
            default ->
                    new FixedColumn(
                            type, rows, noise((long) rows * FixedColumn.width(type)), validity);
        };
    }

    private Buffer offsets(int rows, int lengthMax) {
        Buffer offsets = account.allocate((rows + 1) * 4L);
        int end = 0;
        for (int i = 0; i <= rows; i++) {
            offsets.segment().set(Layouts.INT, i * 4L, end);
            end += random.nextInt(lengthMax + 1);
        }
        return offsets;
    }

    private Column variable(DataType type, int rows, @Nullable Buffer validity) {
        Buffer offsets = offsets(rows, 20);
        int bytes = offsets.segment().get(Layouts.INT, rows * 4L);
        return new VariableColumn(
                type, rows, offsets, noise(bytes + (long) VariableColumn.PADDING_BYTES), validity);
    }

    private Column coded(DataType type, int rows, @Nullable Buffer validity) {
        Dictionary dictionary = dictionaries.get(random.nextInt(dictionaries.size()));
        boolean allNull = random.nextInt(10) == 0;
        Buffer codes = account.allocateZeroed(Math.max(1, rows * 4L));
        Buffer valid =
                allNull ? account.allocateZeroed(Math.max(1, Validity.bytes(rows))) : validity;
        if (allNull && validity != null) validity.close();
        for (int i = 0; i < rows && !allNull; i++)
            if (valid == null || Validity.get(valid.segment(), i))
                codes.segment()
                        .set(Layouts.INT, i * 4L, dictionary.add("wörd " + random.nextInt(300)));
        return new DictionaryColumn(type, rows, codes, dictionary, dictionary.pin(), valid);
    }

    /// Requires that two columns have the same bits, also where they are null.
    static void requireSame(Column expected, Column actual) {
        int rows = expected.rows();
        require(expected.type().equals(actual.type()), "type");
        require(rows == actual.rows(), "rows");
        require(expected.nullCount() == actual.nullCount(), "nulls");
        require(expected.getClass() == actual.getClass(), "encoding");
        for (int i = 0; i < rows; i++) require(expected.isNull(i) == actual.isNull(i), "null " + i);
        switch (expected) {
            case FixedColumn e ->
                    requireSame(
                            e.values(), ((FixedColumn) actual).values(), (long) rows * e.width());
            case BoolColumn e -> {
                for (int i = 0; i < rows; i++)
                    require(e.get(i) == ((BoolColumn) actual).get(i), "bit");
            }
            case VariableColumn e -> {
                for (int i = 0; i < rows; i++)
                    require(
                            java.util.Arrays.equals(e.get(i), ((VariableColumn) actual).get(i)),
                            "value");
            }
            case DictionaryColumn e -> {
                var a = (DictionaryColumn) actual;
                for (int i = 0; i < rows; i++) {
                    if (e.isNull(i)) require(a.code(i) == 0, "0 for null");
                    else
                        require(
                                e.values().get(e.code(i)).equals(a.values().get(a.code(i))),
                                "word");
                }
            }
            case ListColumn e -> {
                var a = (ListColumn) actual;
                if (rows == 0) return;
                for (int i = 0; i < rows; i++)
                    require(e.end(i) - e.start(i) == a.end(i) - a.start(i), "length");
                int skipped = e.start(0) & 63;
                require(a.start(0) == skipped, "begin");
                int first = e.start(0) - skipped;
                try (Column part = e.elements().slice(first, e.end(rows - 1) - first)) {
                    requireSame(part, a.elements());
                }
            }
            case StructColumn e -> {
                for (int i = 0; i < e.fields().size(); i++)
                    requireSame(e.fields().get(i), ((StructColumn) actual).fields().get(i));
            }
        }
    }

    static void requireSame(Chunk expected, Chunk actual) {
        require(expected.schema().equals(actual.schema()), "schema");
        require(expected.rows() == actual.rows(), "rows");
        for (int i = 0; i < expected.columns().size(); i++)
            requireSame(expected.column(i), actual.column(i));
    }

    private static void requireSame(MemorySegment expected, MemorySegment actual, long bytes) {
        require(MemorySegment.mismatch(expected, 0, bytes, actual, 0, bytes) < 0, "values");
    }

    private static void require(boolean holds, String what) {
        if (!holds) throw new AssertionError("another " + what);
    }

    @Override
    public void close() {
        dictionaries.forEach(Dictionary::close);
    }
}
