package dev.quiver.schema;

/// A named, typed column.
///
/// @param nullable false only where something guarantees that no value is null
public record Field(String name, DataType type, boolean nullable) {
    public static Field of(String name, DataType type) {
        return new Field(name, type, true);
    }

    public static Field required(String name, DataType type) {
        return new Field(name, type, false);
    }

    public Field withName(String newName) {
        return new Field(newName, type, nullable);
    }

    @Override
    public String toString() {
        return name + ": " + type + (nullable ? "" : " not null");
    }
}
