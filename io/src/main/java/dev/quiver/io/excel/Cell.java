package dev.quiver.io.excel;

/// A cell of the row that was read last; the next row uses it again.
final class Cell {
    /// What a cell has in the file.
    enum Content {
        /// Nothing, or the empty text.
        NOTHING,
        NUMBER,
        TEXT,
        /// The number of a text of all sheets.
        SHARED,
        BOOL,
        /// A date in ISO form.
        DATE,
        /// Such as `#DIV/0!`.
        ERROR,
        /// A formula of which no value was kept.
        UNCOMPUTED
    }

    int column;
    int style;
    Content content = Content.NOTHING;
    String text = "";
}
