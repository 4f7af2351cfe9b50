package dev.quiver.io.parquet;

import dev.quiver.schema.DataType;
import dev.quiver.schema.Field;
import org.apache.parquet.format.Type;

/// A leaf of the schema tree: values that a file stores together.
///
/// @param leaf its place among a row group's column chunks
/// @param field type in Quiver, and name; of a part of a nested column, its path with dots
/// @param width bytes of a fixed_len_byte_array value, else 0
/// @param definitions the level at which a value is there: the optional and repeated steps of its
///   path; a flat column has at most one
/// @param repetitions the repeated steps of its path; none in a flat column
record FileColumn(
        int leaf, Field field, Type physical, int width, int definitions, int repetitions) {
    String name() {
        return field.name();
    }

    DataType type() {
        return field.type();
    }

    /// Whether values have definition levels.
    boolean nullable() {
        return definitions > 0;
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
