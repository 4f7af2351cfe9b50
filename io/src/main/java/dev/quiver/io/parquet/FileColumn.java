package dev.quiver.io.parquet;

import dev.quiver.schema.DataType;
import dev.quiver.schema.Field;
import java.util.Optional;
import org.apache.parquet.format.Type;

/// A column as a file stores it.
///
/// @param leaf its place among a row group's column chunks; of a nested column, its first leaf's
/// @param field name and type in Quiver
/// @param physical of a nested column, its first leaf's
/// @param width bytes of a fixed_len_byte_array value, else 0
/// @param nullable whether values have definition levels (of one bit)
/// @param refusal why it can't be read, where it can't
record FileColumn(
        int leaf,
        Field field,
        Type physical,
        int width,
        boolean nullable,
        Optional<String> refusal) {
    String name() {
        return field.name();
    }

    DataType type() {
        return field.type();
    }

    /// Bytes of a value in plain encoding; 0 for booleans and byte arrays.
    int physicalWidth() {
        return switch (physical) {
            case BOOLEAN, BYTE_ARRAY -> 0;
            case INT32, FLOAT -> 4;
            case INT64, DOUBLE -> 8;
            case INT96 -> 12;
            case FIXED_LEN_BYTE_ARRAY -> width;
        };
    }
}
