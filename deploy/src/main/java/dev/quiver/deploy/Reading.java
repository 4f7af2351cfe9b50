package dev.quiver.deploy;

import dev.quiver.client.Session;
import dev.quiver.dataframe.DataFrame;
import dev.quiver.dataframe.FrameReader;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Option;

/// The options that say how a file is read.
final class Reading {
    enum From {
        CSV,
        TSV,
        PARQUET
    }

    @Option(
            names = "--from",
            paramLabel = "csv|tsv|parquet",
            description = "The format, where the file's name doesn't tell.")
    private From from = From.CSV;

    @Option(
            names = "--nulls",
            split = ",",
            paramLabel = "TOKEN",
            description = "Texts that mean a missing value in CSV, such as NA.")
    private List<String> nulls = List.of();

    @Option(
            names = "--delimiter",
            paramLabel = "CHAR",
            description = "What separates the fields of CSV (default: a comma).")
    private char delimiter;

    @Option(names = "--no-header", description = "The first line of CSV is a row like the others.")
    private boolean noHeader;

    /// The file as a frame: Parquet by its name or `--from`, else CSV.
    DataFrame read(Session session, String file) {
        FrameReader reader = session.read();
        String name = file.toLowerCase(Locale.ROOT);
        if (from == From.PARQUET || name.endsWith(".parquet") || name.endsWith(".pq")) {
            return reader.parquet(file);
        }
        boolean isTabbed = from == From.TSV || name.endsWith(".tsv") || name.endsWith(".tsv.gz");
        if (delimiter != 0) {
            reader = reader.delimiter(delimiter);
        } else if (isTabbed) {
            reader = reader.delimiter('\t');
        }
        if (!nulls.isEmpty()) reader = reader.nulls(nulls.toArray(String[]::new));
        return reader.header(!noHeader).csv(file);
    }
}
