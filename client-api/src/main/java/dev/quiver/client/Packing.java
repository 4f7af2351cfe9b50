package dev.quiver.client;

import dev.quiver.worker.user.UserCode;
import dev.quiver.worker.user.ship.Outbox;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// How code and values of the user's become bytes and are made of them again. Not for users.
public interface Packing {
    /// @param role what an error calls it, such as `the closure`
    /// @throws dev.quiver.error.QuiverException NOT_SERIALIZABLE, naming what can't travel
    byte[] pack(@Nullable Object value, String role);

    /// As [#pack], for a closure, which may read a notebook's variables.
    default byte[] packCode(Object code, String role) {
        return pack(code, role);
    }

    /// As [#pack], for what a function is called with that travels apart from it.
    ///
    /// @param function as [#packCode] made it
    /// @return empty when the argument can't be read with what the function brings along: then both
    ///   have to be packed as one
    default Optional<byte[]> packArgument(@Nullable Object argument, byte[] function) {
        return Optional.empty();
    }

    /// A fresh copy.
    @Nullable Object unpack(byte[] bytes);

    /// For where the classes are anyway.
    static Packing of(UserCode userCode) {
        return new Packing() {
            @Override
            public byte[] pack(@Nullable Object value, String role) {
                return userCode.pack(value, role);
            }

            @Override
            public byte[] packCode(Object code, String role) {
                return userCode.pack(code, role, Outbox.variables());
            }

            @Override
            public @Nullable Object unpack(byte[] bytes) {
                return userCode.unpack(bytes);
            }
        };
    }
}
