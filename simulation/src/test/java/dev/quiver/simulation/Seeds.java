package dev.quiver.simulation;

/// Which seeds a test runs: `-Dseed=` picks one.
final class Seeds {
    private Seeds() {}

    /// True when one seed was asked for.
    static boolean isOne() {
        return !System.getProperty("seed", "").isBlank();
    }

    static long first() {
        return isOne() ? Long.parseLong(System.getProperty("seed").strip()) : 1;
    }

    /// One, or as many as a test takes in every build, times `-Dseeds.factor=`.
    static long count(long many) {
        return isOne() ? 1 : many * Integer.getInteger("seeds.factor", 1);
    }
}
