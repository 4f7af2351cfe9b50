package dev.quiver.worker.exec;

import dev.quiver.columnar.memory.Checkpoint;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.io.ChunkReader;
import dev.quiver.io.ChunkWriter;
import dev.quiver.io.DictionarySet;
import dev.quiver.operator.Source;
import dev.quiver.operator.WriteTarget;
import dev.quiver.schema.Schema;
import java.nio.file.Path;
import java.util.List;

/// How files are read and written.
public interface Formats {
    /// The rows of range `partition`; the caller owns the reader.
    ChunkReader open(
            Source.ScanCsv scan, int partition, MemoryAccount account, DictionarySet dictionaries);

    /// The rows of range `partition`; the caller owns the reader.
    ChunkReader open(
            Source.ScanFiles scan,
            int partition,
            MemoryAccount account,
            DictionarySet dictionaries);

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

    /// Makes one new file of parts, which stay.
    ///
    /// @param parts one at least, in order; CSV has no headers in them
    /// @param into the temporary name
    /// @return the bytes of the file
    long join(
            List<Path> parts,
            Path into,
            WriteTarget target,
            Schema schema,
            MemoryAccount account,
            Checkpoint checkpoint);
}
