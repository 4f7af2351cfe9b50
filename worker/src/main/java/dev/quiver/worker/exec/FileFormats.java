package dev.quiver.worker.exec;

import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.error.ErrorCode;
import dev.quiver.error.QuiverException;
import dev.quiver.io.ChunkReader;
import dev.quiver.io.ChunkWriter;
import dev.quiver.io.DictionarySet;
import dev.quiver.io.csv.CsvReader;
import dev.quiver.io.csv.CsvWriter;
import dev.quiver.operator.Source;
import dev.quiver.operator.WriteTarget;
import dev.quiver.schema.Schema;
import java.nio.file.Path;
import java.util.List;

/// The formats that module io reads and writes.
public final class FileFormats implements Formats {
    @Override
    public ChunkReader open(
            Source.ScanCsv scan, int partition, MemoryAccount account, DictionarySet dictionaries) {
        return CsvReader.open(scan, partition, account, dictionaries);
    }

    @Override
    public ChunkReader open(
            Source.ScanParquet scan,
            int partition,
            MemoryAccount account,
            DictionarySet dictionaries) {
        throw missing("reading Parquet");
    }

    @Override
    public ChunkWriter create(Path file, WriteTarget target, Schema schema, MemoryAccount account) {
        return switch (target.format()) {
            case CSV -> CsvWriter.open(file, schema, target.csv(), target.codec(), account);
            case PARQUET -> throw missing("writing Parquet");
        };
    }

    private static QuiverException missing(String what) {
        return new QuiverException(
                ErrorCode.UNSUPPORTED, what + " isn't there yet", List.of(), "use another format");
    }
}
