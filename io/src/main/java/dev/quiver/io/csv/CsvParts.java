package dev.quiver.io.csv;

import dev.quiver.columnar.memory.Checkpoint;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.io.EarlyForce;
import dev.quiver.io.FileParts;
import dev.quiver.operator.CsvFormat;
import dev.quiver.schema.Schema;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/// CSV files without headers, end to end as one file with a header. Gzip parts become members of
/// one gzip file.
public final class CsvParts {
    private CsvParts() {}

    /// Writes `into`, the temporary name of one that is published later. The parts stay.
    ///
    /// @param format of the file: whether it has a header
    /// @param codec of the parts and the file: `none`, `gzip` or `zstd`
    /// @return the bytes of the file
    public static long join(
            List<Path> parts,
            Path into,
            Schema schema,
            CsvFormat format,
            String codec,
            MemoryAccount account,
            Checkpoint checkpoint) {
        try (CsvWriter header = CsvWriter.open(into, schema, format, codec, account)) {
            header.finish();
        }
        return append(parts, into, checkpoint);
    }

    /// Adds the bytes of some files to one that is there.
    ///
    /// @return the bytes of the file
    public static long append(List<Path> parts, Path into, Checkpoint checkpoint) {
        try (FileChannel file = FileChannel.open(into, StandardOpenOption.WRITE)) {
            file.position(file.size());
            var force = new EarlyForce(file);
            for (Path part : parts) {
                try (FileChannel from = FileChannel.open(part, StandardOpenOption.READ)) {
                    FileParts.copy(from, 0, from.size(), file, force, checkpoint);
                }
            }
            force.end();
            return file.size();
        } catch (IOException e) {
            throw new QuiverException(
                    ErrorCode.IO_FAILED,
                    "'%s' can't be written: %s".formatted(into, e),
                    List.of(),
                    "check the space on its disk, which holds the rows twice for a moment",
                    e);
        }
    }
}
