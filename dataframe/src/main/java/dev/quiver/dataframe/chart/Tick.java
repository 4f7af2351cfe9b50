package dev.quiver.dataframe.chart;

/// A place on an axis that has a label.
record Tick(double value, String label) {}
