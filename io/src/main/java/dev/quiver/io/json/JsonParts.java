package dev.quiver.io.json;

import dev.quiver.columnar.memory.Checkpoint;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.io.csv.CsvParts;
import dev.quiver.schema.Schema;
import java.nio.file.Path;
import java.util.List;

/// Files of JSON lines, end to end as one file.
public final class JsonParts {
    private JsonParts() {}

    /// Writes `into`, the temporary name of one that is published later. The parts stay.
    ///
    /// @param codec of the parts and the file: `none`, `gzip` or `zstd`
    /// @return the bytes of the file
    public static long join(
            List<Path> parts,
            Path into,
            String codec,
            MemoryAccount account,
            Checkpoint checkpoint) {
        try (JsonWriter none = JsonWriter.open(into, Schema.of(), codec, account)) {
            none.finish();
        }
        return CsvParts.append(parts, into, checkpoint);
    }
}
