package dev.quiver.worker.exec;

import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.io.ChunkReader;
import dev.quiver.io.ChunkWriter;
import dev.quiver.io.DictionarySet;
import dev.quiver.operator.Source;
import dev.quiver.operator.WriteTarget;
import dev.quiver.schema.Schema;
import java.nio.file.Path;

/// How files are read and written.
public interface Formats {
    /// The rows of range `partition`; the caller owns the reader.
    ChunkReader open(
            Source.ScanCsv scan, int partition, MemoryAccount account, DictionarySet dictionaries);

    /// The rows of row groups `partition`; the caller owns the reader.
    ChunkReader open(
            Source.ScanParquet scan,
            int partition,
            MemoryAccount account,
            DictionarySet dictionaries);

    /// A writer of a new file; the caller owns it.
    ///
    /// @param file the temporary name
    /// @param schema of the chunks that are written
    ChunkWriter create(Path file, WriteTarget target, Schema schema, MemoryAccount account);
}
