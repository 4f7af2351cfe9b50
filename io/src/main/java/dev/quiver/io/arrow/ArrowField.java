package dev.quiver.io.arrow;

import dev.quiver.schema.DataType;
import dev.quiver.schema.Field;
import java.util.List;

/// A field of a file and how its values lie there.
///
/// @param field as chunks have it
/// @param layout of the values, of a dictionary's indices for a field with one
/// @param width bytes a value, for layouts that have it; elements a row for [Layout#LISTS_FIXED]
/// @param dictionary its id, or [#NONE]
/// @param signedIndices whether the indices of a dictionary are signed
record ArrowField(
        Field field,
        Layout layout,
        int width,
        List<ArrowField> children,
        long dictionary,
        boolean signedIndices) {
    /// No dictionary.
    static final long NONE = Long.MIN_VALUE;

    /// How values lie in a record batch.
    enum Layout {
        /// One bit each.
        BOOLS,
        /// Values of the width that chunks have.
        FIXED,
        /// Integers of another width than chunks have, of the same unit.
        INTEGERS,
        /// Milliseconds since 1970, for days.
        MILLIS,
        /// Offsets of 32 bits into bytes.
        BYTES,
        /// Offsets of 64 bits into bytes.
        BYTES_LARGE,
        /// Views into several buffers.
        VIEWS,
        /// The same number of bytes each.
        BYTES_FIXED,
        LISTS,
        LISTS_LARGE,
        LISTS_FIXED,
        STRUCTS,
        /// Nothing but nulls.
        NULLS
    }

    ArrowField {
        children = List.copyOf(children);
    }

    boolean isEncoded() {
        return dictionary != NONE;
    }

    DataType type() {
        return field.type();
    }

    /// How many buffers a batch has for the field itself, without views' further ones.
    int buffers() {
        if (isEncoded()) return 2;
        return switch (layout) {
            case BOOLS, FIXED, INTEGERS, MILLIS, BYTES_FIXED, LISTS, LISTS_LARGE, VIEWS -> 2;
            case BYTES, BYTES_LARGE -> 3;
            case LISTS_FIXED, STRUCTS -> 1;
            case NULLS -> 0;
        };
    }
}
