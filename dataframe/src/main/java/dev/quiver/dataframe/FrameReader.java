package dev.quiver.dataframe;

import dev.quiver.schema.DataType;
import dev.quiver.schema.Schema;
import java.nio.file.Path;

/// How files are read; the format ends it and gives the frame. Only schema and sizes are read then.
///
/// ```java
/// DataFrame flights = q.read().nulls("NA").type("flight", DataType.INT32).csv("data/flights.csv.gz");
/// DataFrame year = q.read().parquet("archive/2013-*.parquet");
/// ```
///
/// A path is a file, a directory, or a pattern with `*`, `?`, `[…]`, `{…}` or `**`. A CSV's schema
/// is the one given, else it is inferred from the data: all of it up to 64 MiB, samples beyond.
/// Immutable: each call gives another reader.
public interface FrameReader {
    /// The columns of a CSV file, in order; nothing is inferred.
    FrameReader schema(Schema schema);

    /// The type of one column; the others are inferred. Of a Parquet file, which says its types, a
    /// text column may be read as categorical.
    FrameReader type(String column, DataType type);

    /// The character between fields; a comma unless told otherwise.
    FrameReader delimiter(char delimiter);

    /// Whether the first line holds names; it does unless told otherwise. Without it columns are
    /// called `c1`, `c2` and so on.
    FrameReader header(boolean header);

    /// Texts that mean null when they stand unquoted in a CSV file or in a cell, beside empty ones.
    FrameReader nulls(String... tokens);

    /// The sign around fields of a CSV file that hold delimiters or line ends, and doubled inside
    /// them; `"` unless told otherwise.
    FrameReader quote(char quote);

    /// The sign of a CSV file that stands in quotes before a quote that doesn't close them, and
    /// before itself, such as `\` in `"6\" wide"`; unless told otherwise quotes are doubled.
    /// Outside quotes, and before other signs, it is a sign like others.
    FrameReader escape(char sign);

    /// The sign that lines of a CSV file begin with that are comments, before the header and
    /// anywhere between rows. Such a file is read by one slot.
    FrameReader comment(char sign);

    /// How the text of a CSV file is encoded, such as `"windows-1252"`, `"ISO-8859-1"` or
    /// `"UTF-16"`; UTF-8 unless told otherwise. A file in another encoding is read by one slot.
    ///
    /// @param name that Java knows
    /// @throws QuiverException ARGUMENT_INVALID for a name that it doesn't
    FrameReader encoding(String name);

    /// How many lines of a CSV file stand before its header (its first row, where it has none).
    FrameReader skipLines(int lines);

    /// Takes the quoted empty field of a CSV file, and what [#nulls] says, as null in quotes too.
    FrameReader quotedNulls();

    /// Takes `1234,56` in a CSV file as a number: decimals and floating point numbers have a comma
    /// for their point (and no point). Needs a [#delimiter] that isn't a comma.
    FrameReader decimalComma();

    /// The longest line of a CSV file that is read, such as `"64MB"`; a longer one is an error. It
    /// bounds the memory that one row may take, and is looked at when a line goes on after the 256
    /// KiB that are read at a time: below that size a longer line may be read all the same.
    FrameReader lineMax(String size);

    /// Whether pages of a Parquet file that have checksums are compared with them; they are unless
    /// told otherwise. Without it a damaged page may be read as other values.
    FrameReader verifyChecksums(boolean verify);

    /// The sheet of Excel workbooks that is read, by name.
    FrameReader sheet(String name);

    /// The sheet of Excel workbooks that is read, by its number, from 1; the first unless told
    /// otherwise. Sheets of charts don't count, hidden ones do.
    FrameReader sheet(int number);

    /// The cells of a sheet that are read, header among them: `"B2:F100"`, whole columns as
    /// `"B:F"`, or all from a row on as `"B5:F"`.
    FrameReader cells(String range);

    /// About how many rows a partition has.
    FrameReader chunkRows(long rows);

    /// About how many bytes of its file a partition has, such as `"16MB"`.
    FrameReader chunkBytes(String size);

    /// About how much memory a partition's columns take, such as `"64MB"`.
    FrameReader chunkMemory(String size);

    /// Reads CSV files as one frame.
    ///
    /// @throws QuiverException when a file is missing, nothing matches, or a file isn't CSV
    DataFrame csv(String... paths);

    DataFrame csv(Path path);

    /// Reads JSON files as one frame: objects one after the other, as in `.jsonl` files, or an
    /// array of objects. A key is a column; objects become structs and arrays become lists. Columns
    /// are in the order in which their keys first appear. Where the schema is said, keys that it
    /// lacks are left out.
    ///
    /// @throws QuiverException when a file is missing, nothing matches, or a file isn't JSON
    DataFrame json(String... paths);

    DataFrame json(Path path);

    /// Reads Arrow IPC files or streams (Feather version 2 too) as one frame. Text in dictionaries
    /// is categorical.
    ///
    /// @throws QuiverException when a file is missing, nothing matches, or a file isn't Arrow
    DataFrame arrow(String... paths);

    DataFrame arrow(Path path);

    /// Reads a sheet of Excel workbooks (.xlsx, .xlsm) as one frame. Names are in the first row
    /// that has a value, unless `header(false)` was said; rows without a value are left out.
    ///
    /// Numbers are dates, timestamps, times or durations where their format shows them so; texts
    /// are typed as in CSV; a formula is the value that it had when the file was saved. Empty cells
    /// are null, and so are those that were merged into another; errors such as `#N/A` are refused
    /// unless `nulls("#N/A")` was said.
    ///
    /// @throws QuiverException when a file is missing, nothing matches, or a file isn't a workbook
    DataFrame excel(String... paths);

    DataFrame excel(Path path);

    /// Reads XML files as one frame: each element called `rowElement` is a row, its attributes and
    /// elements are columns. Elements with parts of their own become structs (their text is the
    /// field `value`), repeated ones lists. External entities aren't read.
    ///
    /// @throws QuiverException when a file is missing, nothing matches, or a file isn't XML
    DataFrame xml(String rowElement, String... paths);

    /// Reads a database by its JDBC driver, which must be on the class path; see [TableReader].
    ///
    /// @param url as the driver takes it, such as `jdbc:postgresql://localhost/travel`
    TableReader jdbc(String url);

    /// As [#jdbc(String)], with a user and a password that no message shows.
    TableReader jdbc(String url, String user, String password);

    /// Reads Parquet files as one frame.
    ///
    /// @throws QuiverException when a file is missing, nothing matches, or a file isn't Parquet
    DataFrame parquet(String... paths);

    DataFrame parquet(Path path);
}
