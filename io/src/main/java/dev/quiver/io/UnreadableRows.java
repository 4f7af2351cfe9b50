package dev.quiver.io;

/// Takes the rows that a reader can't make values of.
@FunctionalInterface
public interface UnreadableRows {
    /// @param column where the trouble is; empty when it is the whole row
    /// @param rule what is broken: [#TYPE], [#SHAPE] or [#ENCODING]
    void add(RowOrigin origin, String column, String rule);

    /// A text that isn't a value of its column's type.
    String TYPE = "type";

    /// A row that breaks the format: too few fields, too many, text behind a quote.
    String SHAPE = "shape";

    /// Bytes that aren't UTF-8.
    String ENCODING = "encoding";
}
