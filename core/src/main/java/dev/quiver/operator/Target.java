package dev.quiver.operator;

/// Where rows are written.
public sealed interface Target permits WriteTarget, TableTarget {
    /// What people call it.
    String title();

    /// Whether several tasks may write their part of it.
    boolean inParts();
}
