package dev.quiver.client;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A function that many tasks call with an argument each, and that travels once.
///
/// An argument whose classes were made in memory, or aren't where those of the function are,
/// travels with a copy of the function: what both need is found together.
final class SharedFunction {
    private final Packing packing;
    private final Object function;
    private @Nullable Packed packed;

    /// @param function [dev.quiver.dataframe.Fn] or [Fn2]
    SharedFunction(Packing packing, Object function) {
        this.packing = packing;
        this.function = function;
    }

    /// The function with the argument of one task, as they travel. For one thread.
    ///
    /// @param function the same object for tasks that share it
    record Applied(Packed function, Packed argument) {}

    /// The function of one task that needs no argument of its own, as it travels.
    ///
    /// @param function the same object for tasks that share it
    record Repeated(Packed function) {}

    /// @return [Applied] or [Packed]
    Object appliedTo(@Nullable Object argument) {
        Packed shared = packed;
        if (shared == null) {
            shared = Packed.closure(packing, function, null);
            packed = shared;
        }
        Optional<byte[]> apart = packing.packArgument(argument, shared.bytes());
        if (apart.isEmpty()) return Packed.closure(packing, function, argument);
        return new Applied(shared, Packed.of(packing, apart.get()));
    }
}
