package dev.quiver.deploy;

import dev.quiver.client.Session;
import dev.quiver.dataframe.DataFrame;
import dev.quiver.dataframe.FrameReader;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The options that say how a file is read.
final class Reading {
    @Option(
            names = "--from",
            paramLabel = "FORMAT",
            description =
                    "csv, tsv, jsonl, json, parquet, arrow, arrows or excel, where the file's name"
                            + " doesn't tell.")
    private @Nullable FileKind from;

    @Option(
            names = "--nulls",
            split = ",",
            paramLabel = "TOKEN",
            description = "Texts that mean a missing value in CSV or Excel, such as NA.")
    private List<String> nulls = List.of();

    @Option(
            names = "--delimiter",
            paramLabel = "CHAR",
            description = "What separates the fields of CSV (default: a comma).")
    private char delimiter;

    @Option(
            names = "--escape",
            paramLabel = "CHAR",
            description =
                    "What stands before a quote inside quotes of CSV, such as a backslash"
                            + " (default: another quote).")
    private char escape;

    @Option(
            names = "--no-header",
            description = "The first line of CSV or Excel is a row like the others.")
    private boolean noHeader;

    @Option(
            names = "--sheet",
            paramLabel = "SHEET",
            description = "The sheet of an Excel workbook: its name, or its number, from 1.")
    private String sheet = "";

    @Option(
            names = "--cells",
            paramLabel = "RANGE",
            description = "The cells of a sheet, such as B2:F100 or B:F.")
    private String cells = "";

    /// The format of standard input.
    FileKind pipeKind() {
        if (from != null) return from;
        throw Complaints.usage(
                "the format of standard input isn't known",
                List.of("in: quiver convert"),
                "say --from csv, tsv, jsonl, json, parquet, arrow, arrows or excel");
    }

    /// The file as a frame: in the format that `--from` says or its name tells, else CSV.
    DataFrame read(Session session, String file) {
        FrameReader reader = session.read();
        FileKind kind = from != null ? from : FileKind.of(file).orElse(FileKind.CSV);
        return switch (kind) {
            case PARQUET -> reader.parquet(file);
            case ARROW, ARROWS -> reader.arrow(file);
            case JSON, JSONL -> reader.json(file);
            case EXCEL -> excel(reader).excel(file);
            case CSV, TSV -> csv(reader, kind).csv(file);
        };
    }

    private FrameReader excel(FrameReader plain) {
        FrameReader reader = plain.header(!noHeader).nulls(nulls.toArray(String[]::new));
        if (!cells.isEmpty()) reader = reader.cells(cells);
        if (sheet.isEmpty()) return reader;
        return sheet.matches("[0-9]{1,5}")
                ? reader.sheet(Integer.parseInt(sheet))
                : reader.sheet(sheet);
    }

    private FrameReader csv(FrameReader plain, FileKind kind) {
        FrameReader reader = plain.header(!noHeader);
        if (delimiter != 0) reader = reader.delimiter(delimiter);
        else if (kind == FileKind.TSV) reader = reader.delimiter('\t');
        if (escape != 0) reader = reader.escape(escape);
        return nulls.isEmpty() ? reader : reader.nulls(nulls.toArray(String[]::new));
    }
}
