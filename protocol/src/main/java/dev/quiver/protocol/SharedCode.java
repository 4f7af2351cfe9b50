package dev.quiver.protocol;

import dev.quiver.operator.Bytes;

/// What several tasks of a stage call.
///
/// @param number by which the code of those tasks refers to it
public record SharedCode(int number, Bytes code) {
    /// A stage has fewer of them than this.
    public static final int NUMBER_MAX = 1 << 20;

    public SharedCode {
        if (number < 0 || number > NUMBER_MAX)
            throw new IllegalArgumentException("shared code %d".formatted(number));
    }
}
