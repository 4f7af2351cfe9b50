package dev.quiver.benchmarks;

import java.util.Optional;

/// Versions that results are labelled with.
final class Versions {
    /// Quiver's own, from the jar's manifest; `dev` when run from classes.
    static final String QUIVER =
            Optional.ofNullable(Versions.class.getPackage().getImplementationVersion())
                    .orElse("dev");

    private Versions() {}
}
