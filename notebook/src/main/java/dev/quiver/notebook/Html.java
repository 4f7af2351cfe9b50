package dev.quiver.notebook;

import dev.quiver.dataframe.chart.Markup;

/// Text in HTML and SVG.
final class Html {
    private Html() {}

    /// A text as it is written between tags and in quoted attributes: no part of it is markup.
    static String text(String text) {
        return Markup.text(text);
    }
}
