package dev.quiver.schema;

import dev.quiver.error.ColumnNotFound;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;

/// The columns of a frame, in order, with distinct names.
public record Schema(List<Field> fields) {
    /// @throws QuiverException when two fields have one name
    public Schema {
        fields = List.copyOf(fields);
        var seen = new HashSet<String>();
        for (Field field : fields) {
            if (!seen.add(field.name()))
                throw new QuiverException(
                        ErrorCode.COLUMN_DUPLICATE,
                        "two columns are called '%s'".formatted(field.name()),
                        List.of(),
                        "rename one of them, for example with col(\"%s\").as(\"…\")"
                                .formatted(field.name()));
        }
    }

    public static Schema of(Field... fields) {
        return new Schema(List.of(fields));
    }

    public int size() {
        return fields.size();
    }

    public Field field(int index) {
        return fields.get(index);
    }

    /// The field of that name.
    ///
    /// @throws ColumnNotFound naming the nearest column
    public Field field(String name) {
        return fields.get(indexOf(name, "the frame"));
    }

    public DataType type(String name) {
        return field(name).type();
    }

    public OptionalInt find(String name) {
        for (int i = 0; i < fields.size(); i++) {
            if (fields.get(i).name().equals(name)) return OptionalInt.of(i);
        }
        return OptionalInt.empty();
    }

    public boolean has(String name) {
        return find(name).isPresent();
    }

    /// The position of a column.
    ///
    /// @param place what to say in the error: where the name was looked up
    /// @throws ColumnNotFound naming the nearest column
    public int indexOf(String name, String place) {
        return find(name).orElseThrow(() -> new ColumnNotFound(name, place, names()));
    }

    public List<String> names() {
        return fields.stream().map(Field::name).toList();
    }

    /// These columns only, in the order asked for.
    ///
    /// @throws ColumnNotFound naming the nearest column
    public Schema select(List<String> names) {
        return new Schema(names.stream().map(this::field).toList());
    }

    /// This schema with `field` replaced, or added last when its name is new.
    public Schema with(Field field) {
        var changed = new ArrayList<>(fields);
        OptionalInt index = find(field.name());
        if (index.isPresent()) changed.set(index.getAsInt(), field);
        else changed.add(field);
        return new Schema(changed);
    }

    /// One line a column.
    @Override
    public String toString() {
        return String.join("\n", fields.stream().map(Field::toString).toList());
    }
}
