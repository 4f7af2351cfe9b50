package dev.quiver.io.parquet;

import dev.quiver.columnar.Chunk;

/// Arrays that the columns of a reader use in turn, with room for a chunk's rows.
final class Scratch {
    final int[] codes = new int[Chunk.ROWS];
    final int[] starts = new int[Chunk.ROWS];
    final int[] lengths = new int[Chunk.ROWS];
}
