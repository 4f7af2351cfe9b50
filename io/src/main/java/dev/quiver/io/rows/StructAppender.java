package dev.quiver.io.rows;

import dev.quiver.columnar.Column;
import dev.quiver.columnar.StructColumn;
import dev.quiver.columnar.memory.Buffer;
import dev.quiver.schema.DataType;
import dev.quiver.schema.Field;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Structs: a value is appended to each of [#fields], then [#endRow] is called.
public final class StructAppender extends ColumnAppender {
    private final DataType.Struct type;
    private final List<ColumnAppender> fields = new ArrayList<>();

    StructAppender(Field field, DataType.Struct type, String path, Context context) {
        super(field, context);
        this.type = type;
        try {
            for (Field child : type.fields())
                fields.add(
                        ColumnAppender.of(
                                child, path.isEmpty() ? "" : path + "." + child.name(), context));
        } catch (RuntimeException | Error e) {
            fields.forEach(ColumnAppender::close);
            throw e;
        }
    }

    public List<ColumnAppender> fields() {
        return fields;
    }

    /// Ends a row; fields without a value of their own are null.
    public void endRow() {
        fill();
        appended();
    }

    private void fill() {
        for (ColumnAppender field : fields) if (field.rows() == rows()) field.appendNull();
    }

    @Override
    void putNothing() {
        fill();
    }

    @Override
    void cutValues(int count) {
        for (ColumnAppender field : fields) if (field.rows() >= count) field.cut(count);
    }

    @Override
    public long bytes() {
        return fields.stream().mapToLong(ColumnAppender::bytes).sum();
    }

    @Override
    Column column(int count, @Nullable Buffer bits) {
        var made = new ArrayList<Column>();
        try {
            for (ColumnAppender field : fields) made.add(field.finish());
            return new StructColumn(type, count, made, bits);
        } catch (RuntimeException | Error e) {
            made.forEach(Column::close);
            if (bits != null) bits.close();
            throw e;
        }
    }

    @Override
    void closeValues() {
        fields.forEach(ColumnAppender::close);
    }
}
