package dev.quiver.dataframe.chart;

/// A drawing.
public sealed interface Chart permits BarChart, BinChart, PointChart {
    /// What is drawn.
    Caption caption();

    /// The same with other words beside it.
    Chart with(Caption other);

    /// As an SVG element. Lines and letters have the colour of the text around it.
    String svg();

    /// As lines of at most 80 characters.
    String text();
}
