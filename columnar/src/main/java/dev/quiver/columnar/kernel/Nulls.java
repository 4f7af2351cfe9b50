package dev.quiver.columnar.kernel;

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
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Field;
import dev.quiver.schema.Schema;
import java.util.ArrayList;

/// Columns without a value: what stands for the side of a join that has no row.
public final class Nulls {
    private Nulls() {}

    /// A column of `rows` nulls; with 0 rows the empty column of any type. The caller owns it.
    public static Column column(DataType type, int rows, MemoryAccount account) {
        var validity = rows == 0 ? null : account.allocateZeroed(Validity.bytes(rows));
        return switch (type) {
            case DataType.Bool _ ->
                    new BoolColumn(rows, account.allocateZeroed(Validity.bytes(rows)), validity);
            case DataType.Int _,
                    DataType.FloatingPoint _,
                    DataType.Decimal _,
                    DataType.Date _,
                    DataType.Timestamp _,
                    DataType.Time _,
                    DataType.Duration _ ->
                    new FixedColumn(
                            type,
                            rows,
                            account.allocateZeroed((long) rows * FixedColumn.width(type)),
                            validity);
            case DataType.Utf8 _, DataType.Binary _ ->
                    new VariableColumn(
                            type,
                            rows,
                            account.allocateZeroed((rows + 1) * 4L),
                            account.allocateZeroed(VariableColumn.PADDING_BYTES),
                            validity);
            case DataType.Categorical _, DataType.Enumeration _ -> {
                try (var dictionary = new Dictionary(account)) {
                    yield new DictionaryColumn(
                            type,
                            rows,
                            account.allocateZeroed(rows * 4L),
                            dictionary,
                            dictionary.pin(),
                            validity);
                }
            }
            case DataType.ListOf list ->
                    new ListColumn(
                            list,
                            rows,
                            account.allocateZeroed((rows + 1) * 4L),
                            column(list.element().type(), 0, account),
                            validity);
            case DataType.Struct struct -> {
                var fields = new ArrayList<Column>();
                for (Field field : struct.fields()) fields.add(column(field.type(), rows, account));
                yield new StructColumn(struct, rows, fields, validity);
            }
        };
    }

    /// A chunk without rows. The caller owns it.
    public static Chunk empty(Schema schema, MemoryAccount account) {
        var columns = new ArrayList<Column>();
        for (Field field : schema.fields()) columns.add(column(field.type(), 0, account));
        return new Chunk(schema, columns, 0);
    }
}
