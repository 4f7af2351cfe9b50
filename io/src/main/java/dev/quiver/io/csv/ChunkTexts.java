package dev.quiver.io.csv;

/// The text of the rows that a reader gave last, with its line numbers. Asked in ascending order
/// within a chunk, perhaps several times.
sealed interface ChunkTexts extends AutoCloseable permits FileTexts, KeptTexts {
    /// A chunk begins at this position in the text.
    void begin(long position);

    /// The line, from 1, in which a position lies: one more than line feeds before it.
    long line(long position);

    /// Bytes of the text, as UTF-8 as far as they are.
    String text(long position, int length);

    @Override
    void close();
}
