package dev.quiver.dataframe;

/// How and where a frame is written; the format ends it and runs the query.
///
/// ```java
/// flights.write().partitionBy("month").overwrite().parquet("out/flights/");
/// summary.write().csv("out/summary.csv");
/// ```
///
/// A path that ends in `/`, or a write with [#partitionBy], makes a directory of parts; any other
/// path is one file. Files appear under their names all at once, at the end; a write that fails
/// leaves what was there before. Immutable: each call gives another writer.
public interface FrameWriter {
    /// Replaces what is at the path.
    FrameWriter overwrite();

    /// Adds parts to the directory at the path.
    FrameWriter append();

    /// Makes a folder `name=value` for each value of the columns, which leave the files.
    FrameWriter partitionBy(String first, String... more);

    /// `snappy` (as it is unless told otherwise), `zstd` or `none` for Parquet; `gzip`, `zstd` or
    /// `none` for CSV and JSON; `zstd` or `none` for Arrow.
    FrameWriter compression(String codec);

    /// The character between the fields of a CSV file; a comma unless told otherwise.
    FrameWriter delimiter(char delimiter);

    /// What stands in quotes before a quote, and before itself, in a CSV file, such as `\` for
    /// readers that want `"6\" wide"`; unless told otherwise quotes are doubled.
    FrameWriter escape(char sign);

    /// Whether a CSV file begins with the names; it does unless told otherwise.
    FrameWriter header(boolean header);

    /// How large the files of a directory are. Rows go to them in the frame's order, by one task,
    /// so that all but the last are as large as they may be; with [#partitionBy] it is the most
    /// that a file has.
    FrameWriter fileSize(ChunkSize size);

    /// How null is written in a CSV file, such as `"NA"`; as the empty field unless told otherwise.
    /// A text that reads the same is written in quotes.
    FrameWriter nulls(String text);

    /// Writes CSV.
    ///
    /// @throws QuiverException when the target exists and neither [#overwrite] nor [#append] was
    ///   said, or when writing fails
    Written csv(String path);

    /// Writes JSON, one object a line, its keys in the order of the columns. Null is `null`, a date
    /// or time is its ISO 8601 text, binary is base64, NaN and the infinities are texts.
    ///
    /// @throws QuiverException as [#csv]
    Written jsonl(String path);

    /// Writes an Arrow IPC file (Feather version 2). Categorical columns become dictionaries.
    ///
    /// @throws QuiverException as [#csv]
    Written arrow(String path);

    /// Writes an Arrow IPC stream, which is read from its begin to its end.
    ///
    /// @throws QuiverException as [#csv]
    Written arrowStream(String path);

    /// Writes into a database by its JDBC driver, which must be on the class path; see
    /// [TableWriter].
    ///
    /// @param url as the driver takes it, such as `jdbc:postgresql://localhost/travel`
    TableWriter jdbc(String url);

    /// As [#jdbc(String)], with a user and a password that no message shows.
    TableWriter jdbc(String url, String user, String password);

    /// Writes Parquet.
    ///
    /// @throws QuiverException as [#csv]
    Written parquet(String path);
}
