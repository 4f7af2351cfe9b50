package dev.quiver.client.oracle;

/// What is special about the values of a frame.
enum Condition {
    PLAIN,
    NULLS,
    NAN,
    EMPTY,
    ALL_NULL,
    ONE_ROW,
    SKEW;

    /// NaN is a matter of floats only.
    boolean appliesTo(Kind kind) {
        return this != NAN || kind == Kind.DOUBLE;
    }
}
