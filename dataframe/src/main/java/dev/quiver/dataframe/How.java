package dev.quiver.dataframe;

import dev.quiver.operator.JoinKind;

/// Which rows a join gives.
///
/// ```java
/// flights.join(planes, How.LEFT, On.keys("tailnum"))
/// ```
public enum How {
    /// Pairs of rows whose keys are equal.
    INNER(JoinKind.INNER),
    /// The same, and rows of the left frame without a partner, the right columns null.
    LEFT(JoinKind.LEFT),
    /// Rows of the left frame that have a partner, once each, without columns of the right.
    SEMI(JoinKind.SEMI),
    /// Rows of the left frame that have none.
    ANTI(JoinKind.ANTI);

    private final JoinKind kind;

    How(JoinKind kind) {
        this.kind = kind;
    }

    JoinKind kind() {
        return kind;
    }
}
