package dev.quiver.worker.user;

import org.jspecify.annotations.Nullable;

/// What goes along with a value that is packed: it hears which classes the value's objects have,
/// and hands out further values until nothing is left.
public interface Companions {
    /// Hears that an object of the class is in the bytes, or the class itself.
    ///
    /// @param type neither an array nor primitive
    /// @throws dev.quiver.error.QuiverException when it can't travel
    void met(Class<?> type);

    /// Hears that a lambda is in the bytes.
    void met(LambdaShape lambda);

    /// The next value to write behind those that are written; null when there is none. An object
    /// that is in an earlier value too is the same object on the other side.
    @Nullable Companion next();

    /// @param name how an error calls it, such as `variable 'rates' of the notebook`
    record Companion(String name, @Nullable Object value) {}
}
