package dev.quiver.operator;

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

    /// What people call it.
    String title();
}
