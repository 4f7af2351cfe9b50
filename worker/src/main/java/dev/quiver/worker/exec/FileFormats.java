package dev.quiver.worker.exec;

import dev.quiver.columnar.memory.Checkpoint;
import dev.quiver.columnar.memory.MemoryAccount;
import dev.quiver.io.ChunkReader;
import dev.quiver.io.ChunkWriter;
import dev.quiver.io.DictionarySet;
import dev.quiver.io.arrow.ArrowReader;
import dev.quiver.io.arrow.ArrowWriter;
import dev.quiver.io.csv.CsvParts;
import dev.quiver.io.csv.CsvReader;
import dev.quiver.io.csv.CsvWriter;
import dev.quiver.io.excel.ExcelReader;
import dev.quiver.io.json.JsonParts;
import dev.quiver.io.json.JsonReader;
import dev.quiver.io.json.JsonWriter;
import dev.quiver.io.parquet.ParquetParts;
import dev.quiver.io.parquet.ParquetReader;
import dev.quiver.io.parquet.ParquetWriter;
import dev.quiver.io.xml.XmlReader;
import dev.quiver.operator.FileFormat;
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
            Source.ScanFiles scan,
            int partition,
            MemoryAccount account,
            DictionarySet dictionaries) {
        return switch (scan.format()) {
            case FileFormat.Arrow _ -> ArrowReader.open(scan, partition, account, dictionaries);
            case FileFormat.Excel excel ->
                    ExcelReader.open(scan, excel, partition, account, dictionaries);
            case FileFormat.Json json ->
                    JsonReader.open(scan, json, partition, account, dictionaries);
            case FileFormat.Xml xml -> XmlReader.open(scan, xml, partition, account, dictionaries);
        };
    }

    @Override
    public ChunkReader open(
            Source.ScanParquet scan,
            int partition,
            MemoryAccount account,
            DictionarySet dictionaries) {
        return ParquetReader.open(scan, partition, dictionaries, account);
    }

    @Override
    public ChunkWriter create(Path file, WriteTarget target, Schema schema, MemoryAccount account) {
        return switch (target.format()) {
            case CSV -> CsvWriter.open(file, schema, target.csv(), target.codec(), account);
            case ARROW -> ArrowWriter.open(file, schema, false, target.codec(), account);
            case ARROW_STREAM -> ArrowWriter.open(file, schema, true, target.codec(), account);
            case JSONL -> JsonWriter.open(file, schema, target.codec(), account);
            case PARQUET -> ParquetWriter.open(file, schema, target.codec(), account);
        };
    }

    @Override
    public long join(
            List<Path> parts,
            Path into,
            WriteTarget target,
            Schema schema,
            MemoryAccount account,
            Checkpoint checkpoint) {
        return switch (target.format()) {
            case CSV ->
                    CsvParts.join(
                            parts, into, schema, target.csv(), target.codec(), account, checkpoint);
            case ARROW, ARROW_STREAM ->
                    throw new IllegalArgumentException(target.format() + " isn't written in parts");
            case JSONL -> JsonParts.join(parts, into, target.codec(), account, checkpoint);
            case PARQUET -> ParquetParts.join(parts, into, checkpoint);
        };
    }
}
