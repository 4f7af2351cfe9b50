package dev.quiver.columnar;

import dev.quiver.columnar.memory.Buffer;
import dev.quiver.schema.DataType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Structs: one column a field, all with the struct's rows.
public final class StructColumn implements Column {
    private final DataType.Struct type;
    private final int rows;
    private final List<Column> fields;
    private final @Nullable Buffer validity;
    private final int nullCount;

    /// Takes the fields and the bitmap over.
    public StructColumn(
            DataType.Struct type, int rows, List<Column> fields, @Nullable Buffer validity) {
        this.type = type;
        this.rows = rows;
        this.fields = List.copyOf(fields);
        this.validity = validity;
        this.nullCount = rows - Validity.countValid(validity, rows);
    }

    public List<Column> fields() {
        return fields;
    }

    @Override
    public DataType.Struct type() {
        return type;
    }

    @Override
    public int rows() {
        return rows;
    }

    @Override
    public @Nullable Buffer validity() {
        return validity;
    }

    @Override
    public int nullCount() {
        return nullCount;
    }

    @Override
    public StructColumn retain() {
        for (Column field : fields) field.retain();
        if (validity != null) validity.retain();
        return this;
    }

    @Override
    public StructColumn slice(int from, int count) {
        Buffer bits = Column.sliceValidity(validity, from, count);
        return new StructColumn(
                type, count, fields.stream().map(f -> f.slice(from, count)).toList(), bits);
    }

    @Override
    public long bytes() {
        return fields.stream().mapToLong(Column::bytes).sum()
                + (validity == null ? 0 : Validity.bytes(rows));
    }

    @Override
    public void close() {
        for (Column field : fields) field.close();
        if (validity != null) validity.close();
    }
}
