package dev.quiver.operator;

/// Which rows a join keeps. The left side is probed unless the planner turned the sides.
public enum JoinKind {
    INNER,
    LEFT,
    SEMI,
    ANTI
}
