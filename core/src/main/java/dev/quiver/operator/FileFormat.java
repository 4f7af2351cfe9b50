package dev.quiver.operator;

import java.util.List;

/// The format of files that [Source.ScanFiles] reads, with what a reader must know of it.
public sealed interface FileFormat {
    /// The longest text that is read unless told otherwise.
    int TEXT_BYTES_MAX = CsvFormat.LINE_BYTES_MAX;

    /// JSON: an array of objects, or objects one after the other. A key is a column's name.
    ///
    /// @param lines whether each object has a line of its own, so that files can be read in ranges
    /// @param closed whether a key that is no column is an error; else it is left out
    /// @param textBytesMax a longer text is an error
    record Json(boolean lines, boolean closed, int textBytesMax) implements FileFormat {
        @Override
        public String title() {
            return "JSON";
        }
    }

    /// Arrow's IPC format: a file or a stream, told by how it begins. A range of a file has the
    /// batches that begin in it.
    record Arrow() implements FileFormat {
        @Override
        public String title() {
            return "Arrow";
        }
    }

    /// XML: each element of one name is a row, its attributes and elements are columns.
    ///
    /// @param rowElement its name without a prefix
    /// @param closed whether a name that is no column is an error; else it is left out
    /// @param textBytesMax a longer text is an error
    record Xml(String rowElement, boolean closed, int textBytesMax) implements FileFormat {
        @Override
        public String title() {
            return "XML";
        }
    }

    /// One sheet of Excel workbooks (.xlsx).
    ///
    /// @param sheet its name; empty for the one that `sheetNumber` says
    /// @param sheetNumber from 1
    /// @param cells the range that is read, such as `B2:F100`; empty for all
    /// @param header whether the first row that has a value holds the names
    /// @param nulls texts and errors that mean null, beside the empty cell
    /// @param inferred whether columns were found and not declared: then a value in a column that
    ///   wasn't found is an error
    /// @param textBytesMax a longer text is an error
    record Excel(
            String sheet,
            int sheetNumber,
            String cells,
            boolean header,
            List<String> nulls,
            boolean inferred,
            int textBytesMax)
            implements FileFormat {
        public Excel {
            if (sheetNumber < 1)
                throw new IllegalArgumentException("sheetNumber=%d".formatted(sheetNumber));
            nulls = List.copyOf(nulls);
        }

        @Override
        public String title() {
            return "Excel";
        }
    }

    /// What people call it.
    String title();
}
