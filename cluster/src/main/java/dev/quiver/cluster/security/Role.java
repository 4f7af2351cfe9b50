package dev.quiver.cluster.security;

import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// What a client of a cluster is to it.
public enum Role {
    /// Sees who is there, what runs, and what it printed.
    READ,
    /// Opens sessions and submits programs, too.
    SUBMIT,
    /// May also cancel what others submitted.
    ADMIN;

    Set<Right> rights() {
        return switch (this) {
            case READ -> EnumSet.of(Right.READ);
            case SUBMIT -> EnumSet.of(Right.READ, Right.SUBMIT);
            case ADMIN -> EnumSet.of(Right.READ, Right.SUBMIT, Right.ADMINISTER);
        };
    }

    /// As it is written, such as `submit`.
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// All, as they are written.
    public static List<String> texts() {
        return Stream.of(values()).map(Role::text).toList();
    }

    public static Optional<Role> of(String text) {
        return Stream.of(values()).filter(role -> role.text().equals(text)).findFirst();
    }
}
